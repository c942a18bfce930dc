"""Peaks for meters that are looked at less often than blocks come."""

from rtvc.level import peak
from rtvc.resample import Samples

FALL = 0.85  # of the level for each block: about 20 dB in a sixth of a second
FLOOR = 1e-4


def falling_peak(level: float, samples: Samples) -> float:
    """The peak of a block [n], or the last level as it falls, whichever is more."""
    return max(peak(samples), level * FALL if level > FLOOR else 0.0)
