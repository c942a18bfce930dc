"""Who has made the virtual microphone and is to remove it: one process at a time, told by a lock that a crash frees."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import platformdirs

from rtvc.errors import DeviceError
from rtvc.lock import Lock
from rtvc.pulse import PulseServer
from rtvc.virtual_mic.server import SINK, SOURCE, look_for, make_whole, take_away

LOCK = "virtual-mic.lock"
STAYS = b"stays"  # written where the microphone is to outlive whoever made it


class VirtualMicrophone:
    """A virtual microphone for as long as this process wants it.

    One that a crash has left is adopted: its listeners notice nothing. One that another process made, or that was
    made to stay, is used and left alone.
    """

    output, microphone = SINK, SOURCE

    def __init__(self, folder: Path | None = None, connect: Callable[[], PulseServer] = PulseServer) -> None:
        """Make or adopt it; DeviceError where there is no sound server or it refuses. `folder` keeps the lock."""
        self._connect = connect
        self._lock = Lock((default_folder() if folder is None else folder) / LOCK)
        try:
            self.was_made = self.tend()
        except DeviceError:
            self._lock.release()
            raise

    @property
    def is_ours(self) -> bool:
        """Whether this process sees to it."""
        return self._lock.is_held

    def tend(self) -> bool:
        """Make it again where it has gone, with its server for one; True where it had. DeviceError without a server.

        Where another process sees to it there is nothing to do, until that process has ended.
        """
        if not self._lock.take():
            return False
        server = self._connect()
        try:
            was_made = make_whole(server)
        finally:
            server.close()
        if was_made:
            _mark(self._lock.path, stays=False)
        return was_made

    def close(self) -> None:
        """Remove it if it is ours and not meant to stay; safe to call again, and a server that has gone is no fault."""
        if self._lock.is_held and not _stays(self._lock.path):
            with suppress(DeviceError):
                remove(self._connect)
        self._lock.release()

    def __enter__(self) -> Self:
        """Return the microphone itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def make_to_stay(folder: Path | None = None, connect: Callable[[], PulseServer] = PulseServer) -> bool:
    """Make the microphone, or keep the one there is, until `remove`; True where it was made. Raises DeviceError."""
    with VirtualMicrophone(folder, connect) as microphone:
        _mark((default_folder() if folder is None else folder) / LOCK, stays=True)
        return microphone.was_made


def remove(connect: Callable[[], PulseServer] = PulseServer) -> bool:
    """Remove the microphone, whoever made it; True where there was one. Raises DeviceError."""
    server = connect()
    try:
        return take_away(server)
    finally:
        server.close()


def is_there(connect: Callable[[], PulseServer] = PulseServer) -> bool:
    """Whether the sound server has the whole microphone; raises DeviceError where there is no server."""
    server = connect()
    try:
        return look_for(server).is_whole
    finally:
        server.close()


def default_folder() -> Path:
    """Return the folder of this user's running programs."""
    return Path(platformdirs.user_runtime_dir("rtvc", appauthor=False))


def _stays(path: Path) -> bool:
    """Whether the microphone is to outlive whoever made it."""
    with suppress(OSError):
        return path.read_bytes() == STAYS
    return False


def _mark(path: Path, stays: bool) -> None:
    """Write down whether it is; where that cannot be, it is not."""
    with suppress(OSError):
        path.write_bytes(STAYS if stays else b"")
