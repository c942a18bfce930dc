"""The source-filter generator over a stream: pulses, noise, filters and overlap-add with their pasts.

One step is one content frame and its two pitch frames. What surrounds the network is plain arithmetic on a few
hundred numbers, where numpy takes less time than tensors.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from models.compiled import Array, Step
from models.frames import Depthwise, windows_of
from models.pitch_stream import FRAMES, Track
from models.source_filter import (
    BELOW_NYQUIST,
    LOUDEST,
    REFERENCE_RATE,
    VOICED,
    WINDOW_FRAMES,
    ConvNeXt,
    Generator,
    frame_positions,
    noise_level,
)

NEAREST = 1e-7
"""Turns from a pulse at which its closed form is taken, where at the pulse itself it would be 0 / 0."""


class ConvNeXtStep(nn.Module):
    """`ConvNeXt` for `count` frames."""

    def __init__(self, block: ConvNeXt, count: int) -> None:
        super().__init__()
        self.block = block
        self.depthwise = Depthwise(block.depthwise.weight, cast(Tensor, block.depthwise.bias), count)
        self.weight, self.bias = block.leave.weight * block.scale[:, None], block.leave.bias * block.scale

    def push(self, x: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """[count, C] and past [kernel - 1, C] -> [count, C] and the new past."""
        past = torch.cat([past, x])
        normal = self.block.norm(self.depthwise(past))
        return x + F.linear(F.gelu(self.block.enter(normal)), self.weight, self.bias), past


class GeneratorStep(nn.Module):
    """`Generator.filters` for one content frame, with a flat state of constant shape."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator
        self.slow = nn.ModuleList(ConvNeXtStep(cast(ConvNeXt, block), 1) for block in generator.slow)
        self.fast = nn.ModuleList(ConvNeXtStep(cast(ConvNeXt, block), FRAMES) for block in generator.fast)

    def initial_state(self) -> list[Tensor]:
        """Return the past of every block before the first frame of a stream."""
        blocks = (*self.generator.slow, *self.generator.fast)
        return [cast(ConvNeXt, block).depthwise.initial_state(1)[0].T.contiguous() for block in blocks]

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Content [1, 96] and what `told` says of its pitch [2, 3] -> filters [2, 3 bins]."""
        generator, (content, told) = self.generator, inputs
        x, after = generator.enter(content), []
        for i, step in enumerate((*self.slow, *self.fast)):
            if i == len(self.slow):
                x = generator.widen(x).reshape(FRAMES, -1) + generator.pitch(told)
            x, past = cast(ConvNeXtStep, step).push(x, state[i])
            after.append(past)
        return [generator.leave(generator.norm(x))], after


class PulseStream:
    """`pulse_train` over a stream: a frame's pulses are made once the F0 of the next frame is known."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        position = frame_positions(rate // 100, torch.device("cpu")).numpy()
        past, future = (np.clip(x, 0.0, None) for x in (-position, position))
        self._weights = np.stack([past, 1 - past - future, future])  # [3, hop]
        self.reset()

    def reset(self) -> None:
        """Forget pitch and phase."""
        self._hertz: list[float] = []  # of the last frame that was made and of the one that waits
        self._voiced: list[bool] = []
        self._phase = 0.0

    def push(self, hertz: Sequence[float], voiced: Iterable[bool]) -> Array:
        """F0 without gaps and voicing of the next frames -> pulses of the frames that are complete [hop m]."""
        if not self._hertz:
            self._hertz, self._voiced = [hertz[0]], [False]
        known, voices = [*self._hertz, *hertz], [*self._voiced, *voiced]
        self._hertz, self._voiced = known[-2:], voices[-2:]
        curve = windows_of(np.array(known), 3, 1) @ self._weights  # [m, hop]
        turns = np.add.accumulate(curve / self._rate, axis=1)
        for i, turn in enumerate(turns):
            is_onset = voices[i + 1] and not voices[i]
            turns[i] += -turn[0] if is_onset else self._phase
            self._phase = float(turn[-1]) % 1.0
        return harmonics(turns.reshape(-1), curve.reshape(-1), self._rate)


class NoiseStream:
    """`white_noise` frame by frame, from one generator that is set to each frame."""

    def __init__(self, seed: int, rate: int) -> None:
        self._hop, self._level = rate // 100, np.float32(noise_level(rate))
        self._bits = np.random.Philox(key=seed)
        self._start = self._bits.state
        self._draw = np.random.Generator(self._bits).standard_normal
        self.reset()

    def reset(self) -> None:
        """Go back to the first frame."""
        self._frame = 0

    def push(self, frames: int) -> Array:
        """Return the noise of the next frames [hop frames]."""
        return np.concatenate([self._next() for _ in range(frames)]) * self._level

    def _next(self) -> Array:
        self._start["state"]["counter"][1] = self._frame
        self._bits.state = self._start
        self._frame += 1
        return self._draw(self._hop, np.float32)


class GeneratorStream:
    """`Generator.forward` over a stream, with noise that is a pure function of the absolute frame."""

    def __init__(self, generator: Generator, step: Step, seed: int = 0) -> None:
        self._config = config = generator.config
        self._mean_hz, self._step = float(np.float32(config.mean_hz)), step
        self._window = torch.hann_window(config.window).numpy()
        self._synthesis = self._window / np.float32(0.375 * WINDOW_FRAMES)
        self._pulses, self._noise = PulseStream(config.rate), NoiseStream(seed, config.rate)
        self.delay = config.overhang / config.rate
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        for part in (self._pulses, self._noise, self._step):
            part.reset()
        self._waiting: deque[Track] = deque()
        self._last = self._mean_hz
        span = FRAMES * self._config.hop + 2 * self._config.overhang
        self._sources = np.zeros((2, span), np.float32)  # pulses and noise under the windows
        self._owed = np.zeros(self._config.window - self._config.hop, np.float32)
        self._is_first = True

    @property
    def is_ready(self) -> bool:
        """Whether enough pitch is known for another content frame."""
        return len(self._waiting) > 1

    def hear(self, track: Track) -> None:
        """Take two frames of tracked pitch, in order and without gaps; unvoiced ones keep the last F0."""
        filled = track.hertz.copy()
        for i, voice in enumerate(track.voicing.tolist()):
            self._last = filled[i] = float(filled[i]) if voice > VOICED else self._last
        self._waiting.append(Track(filled, track.voicing))

    def push(self, content: Array) -> Array:
        """Content [96], where `is_ready` -> waveform [2 hop], one hop the first time."""
        now = self._waiting.popleft()
        heard = [now, self._waiting[0]] if self._is_first else [self._waiting[0]]
        pulses = np.concatenate([self._pulses.push(track.hertz.tolist(), track.voicing > VOICED) for track in heard])
        fresh = np.array([pulses, self._noise.push(len(pulses) // self._config.hop)])
        self._sources = np.concatenate([self._sources[:, len(pulses) :], fresh], axis=1)
        octave = np.log2(now.hertz / np.float32(self._mean_hz))
        filters = self._step.run(content[None], np.array([octave, now.voicing, octave * octave]).T)[0]
        skipped, self._is_first = self._config.overhang * self._is_first, False
        return self._added(self._filtered(filters.reshape(FRAMES, 3, -1)))[skipped:]

    def _filtered(self, filters: Array) -> Array:
        """`models.source_filter.filtered`: filters [2, 3, bins] -> pieces [2, window] of the sources."""
        size, hop = self._config.window, self._config.hop
        loud, noisy = np.exp(np.minimum(filters[:, 0], LOUDEST)), np.exp(np.minimum(filters[:, 2], LOUDEST))
        gain = np.empty(loud.shape, np.complex64)
        gain.real, gain.imag = loud * np.cos(filters[:, 1]), loud * np.sin(filters[:, 1])
        pulses, noise = np.fft.rfft(windows_of(self._sources, size, hop) * self._window)
        return (np.fft.irfft(pulses * gain + noise * noisy, size) * self._synthesis).astype(np.float32, copy=False)

    def _added(self, pieces: Array) -> Array:
        """Overlap-add: pieces [2, window] -> the samples that are complete [2 hop]."""
        size, hop = self._config.window, self._config.hop
        total = np.zeros(hop + size, np.float32)
        total[: size - hop] = self._owed
        for i, piece in enumerate(pieces):
            total[i * hop : i * hop + size] += piece
        self._owed = total[FRAMES * hop :]
        complete: Array = total[: FRAMES * hop]
        return complete


def harmonics(phase: NDArray[np.float64], hertz: NDArray[np.float64], rate: int) -> Array:
    """`models.source_filter.harmonics`: turns [N] and F0 [N] -> pulses [N]."""
    half = np.pi * np.minimum(np.maximum(phase - np.floor(phase), NEAREST), 1 - NEAREST)
    count, of_unit_power = (np.floor(BELOW_NYQUIST * x / hertz) for x in (rate, REFERENCE_RATE))
    kernel = np.sin((2 * count + 1) * half) / np.sin(half)
    pulses: Array = ((kernel - 1) * np.sqrt(0.5 / of_unit_power)).astype(np.float32)
    return pulses
