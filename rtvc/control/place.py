"""Where a running rtvc listens: a Unix socket that only its user can open, or a port of this machine with a token."""

import json
import os
import secrets
import socket
import stat
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import platformdirs

from rtvc.errors import ControlError
from rtvc.lock import PRIVATE_FILE, PRIVATE_FOLDER, Lock

NAME = "control"
SOCKET, PORT_FILE, LOCK = f"{NAME}.sock", f"{NAME}.json", f"{NAME}.lock"
LOCALHOST = "127.0.0.1"
TOKEN_BYTES = 32
BACKLOG = 8
CONNECT_SECONDS = 2.0
NOBODY = (
    "no rtvc is listening; start one with: rtvc run --control, or let other programs drive rtvc in its window's menu "
    "(control.enabled in your settings)"
)


class Line(NamedTuple):
    """A connection, and the token that has to be shown on it; empty where none has."""

    connection: socket.socket
    token: str


class Place:
    """A folder of the user's own in which one rtvc at a time says, under a name, how it is reached."""

    def __init__(
        self, folder: Path | None = None, has_unix: bool = hasattr(socket, "AF_UNIX"), name: str = NAME
    ) -> None:
        """`has_unix` is for systems without Unix sockets, where a port and a token take their place."""
        self.folder = _runtime_folder() if folder is None else folder
        self._socket, self._port_file = self.folder / f"{name}.sock", self.folder / f"{name}.json"
        self._has_unix = has_unix and sys.platform != "win32"
        self._lock = Lock(self.folder / f"{name}.lock")

    def listen(self) -> Line:
        """Open the socket; ControlError where another rtvc listens or the folder is not the user's own.

        What one that crashed has left is replaced.
        """
        self.make_folder()
        if not self._lock.take():
            raise ControlError("another rtvc is listening to `rtvc ctl` already; end that one first")
        try:
            return self._listen_unix() if self._has_unix else self._listen_port()
        except OSError as error:
            self.close()
            raise ControlError(f"{self.folder} cannot hold a socket ({error.strerror or error})") from error

    def make_folder(self) -> None:
        """Make the folder where it is absent; ControlError where it is not the user's own."""
        try:
            self.folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            facts = self.folder.lstat()
        except OSError as error:
            raise ControlError(f"{self.folder} cannot be made ({error.strerror})") from error
        if not stat.S_ISDIR(facts.st_mode) or (hasattr(os, "getuid") and facts.st_uid != os.getuid()):
            raise ControlError(f"{self.folder} is not a folder of your own, nothing is opened there")
        with suppress(OSError):
            self.folder.chmod(PRIVATE_FOLDER)

    def connect(self) -> Line:
        """Reach the rtvc that listens; ControlError where none does."""
        try:
            if self._has_unix:
                return self._connected(socket.AF_UNIX, str(self._socket), "")
            told = json.loads(self._port_file.read_text(encoding="utf-8"))
            return self._connected(socket.AF_INET, (LOCALHOST, int(told["port"])), str(told["token"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ControlError(NOBODY) from error

    def close(self) -> None:
        """Remove what `listen` left; safe to call again."""
        if not self._lock.is_held:
            return
        for path in (self._socket, self._port_file):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        self._lock.release()

    def _listen_unix(self) -> Line:
        self._socket.unlink(missing_ok=True)
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listening.bind(str(self._socket))
            self._socket.chmod(PRIVATE_FILE)
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
        return Line(listening, "")

    def _listen_port(self) -> Line:
        token = secrets.token_hex(TOKEN_BYTES)
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            listening.bind((LOCALHOST, 0))
            listening.listen(BACKLOG)
            self._tell(listening.getsockname()[1], token)
        except OSError:
            listening.close()
            raise
        return Line(listening, token)

    def _tell(self, port: int, token: str) -> None:
        self._port_file.unlink(missing_ok=True)
        file = os.open(self._port_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(file, "w", encoding="utf-8") as out:
            json.dump({"port": port, "token": token}, out)

    def _connected(self, family: int, address: str | tuple[str, int], token: str) -> Line:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(address)
        except OSError:
            connection.close()
            raise
        return Line(connection, token)


def _runtime_folder() -> Path:
    """The user's own folder for what lasts as long as a session of the desktop; ControlError where there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without a desktop's folder the one in its place is as private
        try:
            return Path(platformdirs.user_runtime_dir("rtvc", appauthor=False))
        except PermissionError as error:
            raise ControlError(f"there is no private folder to listen in ({error})") from error
