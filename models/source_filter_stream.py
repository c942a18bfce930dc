"""The source-filter generator over a stream: pulses, noise, filters and overlap-add with their pasts."""

import torch
from torch import Tensor

from models.compiled import Step
from models.pitch import Pitch
from models.source_filter import (
    HOP,
    OVERHANG,
    RATE,
    SOURCE_AHEAD,
    VOICED,
    Generator,
    between,
    fill,
    filtered,
    frame_positions,
    harmonics,
    white_noise,
)


class PulseStream:
    """`pulse_train` over a stream: a frame's pulses are made once the F0 of the next frame is known."""

    def __init__(self, before_hz: float, device: torch.device) -> None:
        self._before_hz, self._device = before_hz, device
        self.reset()

    def reset(self) -> None:
        """Forget pitch and phase."""
        self._filled = torch.zeros(1, 0, device=self._device)  # last made frame and those that wait
        self._voiced = torch.zeros(1, 0, dtype=torch.bool, device=self._device)
        self._phase = 0.0
        self._position = frame_positions(self._device)

    def push(self, filled: Tensor, voiced: Tensor) -> Tensor:
        """F0 without gaps and voicing [1, T] -> pulses of the frames that are complete [1, 160 m]."""
        if self._filled.shape[1] == 0 and filled.shape[1]:
            filled = torch.cat([filled[:, :1], filled], dim=1)
            voiced = torch.cat([voiced.new_zeros(1, 1), voiced], dim=1)
        hertz, voice = torch.cat([self._filled, filled], dim=1), torch.cat([self._voiced, voiced], dim=1)
        frames = max(0, hertz.shape[1] - 2)
        self._filled, self._voiced = hertz[:, frames:], voice[:, frames:]
        if frames == 0:
            return filled.new_zeros(1, 0)
        curve = between(hertz[:, :-2], hertz[:, 1:-1], hertz[:, 2:], self._position)  # [1, m, HOP]
        turns = torch.cumsum(curve / RATE, dim=-1)[0]
        pieces = []
        onsets = (voice[0, 1:-1] & ~voice[0, :-2]).tolist()
        for turn, onset in zip(turns, onsets, strict=True):
            pieces.append(turn - turn[0] if onset else turn + self._phase)
            self._phase = float(pieces[-1][-1]) % 1.0
        return harmonics(torch.cat(pieces), curve.flatten())[None]


class GeneratorStream:
    """`Generator.forward` over a stream, with noise that is a pure function of the absolute frame."""

    delay = OVERHANG / RATE

    def __init__(self, generator: Generator, step: Step, device: torch.device, seed: int = 0) -> None:
        self._generator, self._step, self._device, self._seed = generator, step, device, seed
        self.content_size = generator.config.content
        self._pulse_stream = PulseStream(generator.config.mean_hz, device)
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        empty = torch.zeros(1, 0, device=self._device)
        self._pulse_stream.reset()
        self._hertz, self._voicing = empty, empty
        self._last = torch.full((1, 1), self._generator.config.mean_hz, device=self._device)
        self._pulses = torch.zeros(1, OVERHANG, device=self._device)
        self._noise = torch.zeros(1, OVERHANG, device=self._device)
        self._step.reset()
        self._owed: tuple[Tensor | None, int] = self._generator.overlap_add.initial_state()
        self._noise_frames = 0

    @property
    def ready(self) -> int:
        """Content frames for which enough pitch is known."""
        return max(0, (self._hertz.shape[1] - SOURCE_AHEAD) // 2)

    def hear(self, pitch: Pitch) -> None:
        """Take tracked pitch at 100 Hz, in order and without gaps."""
        if pitch.hertz.shape[1] == 0:
            return
        filled = fill(pitch.hertz, pitch.voicing, self._last)
        self._last = filled[:, -1:]
        self._hertz = torch.cat([self._hertz, filled], dim=1)
        self._voicing = torch.cat([self._voicing, pitch.voicing], dim=1)
        pulses = self._pulse_stream.push(filled, pitch.voicing > VOICED)
        self._pulses = torch.cat([self._pulses, pulses], dim=1)

    def push(self, content: Tensor) -> Tensor:
        """Content [1, T, 96], no more than `ready` frames -> waveform [1, 320 T], 160 less the first time."""
        frames = 2 * content.shape[1]
        if frames == 0:
            return content.new_zeros(1, 0)
        hertz, self._hertz = self._hertz[:, :frames], self._hertz[:, frames:]
        voicing, self._voicing = self._voicing[:, :frames], self._voicing[:, frames:]
        steps = zip(content.split(1, dim=1), hertz.split(2, dim=1), voicing.split(2, dim=1), strict=True)
        filters = torch.cat([self._step.run(*step)[0] for step in steps], dim=1)
        wav, self._owed = self._generator.overlap_add.push(filtered(filters, *self._sources(frames)), self._owed)
        return wav

    def _sources(self, frames: int) -> tuple[Tensor, Tensor]:
        """Pulses and noise under the windows of the next frames [1, 160 T + 320] each."""
        wanted = frames * HOP + 2 * OVERHANG
        missing = -(-(wanted - self._noise.shape[1]) // HOP)
        fresh = torch.from_numpy(white_noise(self._seed, self._noise_frames, missing)).to(self._device)
        self._noise_frames += missing
        noise = torch.cat([self._noise, fresh[None]], dim=1)
        pulses = self._pulses[:, :wanted]
        self._noise, self._pulses = noise[:, frames * HOP :], self._pulses[:, frames * HOP :]
        return pulses, noise[:, :wanted]
