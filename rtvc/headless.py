"""A live session without a window: watched until it ends, its line shown, its figures kept."""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from rtvc.errors import RtvcError
from rtvc.session import SessionOptions
from rtvc.status import State, Status

PERIOD = 0.1  # seconds between two looks at the session


class LiveSession(Protocol):
    """What `watch` needs of a session."""

    def start(self, options: SessionOptions) -> None:
        """Begin."""

    def stop(self) -> None:
        """End."""

    def status(self) -> Status:
        """Return a snapshot."""

    def stats(self) -> dict[str, Any]:
        """Return the figures of the run."""


class Control(Protocol):
    """Who else may start and stop the session meanwhile."""

    @property
    def is_over(self) -> bool:
        """Whether the program is to end."""


@dataclass(frozen=True)
class Outcome:
    """How a run went; `interrupted` by the user or the system."""

    status: Status
    stats: dict[str, Any]
    interrupted: bool


def watch(
    session: LiveSession,
    options: SessionOptions,
    seconds: float | None,
    show: Callable[[Status], None],
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
    control: Control | None = None,
) -> Outcome:
    """Run a session for `seconds` from the moment it runs, or to the end of its recording, or until interrupted.

    A session that fails ends the run; its message is in the outcome's status. One that `control` has stopped may be
    started again, until that is over.
    """
    interrupted = False
    session.start(options)
    try:
        with _termination_is_interruption():
            _follow(session, seconds, show, wait, clock, control)
    except KeyboardInterrupt:
        interrupted = True
    status, stats = session.status(), session.stats()
    session.stop()
    return Outcome(status, stats, interrupted)


def write_stats(path: Path, stats: dict[str, Any]) -> None:
    """Write the figures of a run as JSON; raises RtvcError."""
    try:
        path.write_text(json.dumps(stats, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise RtvcError(f"{path}: the figures cannot be written ({error.strerror})") from error


def check_writable(path: Path) -> None:
    """Raise RtvcError where a file cannot come to be because its folder is not there."""
    if not path.parent.is_dir():
        raise RtvcError(f"{path}: there is no folder {path.parent}")
    if path.is_dir():
        raise RtvcError(f"{path} is a folder, give the name of a file")


def _follow(
    session: LiveSession,
    seconds: float | None,
    show: Callable[[Status], None],
    wait: Callable[[float], None],
    clock: Callable[[], float],
    control: Control | None,
) -> None:
    started: float | None = None
    while True:
        status = session.status()
        show(status)
        if started is None and status.state is State.RUNNING:
            started = clock()
        out_of_time = seconds is not None and started is not None and clock() - started >= seconds
        has_ended = status.state is State.FAILED or (status.state is State.IDLE and control is None)
        if out_of_time or status.ended or has_ended or (control is not None and control.is_over):
            return
        wait(PERIOD)


@contextmanager
def _termination_is_interruption() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does, where this thread may say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
