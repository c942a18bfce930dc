"""A second output that follows what the first one plays, by a clock of its own."""

from collections.abc import Callable

import numpy as np

from rtvc.fades import fade_in, fade_out, ramp
from rtvc.resample import Samples
from rtvc.ring import Ring

KEPT = 0.02  # seconds that wait while all goes well, beside one block
TOO_MUCH = 0.04  # seconds more than that, from which on some is left out


class Follower:
    """The callback side of the monitor's ring.

    When there is too little it fades to silence and waits, when there is too much it leaves some out with a
    crossfade: it never stops the first output, and never falls behind it for long.
    """

    def __init__(self, ring: Ring, rate: int, is_muted: Callable[[], bool] = lambda: False) -> None:
        self._ring, self._rate, self._is_muted = ring, rate, is_muted
        self._gain = 1.0
        self._ramp = ramp(rate)
        self._is_silent = self._is_outdated = True
        self._last = 0.0
        self.last_time = 0.0

    def restart(self) -> None:
        """With the next block, throw away what waits and begin anew; for any thread."""
        self._is_outdated = True

    def fill(self, out: Samples, now: float, missed: bool = False) -> None:
        """Fill a block [n] at `now`; gaps of this output are not counted."""
        self.last_time = now
        if self._is_outdated:
            self._ring.skip(self._ring.fill)
            self._is_silent, self._is_outdated = True, False
        wanted = len(out) + round(KEPT * self._rate)
        if self._is_silent and self._ring.fill < wanted:
            out[:] = 0.0
            return
        if self._ring.fill > wanted + TOO_MUCH * self._rate:
            self._leave_out(out, self._ring.fill - wanted)
        else:
            self._follow(out)
        self._last = float(out[-1])
        self._apply_gain(out)

    def _apply_gain(self, out: Samples) -> None:
        """Glide to silence or back within the block."""
        gain = 0.0 if self._is_muted() else 1.0
        if not self._gain == gain == 1.0:
            out *= np.linspace(self._gain, gain, len(out), dtype=np.float32)
        self._gain = gain

    def _follow(self, out: Samples) -> None:
        missing = self._ring.read_into(out)
        if self._is_silent:
            fade_in(out, self._ramp)
        if missing:
            fade_out(out, len(out) - missing, self._last, self._ramp)
        self._is_silent = missing > 0

    def _leave_out(self, out: Samples, count: int) -> None:
        left_out = np.zeros_like(out)
        self._ring.peek_into(left_out)
        self._ring.skip(count)
        self._ring.read_into(out)
        length = min(len(out), len(self._ramp))
        out[:length] = left_out[:length] + self._ramp[:length] * (out[:length] - left_out[:length])
