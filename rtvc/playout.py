"""What the output plays: converted sound while there is any, a short fade and silence while there is none."""

from collections.abc import Sequence
from math import ceil

import numpy as np

from rtvc.crossing import Crossing
from rtvc.fades import fade_in, fade_out, ramp
from rtvc.meter import falling_peak
from rtvc.resample import Samples
from rtvc.ring import Ring
from rtvc.shared import Fields, SharedStatus

OUTAGE = 0.25  # seconds of silence after which it begins anew instead of going on
GROWTH = 0.002  # seconds by which the margin must grow for it to be filled up at once
STRETCH = 0.5  # seconds over which the least slack is looked for


class Playout:
    """The callback side of ring B, one for each lane, of which one is played.

    A late hop is heard as a fade to silence and counted, one for each hop that is missing; nothing is played
    twice. It goes on with the first samples that come. At a beginning, after an outage too, it first waits for
    margin and hop, less half of it as nobody knows when the last hop came; what is there beyond that is thrown
    away, or kept where `keeps_all`, for a recording that is to be heard from its first sample on.

    Where the session wants another lane to be heard, that one takes over with a crossfade as soon as it has as much.
    """

    def __init__(
        self,
        rings: Sequence[Ring],
        rate: int,
        shared: SharedStatus,
        copies: tuple[Ring, ...] = (),
        keeps_all: bool = False,
    ) -> None:
        """Play one of `rings`, one for each lane; what is played is written to `copies` too."""
        self._lanes = tuple(zip(rings, shared.lanes, strict=False))
        self._rate, self._copies, self._keeps_all = rate, copies, keeps_all
        self._audio, self._session = shared.audio, shared.session
        self._lane = int(shared.audio["lane"])
        self._ring, self._engine = self._lanes[self._lane]
        self._crossing: Crossing | None = None
        self._ramp = ramp(rate)
        self._epoch = 0.0
        self._is_outdated = True
        self._margin = 0.0
        self._silence = self._least = self._measured = 0
        self._gain = 1.0
        self._last = 0.0  # the last sample, which a fade begins at
        self._has_begun = False
        self.last_time = 0.0  # monotonic, of the last block
        self.is_blocked = False
        self._begin_anew()

    def restart(self) -> None:
        """With the next block, throw away what waits and begin anew; for any thread."""
        self._is_outdated = True

    def fill(self, out: Samples, now: float, missed: bool = False) -> None:
        """Fill a block [n] at `now`; `missed` when the system had to play silence before it."""
        self.last_time = now
        if self._is_outdated or self._engine["epoch"] != self._epoch:
            self._begin_anew()
        self._look_at_other_lane(len(out))
        if self._is_silent and not self._may_begin(len(out)):
            out[:] = 0.0
            self._stay_silent(len(out))
        else:
            self._play(out)
            self._audio.add("late", missed)
        if self._crossing is not None and not self._crossing.mix(out):
            self._crossing = None
        self._last = float(out[-1])
        self._apply_gain(out)
        self._audio["level_out"] = falling_peak(self._audio["level_out"], out, self._rate)
        if self._has_begun:
            for copy in self._copies:
                copy.write(out)

    def _begin_anew(self) -> None:
        if self._is_outdated:
            for ring, _ in self._lanes:
                ring.skip(ring.fill)
        self._is_outdated = False
        self._epoch = self._engine["epoch"]
        self._margin = self._session["margin"]
        self._is_silent = True
        self._is_late = False
        self._silence = 0
        self._measure_slack_anew()

    def _may_begin(self, count: int) -> bool:
        if self._is_late:
            return self._ring.fill >= count
        excess = self._excess(self._ring, self._engine, count)
        if excess < 0:
            return False
        if not self._keeps_all:
            self._ring.skip(excess)
        return True

    def _excess(self, ring: Ring, engine: Fields, count: int) -> int:
        """Samples that a lane holds beyond what it needs to begin with a block of `count`; negative where it cannot."""
        margin, hop = self._session["margin"], engine["hop"]
        needed = count + round((margin + hop - min(margin, hop) / 2) * self._rate)
        return ring.fill - needed if engine["ready"] else -1

    def _look_at_other_lane(self, count: int) -> None:
        """Let the lane that the session wants take over when it can; what is not to be heard is thrown away."""
        if len(self._lanes) < 2 or self._crossing is not None:
            return
        other, wanted = 1 - self._lane, int(self._session["lane"])
        ring, engine = self._lanes[other]
        if wanted == self._lane or not engine["ready"]:
            ring.skip(ring.fill)
            return
        excess = self._excess(ring, engine, count)
        if excess < 0:
            return
        ring.skip(excess)
        if not self._is_silent:
            self._crossing = Crossing(self._ring, self._last, self._rate)
        self._take_lane(other)

    def _take_lane(self, lane: int) -> None:
        self._lane = lane
        self._ring, self._engine = self._lanes[lane]
        self._epoch, self._margin = self._engine["epoch"], self._session["margin"]
        self._measure_slack_anew()
        self._audio["lane"] = lane

    def _play(self, out: Samples) -> None:
        missing = self._ring.read_into(out)
        if self._is_silent:
            fade_in(out, self._ramp)
            self._is_silent, self._has_begun = False, True
        if missing:
            fade_out(out, len(out) - missing, self._last, self._ramp)
            self._go_silent(missing)
        elif self._session["margin"] > self._margin + GROWTH:
            fade_out(out, len(out), self._last, self._ramp)
            self._begin_anew()
        else:
            self._note_slack(len(out))
            self._margin = min(self._margin, self._session["margin"])
        self._audio.add("played", (len(out) - missing) / self._rate)

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
