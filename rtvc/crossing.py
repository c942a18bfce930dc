"""The passage from one voice to another in what is played."""

import numpy as np

from rtvc.fades import fade_out, ramp
from rtvc.resample import Samples
from rtvc.ring import Ring

CROSSFADE = 0.02  # seconds


class Crossing:
    """Fades what a ring still holds out, and in what is to take its place; at every moment both gains make 1."""

    def __init__(self, leaving: Ring, last: float, rate: int) -> None:
        """`last` is the sample that was played last, of the sound that leaves."""
        self._leaving, self._last = leaving, last
        count = round(CROSSFADE * rate)
        self._rising: Samples = (np.arange(1, count + 1) / (count + 1)).astype(np.float32)
        self._short = ramp(rate)

    def mix(self, out: Samples) -> bool:
        """Mix what leaves into a block [n] of what comes, in place; False when it has left."""
        rising = self._rising[: len(out)]
        self._rising = self._rising[len(rising) :]
        old = np.zeros(len(rising), np.float32)
        missing = self._leaving.read_into(old)
        if missing:
            fade_out(old, len(old) - missing, self._last, self._short)
        if len(old):
            self._last = 0.0 if missing else float(old[-1])
        out[: len(old)] *= rising
        out[: len(old)] += (1.0 - rising) * old
        return len(self._rising) > 0
