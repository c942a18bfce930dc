"""Peaks for meters that are looked at less often than blocks come."""

from math import exp

from rtvc.level import peak
from rtvc.resample import Samples

FALL = 0.06  # seconds in which the level falls by 8.7 dB
FLOOR = 1e-4


def falling_peak(level: float, samples: Samples, rate: int) -> float:
    """The peak of a block [n], or the last level as it has fallen since, whichever is more."""
    return max(peak(samples), level * exp(-len(samples) / (FALL * rate)) if level > FLOOR else 0.0)
