"""Gains that change without a click, a soft ceiling, and peaks."""

import numpy as np
from numpy.typing import NDArray

from rtvc.resample import Samples

GLIDE = 0.01  # seconds from one gain to the next
CEILING = 10 ** (-1 / 20)  # -1 dBFS: below it the limiter changes nothing


class Gain:
    """A gain in dB that glides to each new value over GLIDE seconds."""

    def __init__(self, rate: int) -> None:
        self._length = round(GLIDE * rate)
        self.reset()

    def reset(self) -> None:
        """Start a new stream, which begins with whatever value comes first."""
        self._level: float | None = None
        self._factor = self._target = 1.0
        self._left = 0

    def push(self, samples: Samples, level: float) -> Samples:
        """Samples [n] times the gain of `level` dB; 0 dB passes them unchanged."""
        if level != self._level:
            self._target = 10 ** (level / 20)
            self._factor, self._left = (self._target, 0) if self._level is None else (self._factor, self._length)
            self._level = level
        if self._left == 0:
            return samples if self._target == 1.0 else samples * np.float32(self._target)
        return samples * self._glide(len(samples))

    def _glide(self, count: int) -> Samples:
        done = np.minimum(np.arange(1, count + 1) / self._left, 1.0)
        factors: NDArray[np.float64] = self._factor + (self._target - self._factor) * done
        self._left = max(self._left - count, 0)
        self._factor = float(factors[-1]) if count else self._factor
        return factors.astype(np.float32)


class Limiter:
    """Lets nothing be louder than a ceiling in dBFS, bent softly from 1 dB below it on; a new one is glided to."""

    def __init__(self, rate: int) -> None:
        self._ceiling = Gain(rate)

    def reset(self) -> None:
        """Start a new stream."""
        self._ceiling.reset()

    def push(self, samples: Samples, ceiling: float) -> Samples:
        """Samples [n] -> as many."""
        ceilings = self._ceiling.push(np.ones(len(samples), np.float32), ceiling)
        loudness = samples / ceilings
        return samples if peak(loudness) <= CEILING else limited(loudness) * ceilings


def limited(samples: Samples) -> Samples:
    """Samples bent softly so that none leaves -1 to 1; below -1 dBFS unchanged."""
    if peak(samples) <= CEILING:
        return samples
    size = np.abs(samples)
    room = 1.0 - CEILING
    bent = CEILING + room * np.tanh((size - CEILING) / room)
    return np.where(size > CEILING, np.copysign(bent, samples), samples).astype(np.float32)


def peak(samples: Samples) -> float:
    """The largest magnitude, 0 for no samples."""
    return float(np.abs(samples).max(initial=0.0))
