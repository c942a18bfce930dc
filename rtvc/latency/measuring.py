"""Measures the delay of a session from outside, by a click that it hears and plays again."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

import numpy as np

from rtvc.devices import is_served
from rtvc.errors import DeviceError, RtvcError
from rtvc.latency.clicks import click, time_of_return
from rtvc.loopback import Exchange, play_and_hear
from rtvc.plan import SessionOptions
from rtvc.resample import Samples
from rtvc.session import Session
from rtvc.status import State

RATE = 48_000
CLICKS = 4
LEAD = 0.3  # seconds of silence before a click
FADING = 0.2  # seconds until the loop is silent after a mute
BEYOND = 0.5  # seconds that are listened for beyond the delay that is stated
SETTLING_STRETCHES = 6  # of half a second, until what is stated is measured
PATIENCE = 180.0
TICK = 0.05
NOT_HEARD = "the click did not come back; does {output} lead to {input}, by a cable or as a virtual device?"

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Measured:
    """What a click took, in seconds: the median of `clicks`, beside what the session states."""

    measured: float
    stated: float
    clicks: tuple[float, ...]
    parts: dict[str, float]

    @property
    def words(self) -> str:
        """Both in a sentence."""
        apart = (self.measured - self.stated) * 1000
        return f"measured {self.measured * 1000:.1f} ms, stated {self.stated * 1000:.1f} ms ({apart:+.1f} ms)"


def measure_delay(
    session: Session,
    options: SessionOptions,
    on_progress: Progress = lambda words, fraction: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Measured | None:
    """Run a session whose output leads to its own microphone, and time clicks; None where it was cancelled.

    The voice is loaded and takes its time, but the click passes beside it, at the same delay. The session is free
    after. Raises RtvcError where it cannot run or no click comes back.
    """
    if not isinstance(options.input, str) or options.output is None:
        raise DeviceError("measuring needs a microphone and an output that leads to it")
    try:
        session.set_mute(True)
        session.set_passthrough(True)
        on_progress("loading the voice", 0.0)
        session.start(replace(options, may_loop=True, record=None, record_input=None, monitor=None))
        if not _settled(session, is_cancelled):
            return None
        found: list[tuple[float, float]] = []
        for number in range(CLICKS):
            on_progress(f"click {number + 1} of {CLICKS}", 0.4 + 0.6 * number / CLICKS)
            heard, stated = _click_through(session, options, is_cancelled)
            if is_cancelled():
                return None
            if (seconds := time_of_return(heard, RATE)) is not None:
                found.append((seconds, stated))
        on_progress("done", 1.0)
        return _result(session, options, found)
    finally:
        session.stop()
        session.set_mute(False)
        session.set_passthrough(False)


def _settled(session: Session, is_cancelled: Callable[[], bool]) -> bool:
    """Wait until the session runs and knows its delay; False where nobody wants to know any more."""
    deadline = time.monotonic() + PATIENCE
    while session.timing().stretches < SETTLING_STRETCHES or session.status().state is not State.RUNNING:
        status = session.status()
        if is_cancelled():
            return False
        if status.state in (State.FAILED, State.IDLE):
            raise RtvcError(status.message or "the session has ended")
        if time.monotonic() > deadline:
            raise RtvcError(f"no sound passed through the session ({status.message or status.state.value})")
        time.sleep(TICK)
    return True


def _click_through(
    session: Session, options: SessionOptions, is_cancelled: Callable[[], bool]
) -> tuple[Samples, float]:
    """What the microphone heard of one click and its return, and the delay stated meanwhile."""
    before = session.status().delay.total
    exchange = Exchange(
        output=str(options.output),
        input=str(options.input),
        rate=RATE,
        samples=np.pad(click(RATE), (round(LEAD * RATE), 0)),
        seconds=2 * LEAD + before + BEYOND,
        has_server=is_served(),
    )
    session.set_mute(False)
    try:
        heard = play_and_hear(exchange, is_cancelled)
    finally:
        session.set_mute(True)  # else it would go round for ever
    after = session.status().delay.total
    time.sleep(FADING + after)
    return heard, (before + after) / 2


def _result(session: Session, options: SessionOptions, found: list[tuple[float, float]]) -> Measured:
    if not found:
        raise DeviceError(NOT_HEARD.format(output=options.output, input=options.input))
    clicks = tuple(seconds for seconds, _ in found)
    stated = median(stated for _, stated in found)
    return Measured(median(clicks), stated, clicks, dict(session.status().delay))
