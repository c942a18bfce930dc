"""How high the speech of recordings goes, and which rate a voice made of them should have.

A file's rate says little: a telephone call may be stored at 44.1 kHz, and hiss fills every band. A band counts where
the strongest moments of speech, its s and f, stand out of the pauses and are not far below the strongest band.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.generator_sizes import RATES
from rtvc.resample import Samples
from rtvc.wavfile import audio_blocks

FRAME_S, STRETCH_S = 0.032, 30.0
"""Seconds of a spectrum, and of what is measured together: every recording may have come another way."""
BAND = 250.0
STRONGEST = 97.0
"""Percentile of a band's levels that its strongest moments reach."""
ABOVE_PAUSES, BELOW_STRONGEST = 10.0, 55.0
"""dB by which the strongest moments are above the pauses, and at most below those of the strongest band."""
SPOKEN = 15.0
"""dB above the pauses from which a moment is counted as speech."""
MOST = 0.8
"""Part of the speech that reaches what is called its bandwidth."""
SHORT = 0.55
"""Part of a rate up to which it still serves: speech to 8.8 kHz loses little at 16 kHz."""
SILENCE = 1e-14


def rate_for(bandwidth: float) -> int:
    """Return the least rate of a voice that serves speech up to `bandwidth` Hz."""
    return next((rate for rate in RATES if bandwidth <= SHORT * rate), RATES[-1])


def bandwidth_of(recordings: Iterable[Path]) -> float:
    """Return the highest frequency in Hz that most of the speech reaches; raises AudioFileError."""
    heard = Bandwidth()
    for path in recordings:
        for rate, block in audio_blocks(path):
            heard.add(rate, block)
    return heard.highest()


class Bandwidth:
    """The highest frequency that most of some speech reaches; give it recordings block by block."""

    def __init__(self) -> None:
        self._rate = 0
        self._levels: list[NDArray[np.float32]] = []  # each [frames, bands]
        self._found: list[tuple[int, float]] = []  # frames of speech in a stretch, and how high they go

    def add(self, rate: int, samples: Samples) -> None:
        """Hear the next samples [n] of a recording at `rate`; what is left of the last frame is not heard."""
        if rate != self._rate:
            self._end_stretch()
            self._rate = rate
        self._levels.append(_band_levels(samples, rate))
        if sum(map(len, self._levels)) * FRAME_S >= STRETCH_S:
            self._end_stretch()

    def highest(self) -> float:
        """The frequency in Hz that at least `MOST` of the speech heard so far reaches; 0 without any."""
        self._end_stretch()
        total = sum(frames for frames, _ in self._found)
        reached = 0
        for frames, hertz in sorted(self._found, key=lambda one: -one[1]):
            reached += frames
            if reached >= MOST * total:
                return hertz
        return 0.0

    def _end_stretch(self) -> None:
        heard = sum(map(len, self._levels))
        if heard:
            frames, bands = _reach(np.concatenate(self._levels))
            self._found.append((frames, min(bands * BAND, self._rate / 2)))
        self._levels = []


def _band_levels(samples: Samples, rate: int) -> NDArray[np.float32]:
    """Levels in dB per Hz of bands of 250 Hz in whole frames [frames, bands]; the last band may be narrower."""
    size = round(FRAME_S * rate)
    window = np.hanning(size).astype(np.float32)
    pieces = samples[: len(samples) // size * size].reshape(-1, size) * window
    power = np.abs(np.fft.rfft(pieces)) ** 2 / (rate * np.square(window).sum())
    starts = np.searchsorted(np.fft.rfftfreq(size, 1 / rate), np.arange(0.0, rate / 2 - 1, BAND))
    widths = np.diff(starts, append=power.shape[1])
    return (10 * np.log10(np.add.reduceat(power, starts, axis=1) / widths + SILENCE)).astype(np.float32)


def _reach(levels: NDArray[np.float32]) -> tuple[int, int]:
    """Frames of speech among levels [frames, bands], and the number of bands up to the highest one it reaches."""
    totals = 10 * np.log10((10 ** (levels[:, 1:].astype(np.float64) / 10)).sum(1))
    order = np.argsort(totals)
    pauses = order[len(order) // 50 : len(order) // 6 + 1]  # fades at the ends of recordings are none
    strongest = np.percentile(levels, STRONGEST, axis=0)
    is_above = strongest > np.median(levels[pauses], axis=0) + ABOVE_PAUSES
    is_reached = is_above & (strongest > strongest.max() - BELOW_STRONGEST)
    supported = is_reached & (np.convolve(is_reached, [0, 1, 1, 1])[: len(is_reached)] >= 2)  # a lone whistle is none
    spoken = int(np.count_nonzero(totals > np.median(totals[pauses]) + SPOKEN))
    return spoken, int(np.flatnonzero(supported)[-1]) + 1 if supported.any() else 0
