"""A file that one process at a time holds; the system lets go of it when that process ends, however it does."""

import os
import sys
from pathlib import Path

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600


class Lock:
    """A lock with the name of a file, which stays where it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = -1

    @property
    def is_held(self) -> bool:
        """Whether this object holds it."""
        return self._file >= 0

    def take(self) -> bool:
        """Hold it, or go on holding it; False where somebody else does, or the file cannot be made."""
        if self.is_held:
            return True
        try:
            self.path.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), PRIVATE_FILE)
            _lock(self._file)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Let go; safe to call again."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def _lock(file: int) -> None:
    """Lock an open file, or raise OSError where somebody else has it."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
