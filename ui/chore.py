"""An errand in another process, followed beside the window."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from rtvc.errors import RtvcError
from ui.background import Background


class Work(Protocol):
    """What the window asks of an errand; `rtvc.errands.errand.Errand` is one."""

    def ask(self, *message: Any) -> None:
        """Tell the work something."""

    def cancel(self) -> None:
        """Ask the work to end."""

    def kill(self) -> None:
        """End it at once."""

    def follow(self, hear: Callable[[tuple[Any, ...]], None]) -> Any:
        """Hand over what the work tells until it ends, and return its result."""


MakeErrand = Callable[..., Work]


def make_errand(work: str, *arguments: Any) -> Work:
    """Start a function `module:name` in a process of its own."""
    from rtvc.errands.errand import Errand  # when it is first needed: the window is there by then

    return Errand(work, *arguments)


@dataclass
class _Job:
    """One errand: its process once it has begun, and whether somebody still wants it."""

    work: Work | None = None
    unwanted: threading.Event = field(default_factory=threading.Event)


class Chore(QObject):
    """Errands of one kind, one after the other.

    Signals: `reached(str, float)`, what is being done and which part of it is; `told(object)`, a tuple of anything
    else that the work tells; then `done(object)`, its result, `failed(str)` or `cancelled`.
    """

    reached = Signal(str, float)
    told = Signal(object)
    done = Signal(object)
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, name: str, make: MakeErrand = make_errand) -> None:
        super().__init__()
        self._make = make
        self._jobs: list[_Job] = []
        self._background = Background(name)

    @property
    def is_busy(self) -> bool:
        """Whether something was begun that is still wanted."""
        return any(not job.unwanted.is_set() for job in self._jobs)

    def run(self, work: str, *arguments: Any) -> None:
        """Begin, or queue behind what runs."""
        job = _Job()
        self._jobs.append(job)
        self._background.run(
            lambda: self._follow(job, work, arguments),
            lambda result: self._on_done(job, result),
            lambda error: self._on_failed(job, error),
        )

    def ask(self, *message: Any) -> None:
        """Tell the work something; nothing where none has begun."""
        for job in self._jobs[:1]:
            if job.work is not None:
                job.work.ask(*message)

    def cancel(self) -> None:
        """Ask all that was begun to end."""
        for job in self._jobs:
            job.unwanted.set()
            if job.work is not None:
                job.work.cancel()

    def close(self, limit: float) -> bool:
        """End everything; False where that takes longer than `limit` seconds, and then it is ended by force."""
        self.cancel()
        ended = self._background.close(limit)
        for job in self._jobs:
            if not ended and job.work is not None:
                job.work.kill()
        return ended

    def _follow(self, job: _Job, work: str, arguments: tuple[Any, ...]) -> Any:
        if job.unwanted.is_set():
            return None
        job.work = self._make(work, *arguments)
        if job.unwanted.is_set():  # meanwhile
            job.work.cancel()
        return job.work.follow(lambda message: self._hear(job, message))

    def _hear(self, job: _Job, message: tuple[Any, ...]) -> None:
        try:
            if message[0] != "reach":
                self.told.emit(message)
            elif not job.unwanted.is_set():
                self.reached.emit(*message[1:])
        except RuntimeError:  # the window has gone
            if isValid(self):
                raise

    def _on_done(self, job: _Job, result: Any) -> None:
        self._jobs.remove(job)
        if job.unwanted.is_set() and result is None:
            self.cancelled.emit()
        else:
            self.done.emit(result)

    def _on_failed(self, job: _Job, error: RtvcError) -> None:
        self._jobs.remove(job)
        if job.unwanted.is_set():
            self.cancelled.emit()
        else:
            self.failed.emit(str(error))
