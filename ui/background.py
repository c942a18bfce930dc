"""Work that may wait, done beside the window, one job after the other."""

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from rtvc.errors import RtvcError
from ui.language import marked, translate

T = TypeVar("T")
Job = Callable[[], None]
Failed = Callable[[RtvcError], None] | None
OWN_MISTAKE = marked("rtvc", "this is a mistake in rtvc itself; please report what it printed")


class Background(QObject):
    """A thread with a queue; what a job returns is handed over in the window's thread.

    A fault of the world (RtvcError) goes to the job's `failed`; any other exception goes there as a sentence,
    and ends the thread with its traceback on stderr; the next job gets a new one. The thread never keeps the
    program alive.

    Signals: none for others.
    """

    _arrived = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._arrived.connect(self._on_arrived)

    def run(
        self,
        job: Callable[[], T],
        done: Callable[[T], None] | None = None,
        failed: Failed = None,
    ) -> None:
        """Queue a job; `done(result)` or `failed(error)` follows, here."""
        self._put(lambda: self._do(job, done, failed))

    def close(self, limit: float) -> bool:
        """Wait until the queue is worked off, `limit` seconds at most; nothing is handed over any more."""
        self._closed = True
        finished = threading.Event()
        self._put(finished.set)
        return finished.wait(limit)

    def _put(self, job: Job) -> None:
        self._jobs.put(job)
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._work, name=self.objectName(), daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while True:
            self._jobs.get()()

    def _do(self, job: Callable[[], T], done: Callable[[T], None] | None, failed: Failed) -> None:
        outcome = _told(failed, RtvcError(translate("rtvc", OWN_MISTAKE)))
        try:
            result = job()
            outcome = lambda: done(result) if done is not None else None  # noqa: E731
        except RtvcError as error:
            outcome = _told(failed, error)
        finally:
            self._hand_over(outcome)

    def _hand_over(self, call: Job) -> None:
        try:
            if not self._closed:
                self._arrived.emit(call)
        except RuntimeError:  # the window went between the two lines
            if isValid(self):
                raise

    def _on_arrived(self, call: Job) -> None:
        if not self._closed:
            call()


def _told(failed: Failed, error: RtvcError) -> Job:
    return lambda: failed(error) if failed is not None else None
