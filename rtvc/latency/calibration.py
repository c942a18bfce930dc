"""Finds the lowest safe hop and margin of a voice on this machine, in about ten seconds.

Hops are tried with room to spare. By how much the best one surely came later than usual tells the least margin that may
do, which is then tried, and raised until every hop is in time. The choice is a step more.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from rtvc.errors import RtvcError
from rtvc.latency.choosing import MARGIN_STEP, RESERVE, LatencyChoice, Trial, best_of, hops_of, next_hop
from rtvc.plan import SessionOptions
from rtvc.presets import StreamTimes
from rtvc.status import Load, State, Status, Timing

ROOM = 0.15  # seconds of margin while trying
SETTLING_STRETCHES, TRIED_STRETCHES = 1, 4  # of half a second
CHECKED_STRETCHES, MOST_CHECKS = 12, 8
PATIENCE = 180.0  # seconds that a voice may take to load
TRIAL_PATIENCE = 30.0
TICK = 0.05

Progress = Callable[[str, float], None]
"""Told what is being done and which fraction of all is done, about."""


class Tried(Protocol):
    """What is needed of a session."""

    def start(self, options: SessionOptions) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""

    def set_mute(self, muted: bool) -> None:
        """Silence all outputs."""

    def reopen(self, times: StreamTimes) -> None:
        """Open the stream anew with other times."""

    def set_margin(self, margin: float) -> None:
        """Change the spare time in seconds."""

    def status(self) -> Status:
        """Return a snapshot."""

    def timing(self) -> Timing:
        """Return the clockwork."""


class Cancelled(Exception):
    """Nobody wants to know any more."""


def calibrate_latency(
    session: Tried,
    options: SessionOptions,
    on_progress: Progress = lambda words, fraction: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> LatencyChoice | None:
    """Try the voice of `options` muted, through their devices; None where it was cancelled. The session is free after.

    Raises RtvcError where it cannot run, or no hop is safe.
    """
    try:
        session.set_mute(True)
        session.start(replace(options, margin=ROOM))
        return Calibrator(session, options, on_progress, is_cancelled, wait, clock).run()
    except Cancelled:
        return None
    finally:
        session.stop()
        session.set_mute(False)


class Calibrator:
    """One calibration of a session that has been started."""

    def __init__(
        self,
        session: Tried,
        options: SessionOptions,
        on_progress: Progress,
        is_cancelled: Callable[[], bool],
        wait: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._session, self._options, self._hops = session, options, hops_of(options.voice)
        self._tell, self._is_cancelled, self._wait, self._clock = on_progress, is_cancelled, wait, clock
        self._trials: list[Trial] = []

    def run(self) -> LatencyChoice:
        """Try hop after hop, choose, and hear whether the choice holds; raises RtvcError and Cancelled."""
        self._tell("loading the voice", 0.0)
        self._until(lambda: self._session.timing().is_ready, PATIENCE, "the voice did not begin to speak")
        while (hop := next_hop(self._hops, self._trials)) is not None:
            self._tell(f"trying a hop of {hop * 1000:.0f} ms", 0.2 + 0.15 * min(len(self._trials), 3))
            self._trials.append(self._tried(hop, ROOM, TRIED_STRETCHES))
        return self._checked()

    def _checked(self) -> LatencyChoice:
        """The best hop, with the least margin that keeps it in time, and a reserve."""
        best = best_of(self._trials)
        if best is None:
            raise RtvcError(f"no hop is safe for {self._options.voice.title}: {self._trials[-1].words}")
        margin = best.margin
        for count in range(MOST_CHECKS):
            self._tell(f"checking {best.hop * 1000:.0f} and {margin * 1000:.0f} ms", 0.5 + 0.5 * count / MOST_CHECKS)
            check = self._tried(best.hop, margin, CHECKED_STRETCHES)
            if check.is_in_time:
                break
            margin = max(margin + MARGIN_STEP, check.margin)
        self._tell("done", 1.0)
        return LatencyChoice(best.hop, margin + RESERVE, best.words_with(margin), tuple(self._trials))

    def _tried(self, hop: float, margin: float, stretches: int) -> Trial:
        """How a hop does for so many stretches, after it has settled, or until it comes too late."""
        self._open(hop, margin)
        late = self._session.timing().late
        self._pass(SETTLING_STRETCHES)
        trial = Trial(hop, Load(), (), 0, self._options.block)
        while len(trial.slacks) < stretches and trial.is_in_time:
            now = self._pass(1)
            trial = replace(trial, load=now.load, slacks=(*trial.slacks, now.slack), late=now.late - late)
        return trial

    def _open(self, hop: float, margin: float) -> None:
        epoch = self._session.timing().epoch
        self._session.set_margin(margin)
        self._session.reopen(replace(self._options.times, hop=hop))
        self._until(
            lambda: self._session.timing().epoch > epoch and self._session.timing().is_ready,
            TRIAL_PATIENCE,
            f"a hop of {hop * 1000:.0f} ms did not begin",
        )

    def _pass(self, stretches: int) -> Timing:
        """Let so many stretches pass; where hops are so late that none is measured, the time that they would take."""
        aim = self._session.timing().stretches + stretches
        deadline = self._clock() + 1.0 * stretches
        while self._session.timing().stretches < aim and self._clock() < deadline:
            self._rest()
        return self._session.timing()

    def _until(self, condition: Callable[[], bool], seconds: float, words: str) -> None:
        deadline = self._clock() + seconds
        while not condition():
            if self._clock() > deadline:
                raise RtvcError(words)
            self._rest()

    def _rest(self) -> None:
        if self._is_cancelled():
            raise Cancelled
        status = self._session.status()
        if status.state in (State.FAILED, State.IDLE):
            raise RtvcError(status.message or "the session has ended")
        self._wait(TICK)
