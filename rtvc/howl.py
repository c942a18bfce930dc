"""Hears whether the microphone picks up what a monitor plays, before it howls."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from rtvc.resample import Resampler, Samples

RATE = 8_000  # Hz: what is looked at, whatever the devices' rates
WINDOW = 2.0  # seconds compared at a time
EVERY = 0.5  # seconds between two looks
SHORTEST, LONGEST = 0.01, 0.8  # seconds from the monitor to the microphone, devices included
LOWEST, HIGHEST = 200.0, 3_400.0  # Hz
FLOOR = 1e-4  # of the strongest frequency's power: what is weaker counts less, as beside a pure tone it is no sound
LOBE, PURE = 12, 0.8  # steps of the spectrum that a tone is wide, and the part of the power that makes it all there is
QUIET = 1e-3  # RMS below which nothing is said
CLEAR = 9.0  # times the usual likeness, above which one way is plain; by chance it is 4 to 6
LOOKS, SAME_WAY = 3, 0.004  # looks in a row, and seconds that they may differ by


class HowlGuard:
    """Compares what is played with what is heard a little later, by phase (generalised cross-correlation).

    The voice itself is what was heard earlier, which is looked at the other way round and does not count. A way from
    monitor to microphone is believed once several looks in a row find the same length. A rhythm without any
    variation that is let through unconverted is taken for one.
    """

    def __init__(self, heard_rate: int, played_rate: int) -> None:
        self._resample = Resampler(heard_rate, RATE), Resampler(played_rate, RATE)
        self._count = round(WINDOW * RATE)
        self.reset()

    def reset(self) -> None:
        """Forget what was found."""
        self._heard: Samples = np.zeros(self._count, np.float32)
        self._played: Samples = np.zeros(self._count, np.float32)
        self._fresh = 0
        self._ways: deque[float] = deque(maxlen=LOOKS)

    def push(self, heard: Samples, played: Samples) -> bool:
        """Take what came in [n] and went out [m] since the last time; True once the one is in the other."""
        fresh = self._resample[0].push(heard)
        self._heard = np.concatenate([self._heard, fresh])[-self._count :]
        self._played = np.concatenate([self._played, self._resample[1].push(played)])[-self._count :]
        self._fresh += len(fresh)
        if self._fresh < EVERY * RATE:
            return False
        self._fresh = 0
        return self._look()

    def _look(self) -> bool:
        if min(_loudness(self._heard), _loudness(self._played)) < QUIET:
            return False
        clearness, way = clearest_way(self._heard, self._played)
        if clearness < CLEAR:
            self._ways.clear()
            return False
        self._ways.append(way)
        return len(self._ways) == LOOKS and max(self._ways) - min(self._ways) < SAME_WAY


def clearest_way(heard: Samples, played: Samples) -> tuple[float, float]:
    """Return how clear the clearest way from one to the other is, and its length in seconds."""
    size = 2 * len(heard)
    edge = np.hanning(len(heard))
    cross = np.fft.rfft(heard * edge, size) * np.conj(np.fft.rfft(played * edge, size))
    hertz = np.fft.rfftfreq(size, 1 / RATE)
    strength = np.abs(cross)
    if _is_pure(strength):
        return 0.0, 0.0
    even = cross / (strength + FLOOR * strength.max() + 1e-12)
    even[(hertz < LOWEST) | (hertz > HIGHEST)] = 0.0
    alike: NDArray[np.float64] = np.abs(np.fft.irfft(even, size))
    first = round(SHORTEST * RATE)
    ways = alike[first : round(LONGEST * RATE)]
    place = int(np.argmax(ways))
    return float(ways[place] / (np.sqrt(np.mean(np.square(ways))) + 1e-12)), (first + place) / RATE


def _is_pure(strength: NDArray[np.float64]) -> bool:
    """Whether one tone is nearly all there is: it is alike after each of its periods, so no way is plain."""
    peak = int(np.argmax(strength))
    near = strength[max(peak - LOBE, 0) : peak + LOBE + 1].sum()
    return bool(near > PURE * strength.sum())


def _loudness(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))
