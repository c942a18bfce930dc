"""One piece of work in a process of its own: started, followed, cancelled."""

import traceback
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from models.errors import ModelError
from rtvc.child import STOP, Child, begin, hurry
from rtvc.errors import RtvcError
from rtvc.extras import how_to_get

DONE, FAILED, CANCELLED, BROKEN = "done", "failed", "cancelled", "broken"
NICENESS = 10
"""A voice that is live goes before."""
TICK = 0.2  # seconds

Hear = Callable[[tuple[Any, ...]], None]
"""Told what the work tells, a tuple that begins with a word; from the thread that follows."""


class Cancelled(RtvcError):
    """The work has ended because that was asked for."""


class Line:
    """The work's end: what it tells, and what it is told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[Any, ...]] = []
        self._is_cancelled = False

    def tell(self, *message: Any) -> None:
        """Tell something; a parent that has gone hears nothing."""
        with suppress(OSError, ValueError):
            self._connection.send(message)

    def reach(self, words: str, part: float) -> None:
        """Tell what is being done, and how much of all from 0 to 1."""
        self.tell("reach", words, part)

    def reach_or_end(self, words: str, part: float) -> None:
        """Tell, for work that has no other way out; raises Cancelled."""
        if self.is_cancelled():
            raise Cancelled("stopped")
        self.reach(words, part)

    def hear(self, preview: Path, minutes: float, loss: float) -> None:
        """Tell of a new preview of a voice in the making, and of its held-back loss."""
        self.tell("preview", str(preview), minutes, loss)

    def is_cancelled(self) -> bool:
        """Tell whether the work is to end: it was asked for, or nobody waits for it any more."""
        self._listen(0.0)
        return self._is_cancelled

    def asked(self, seconds: float) -> tuple[Any, ...] | None:
        """Return the next thing that was asked for, None where nothing came in time or the work is to end."""
        if not self._waiting:
            self._listen(seconds)
        return self._waiting.pop(0) if self._waiting and not self._is_cancelled else None

    def _listen(self, seconds: float) -> None:
        try:
            while not self._is_cancelled and self._connection.poll(seconds):
                message = tuple(self._connection.recv())
                self._is_cancelled = message == (STOP,)
                self._waiting.append(message)
                seconds = 0.0
        except (EOFError, OSError):
            self._is_cancelled = True


class Errand:
    """A function `module:name` at work in a process of its own; it is called with a `Line` and the arguments."""

    def __init__(self, work: str, *arguments: Any) -> None:
        self._child = Child("errand", _serve, (work, arguments))

    def ask(self, *message: Any) -> None:
        """Tell the work something."""
        self._child.send(*message)

    def cancel(self) -> None:
        """Ask the work to end; `follow` returns when it has."""
        self._child.send(STOP)

    def kill(self) -> None:
        """End it at once."""
        self._child.kill()

    def follow(self, hear: Hear) -> Any:
        """Hand over what the work tells until it ends, and return its result.

        Raises Cancelled where it was cancelled, RtvcError in the work's own words, or saying that it broke.
        """
        while True:
            is_alive = self._child.is_alive
            for kind, *rest in self._child.messages():
                if kind == DONE:
                    return rest[0]
                if kind in (CANCELLED, FAILED, BROKEN):
                    raise _refused(kind, rest[0])
                hear((kind, *rest))
            if not is_alive:
                raise RtvcError("it has ended of itself; the machine may be short of memory")
            self._child.wait(TICK)


def _refused(kind: str, words: str) -> RtvcError:
    if kind == BROKEN:
        return RtvcError(f"this is a mistake in rtvc itself; please report what it printed ({words})")
    return (Cancelled if kind == CANCELLED else RtvcError)(words)


def _serve(setup: tuple[str, tuple[Any, ...]], connection: Connection) -> None:
    begin()
    hurry(NICENESS)
    line = Line(connection)
    module, _, name = setup[0].partition(":")
    try:
        line.tell(DONE, getattr(import_module(module), name)(line, *setup[1]))
    except (RtvcError, ModelError) as error:
        line.tell(CANCELLED if line.is_cancelled() else FAILED, str(error))
    except Exception as error:  # noqa: BLE001  # told here, with its trace, as a program's own end would be
        words = how_to_get(error) if isinstance(error, ModuleNotFoundError) else None
        if words is None:
            traceback.print_exc()
        line.tell(FAILED if words else BROKEN, words or type(error).__name__)
