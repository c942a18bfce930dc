"""Lines of JSON on a socket, bounded in length and time."""

import json
import socket
from collections.abc import Mapping
from time import monotonic
from typing import Any

from rtvc.errors import ControlError

MOST_BYTES = 1_000_000
PIECE = 4_096


class Lines:
    """The lines of one connection; each is an object of JSON."""

    def __init__(self, connection: socket.socket, most_bytes: int = MOST_BYTES) -> None:
        self._connection, self._most = connection, most_bytes
        self._waiting = b""

    def send(self, content: Mapping[str, Any]) -> None:
        """Write one; raises OSError."""
        self._connection.sendall(json.dumps(content, ensure_ascii=False).encode() + b"\n")

    def receive(self, patience: float, line_seconds: float) -> dict[str, Any] | None:
        """Return the next one, None at the end.

        Waits `patience` seconds for it to begin, and then `line_seconds` for its end. Raises TimeoutError for
        silence, OSError for a broken connection, and ControlError for a line that is too long, too slow or no object.
        """
        deadline = monotonic() + (line_seconds if self._waiting else patience)
        while b"\n" not in self._waiting:
            if len(self._waiting) > self._most:
                raise ControlError(f"a line may have {self._most} bytes at most")
            self._connection.settimeout(max(deadline - monotonic(), 0.001))
            try:
                piece = self._connection.recv(PIECE)
            except TimeoutError:
                if self._waiting:
                    raise ControlError(f"a line must be complete after {line_seconds:g} seconds") from None
                raise
            if not piece:
                return None
            if not self._waiting:
                deadline = monotonic() + line_seconds
            self._waiting += piece
        line, _, self._waiting = self._waiting.partition(b"\n")
        if len(line) > self._most:
            raise ControlError(f"a line may have {self._most} bytes at most")
        return _object(line)


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ControlError("a line must be JSON in UTF-8") from error
    if not isinstance(found, dict):
        raise ControlError('a line must be an object of JSON, as in {"do": "mute"}')
    return found
