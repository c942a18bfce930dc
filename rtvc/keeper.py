"""Keeps one process of a session going."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

from rtvc.faults import FaultBook

FIRST_PAUSE = 0.1  # seconds before a process is started again, doubled each time up to LAST_PAUSE
LAST_PAUSE = 2.0
PROVEN = 20.0  # seconds of work after which earlier failures are forgotten

log = logging.getLogger("rtvc")


class Process(Protocol):
    """A process as a keeper sees it."""

    @property
    def is_alive(self) -> bool:
        """Whether it runs, or hangs."""

    def messages(self) -> list[tuple[Any, ...]]:
        """What it has said since the last time."""

    def send(self, *message: Any) -> None:
        """Tell it something."""

    def stop(self) -> None:
        """Ask it to end, and end it if it does not."""

    def kill(self) -> None:
        """End it at once."""


class Keeper:
    """Starts a process, and starts it again when it has ended, crashed or hangs.

    `part` is what it is called in the book of faults. It hangs when its heartbeat is older than `patience` seconds,
    `first_patience` while it is starting. `on_end` is called when it is no more. Another `book` may take over.
    """

    def __init__(
        self,
        part: str,
        start: Callable[[], Process],
        on_end: Callable[[], None],
        beat: Callable[[], float],
        book: FaultBook,
        patience: float,
        first_patience: float,
    ) -> None:
        self._part, self._start, self._on_end, self._beat, self.book = part, start, on_end, beat, book
        self._patience, self._first_patience = patience, first_patience
        self._process: Process | None = None
        self._started = self._retry = 0.0
        self._pause = FIRST_PAUSE
        self.failures = 0

    @property
    def has_begun(self) -> bool:
        """Whether the process has given a sign of life."""
        return self._process is not None and self._beat() > self._started

    def tick(self, now: float) -> list[tuple[Any, ...]]:
        """See to it that the process runs; return what it has said."""
        if self._process is None:
            if now >= self._retry:
                self._started = now
                self._process = self._start()
            return []
        said = self._process.messages()
        if not self._process.is_alive:
            said += self._process.messages()
            self._note_crash(said, now)
            self._give_up(now)
        elif self._hangs(now):
            self.book.note(self._part, "hung", f"the {self._part} did not move any more; it is replaced", now)
            self._give_up(now)
        elif now - self._started > PROVEN:
            self.failures, self._pause = 0, FIRST_PAUSE
        return said

    def send(self, *message: Any) -> None:
        """Tell the process something, if there is one."""
        if self._process is not None:
            self._process.send(*message)

    @property
    def is_alive(self) -> bool:
        """Whether there is a process that has not ended."""
        return self._process is not None and self._process.is_alive

    def kill(self) -> None:
        """End the process at once."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            self._on_end()

    def stop(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()

    def _hangs(self, now: float) -> bool:
        if self.has_begun:
            return now - self._beat() > self._patience
        return now - self._started > self._first_patience

    def _note_crash(self, said: list[tuple[Any, ...]], now: float) -> None:
        reports = [message for message in said if message[0] == "crashed"]
        for _, words, trace in reports:
            log.error("the %s crashed: %s\n%s", self._part, words, trace)
        words = f"the {self._part} crashed ({reports[-1][1]})" if reports else f"the {self._part} was ended"
        kind = "crashed" if reports else "died"
        self.book.note(self._part, kind, f"{words}; it is started again", now)

    def _give_up(self, now: float) -> None:
        self.kill()
        self.failures += 1
        self._retry = now + self._pause
        self._pause = min(2 * self._pause, LAST_PAUSE)
