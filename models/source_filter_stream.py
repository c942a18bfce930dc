"""The source-filter generator over a stream: pulses, noise, filters and overlap-add with their pasts.

One step is one content frame and its two pitch frames. Pitch that is not known yet when a frame is due is guessed or
held (`models.known_pitch`). What surrounds the network is plain arithmetic on a few hundred numbers, where numpy takes
less time than tensors.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.generator_sizes import (
    BELOW_NYQUIST,
    LOUDEST,
    REFERENCE_RATE,
    SOURCE_AHEAD,
    VOICED,
    WINDOW_FRAMES,
    GeneratorConfig,
    noise_level,
)
from models.pitch_sizes import FRAMES
from models.pitch_stream import Track
from models.steps import Array, Step
from models.windows import hann, windows_of

NEAREST = 1e-7
"""Turns from a pulse at which its closed form is taken, where at the pulse itself it would be 0 / 0."""


class PulseStream:
    """`pulse_train` over a stream: a frame's pulses go on from the phase at the end of the one before."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        hop = rate // 100
        position = (np.arange(hop) + 0.5) / hop - 0.5
        past, future = (np.clip(x, 0.0, None) for x in (-position, position))
        self._weights = np.stack([past, 1 - past - future, future])  # [3, hop]
        self.reset()

    def reset(self) -> None:
        """Forget pitch and phase."""
        self._last: float | None = None
        self._was_voiced = False
        self._phase = 0.0

    def push(self, hertz: Sequence[float], voiced: Sequence[bool]) -> Array:
        """F0 without gaps of the next m frames and of the one after them, voicing of the m -> pulses [hop m]."""
        known = [hertz[0] if self._last is None else self._last, *hertz]
        self._last = known[-2]
        curve = windows_of(np.array(known), 3, 1) @ self._weights  # [m, hop]
        turns = np.add.accumulate(curve / self._rate, axis=1)
        for i, is_voiced in enumerate(voiced):
            turns[i] += -turns[i][0] if is_voiced and not self._was_voiced else self._phase
            self._phase, self._was_voiced = float(turns[i][-1]) % 1.0, is_voiced
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

    def __init__(self, config: GeneratorConfig, step: Step, seed: int = 0) -> None:
        self._config = config
        self._mean_hz, self._step = float(np.float32(config.mean_hz)), step
        self._window = hann(config.window)
        self._synthesis = self._window / np.float32(0.375 * WINDOW_FRAMES)
        self._pulses, self._noise = PulseStream(config.rate), NoiseStream(seed, config.rate)
        self.delay = config.overhang / config.rate
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        for part in (self._pulses, self._noise, self._step):
            part.reset()
        self._hertz, self._voicing = [self._mean_hz], [0.0]  # from the frame before those that are due, gaps filled
        self._guessed: tuple[list[float], list[float]] = ([], [])  # of the frames after those
        self._due = 1
        span = FRAMES * self._config.hop + 2 * self._config.overhang
        self._sources = np.zeros((2, span), np.float32)  # pulses and noise under the windows
        self._owed = np.zeros(self._config.window - self._config.hop, np.float32)
        self._is_first = True

    def hear(self, track: Track) -> None:
        """Take two frames of tracked pitch, in order and without gaps; unvoiced ones keep the last F0."""
        for hertz, voice in zip(track.hertz.tolist(), track.voicing.tolist(), strict=True):
            self._hertz.append(hertz if voice > VOICED else self._hertz[-1])
            self._voicing.append(voice)

    def guess(self, track: Track) -> None:
        """Take what the pitch of the frames after those heard may be; it counts for the next `push`."""
        hertz, voicing = self._guessed = ([], [])
        for guess, voice in zip(track.hertz.tolist(), track.voicing.tolist(), strict=True):
            hertz.append(guess if voice > VOICED else (hertz or self._hertz)[-1])
            voicing.append(voice)

    def push(self, content: Array) -> Array:
        """Content [96] -> waveform [2 hop], one hop the first time."""
        hertz, voicing = self._due_pitch()
        made = slice(0 if self._is_first else 1, FRAMES + SOURCE_AHEAD - 1)
        pulses = self._pulses.push(hertz[made.start :], [voice > VOICED for voice in voicing[made]])
        fresh = np.array([pulses, self._noise.push(len(pulses) // self._config.hop)])
        self._sources = np.concatenate([self._sources[:, len(pulses) :], fresh], axis=1)
        octave = np.log2(np.array(hertz[:FRAMES], np.float32) / np.float32(self._mean_hz))
        told = np.array([octave, voicing[:FRAMES], octave * octave], np.float32).T
        filters = self._step.run(content[None], told)[0]
        skipped, self._is_first = self._config.overhang * self._is_first, False
        return self._added(self._filtered(filters.reshape(FRAMES, 3, -1)))[skipped:]

    def _due_pitch(self) -> tuple[list[float], list[float]]:
        """F0 and voicing of the two frames that are due and of two more: known, else guessed, else held."""
        hertz, voicing = (a + b for a, b in zip((self._hertz, self._voicing), self._guessed, strict=True))
        places = [min(self._due + i, len(hertz) - 1) for i in range(FRAMES + SOURCE_AHEAD)]
        found = [hertz[i] for i in places], [voicing[i] for i in places]
        passed = min(self._due + FRAMES - 1, len(self._hertz) - 1)
        self._guessed = ([], [])
        self._due += FRAMES - passed
        del self._hertz[:passed], self._voicing[:passed]
        return found

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
