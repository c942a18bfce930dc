"""What the output plays: converted sound while there is any, a short fade and silence while there is none."""

from math import ceil

import numpy as np

from rtvc.meter import falling_peak
from rtvc.resample import Samples
from rtvc.ring import Ring
from rtvc.shared import SharedStatus

FADE = 0.005  # seconds
OUTAGE = 0.25  # seconds of silence after which it begins anew instead of going on
STRETCH = 0.5  # seconds over which the least slack is looked for


class Playout:
    """The callback side of ring B.

    A late hop is heard as a fade to silence and counted, one for each hop that is missing; nothing is played
    twice. It goes on with the first samples that come. At a beginning, after an outage too, it first waits for
    margin + hop + one block, so that the next hop may be late by the margin; what has come beyond that is thrown
    away, or kept where `keeps_all`, for a recording that is to be heard from its first sample on.
    """

    def __init__(
        self, ring: Ring, rate: int, shared: SharedStatus, copies: tuple[Ring, ...] = (), keeps_all: bool = False
    ) -> None:
        """Play `ring`; what is played is written to `copies` too."""
        self._ring, self._rate, self._copies, self._keeps_all = ring, rate, copies, keeps_all
        self._audio, self._engine, self._session = shared.audio, shared.engine, shared.session
        self._ramp: Samples = np.linspace(0.0, 1.0, round(FADE * rate), dtype=np.float32)
        self._epoch = -1.0
        self._gain = 1.0
        self._last = 0.0  # the last sample, which a fade begins at
        self._has_begun = False
        self.last_time = 0.0  # monotonic, of the last block
        self.is_blocked = False
        self.restart()

    def restart(self) -> None:
        """Throw away what waits and begin anew; only while no block is being filled."""
        self._ring.skip(self._ring.fill)
        self._begin_anew()

    def fill(self, out: Samples, now: float, missed: bool = False) -> None:
        """Fill a block [n] at `now`; `missed` when the system had to play silence before it."""
        self.last_time = now
        if self._engine["epoch"] != self._epoch:
            self._epoch = self._engine["epoch"]
            self._begin_anew()
        if self._is_silent and not self._may_begin(len(out)):
            out[:] = 0.0
            self._stay_silent(len(out))
        else:
            self._play(out)
            self._audio.add("late", missed)
        self._apply_gain(out)
        self._audio["level_out"] = falling_peak(self._audio["level_out"], out)
        if self._has_begun:
            for copy in self._copies:
                copy.write(out)

    def _begin_anew(self) -> None:
        self._is_silent = True
        self._is_late = False
        self._silence = 0
        self._measure_slack_anew()

    def _may_begin(self, count: int) -> bool:
        if self._is_late:
            return self._ring.fill >= count
        needed = count + round((self._session["margin"] + self._engine["hop"]) * self._rate)
        excess = self._ring.fill - needed
        if excess < 0 or not self._engine["ready"]:
            return False
        if not self._keeps_all:
            self._ring.skip(excess)
        return True

    def _play(self, out: Samples) -> None:
        missing = self._ring.read_into(out)
        if self._is_silent:
            count = min(len(out), len(self._ramp))
            out[:count] *= self._ramp[:count]
            self._is_silent, self._has_begun = False, True
        if missing:
            self._fade_out(out, len(out) - missing)
            self._go_silent(missing)
        else:
            self._note_slack(len(out))
        self._last = float(out[-1])
        self._audio.add("played", (len(out) - missing) / self._rate)

    def _fade_out(self, out: Samples, count: int) -> None:
        """End the `count` samples in place softly, or fade from the last one when they are few."""
        out[count:] = 0.0
        down = self._ramp[::-1]
        if count >= len(down):
            out[count - len(down) : count] *= down
            return
        last = out[count - 1] if count else self._last
        room = min(len(down), len(out) - count)
        out[count : count + room] = last * down[:room]

    def _go_silent(self, missing: int) -> None:
        self._is_silent = self._is_late = True
        self._silence = 0
        self._measure_slack_anew()
        self._stay_silent(missing)

    def _stay_silent(self, count: int) -> None:
        if not self._is_late:
            return
        before = self._hops_missing()
        self._silence += count
        if self._silence > OUTAGE * self._rate:
            self._is_late = False
        if self._engine["ready"] and self._audio["input_open"] and not self._audio["ended"]:
            self._audio.add("late", self._hops_missing() - before)

    def _hops_missing(self) -> int:
        return ceil(self._silence / max(self._engine["hop"] * self._rate, 1.0))

    def _note_slack(self, count: int) -> None:
        self._least = min(self._least, self._ring.fill)
        self._measured += count
        if self._measured >= STRETCH * self._rate:
            self._audio["slack"] = self._least / self._rate
            self._audio.add("slack_count", 1)
            self._measure_slack_anew()

    def _measure_slack_anew(self) -> None:
        self._least = self._ring.capacity
        self._measured = 0

    def _apply_gain(self, out: Samples) -> None:
        """Glide to silence or back within the block."""
        wanted = 0.0 if self.is_blocked or self._session["mute"] else 1.0
        if self._gain == wanted == 1.0:
            return
        out *= np.linspace(self._gain, wanted, len(out), dtype=np.float32)
        self._gain = wanted
