"""Answers other programs of the same user while a session is there to be driven."""

import hmac
import socket
import threading
from collections.abc import Collection
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from rtvc.control.actions import ACTIONS, Controlled, perform
from rtvc.control.lines import Lines
from rtvc.control.place import Place
from rtvc.errors import ControlError, RtvcError

MOST_CONNECTIONS = 8
MOST_BYTES = 4_096  # of a request
SILENCE_SECONDS = 60.0  # that a connection may keep
LINE_SECONDS = 5.0
ACCEPT_SECONDS = 0.2
TOKEN_FAULT = "the token is missing or wrong; it is in the file that says the port"


class ControlServer:
    """Listens at a place for as long as it is open; every request is answered by a line with `ok`, and `error` if not.

    A line is {"do": NAME, ...} as in `rtvc.control.actions`; several may follow each other on a connection.
    """

    def __init__(
        self, target: Controlled, place: Place | None = None, allowed: Collection[str] = tuple(ACTIONS)
    ) -> None:
        """Begin to listen, to these actions only; ControlError where another rtvc does, or it cannot be."""
        self._target, self._place = target, Place() if place is None else place
        self._allowed = allowed
        self._line = self._place.listen()
        self._line.connection.settimeout(ACCEPT_SECONDS)
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._open: set[socket.socket] = set()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="control", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more; safe to call again."""
        self._closing.set()
        with suppress(ControlError):
            self._place.connect().connection.close()  # wakes who waits for one
        self._thread.join()
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._line.connection.close()
        self._place.close()

    def __enter__(self) -> Self:
        """Return the server itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._line.connection.accept()
            except TimeoutError:
                continue
            except OSError:
                self._closing.wait(ACCEPT_SECONDS)
                continue
            if not self._free.acquire(blocking=False):
                _refuse(connection)
                continue
            self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), name="control line", daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, suppress(OSError):
                self._converse(Lines(connection, MOST_BYTES))
        finally:
            self._open.discard(connection)
            self._free.release()

    def _converse(self, lines: Lines) -> None:
        """Answer request after request; one that cannot be read is the last."""
        while not self._closing.is_set():
            try:
                request = lines.receive(SILENCE_SECONDS, LINE_SECONDS)
            except ControlError as error:
                lines.send({"ok": False, "error": str(error)})
                return
            if request is None:
                return
            lines.send(self._answer(request))

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            self._check(request)
            return {"ok": True, **perform(self._target, request)}
        except RtvcError as error:
            return {"ok": False, "error": str(error)}

    def _check(self, request: dict[str, Any]) -> None:
        shown = request.get("token", "")
        if not hmac.compare_digest(str(shown).encode(), self._line.token.encode()):
            raise ControlError(TOKEN_FAULT)
        name = request.get("do")
        if isinstance(name, str) and name in ACTIONS and name not in self._allowed:
            raise ControlError(f"this door takes {', '.join(self._allowed)} only; control.enabled opens the other one")


def _refuse(connection: socket.socket) -> None:
    with connection, suppress(OSError):
        connection.settimeout(ACCEPT_SECONDS)
        Lines(connection).send({"ok": False, "error": f"more than {MOST_CONNECTIONS} connections at a time"})
