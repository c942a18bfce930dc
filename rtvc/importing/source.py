"""A foreign file opened for reading at any place: a regular file and nothing else."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from types import TracebackType

from rtvc.importing.refusal import Refusal

MOST_BYTES = 2 << 30
PIECE = 4 << 20
ZIP_MARK = b"PK"
ZIP_START = b"\x03\x04"  # after the mark, or after the two bytes that some programs put in its place


class Source:
    """The bytes of one file. `mark` is its first two; in what `read` returns a replaced zip mark is whole again.

    A link to a regular file is followed; a folder, a pipe or a device is refused before it is opened.
    """

    def __init__(self, path: Path) -> None:
        """Open a file for reading; Refusal where it is none, is empty or is too large for any voice."""
        self.path = path
        try:
            _check_kind(os.stat(path).st_mode)
            self._file = os.fdopen(os.open(path, os.O_RDONLY | _NO_WAIT), "rb")
            facts = os.fstat(self._file.fileno())
        except FileNotFoundError:
            raise Refusal("is a link to nothing" if path.is_symlink() else "is not there") from None
        except (OSError, ValueError) as error:
            raise Refusal(f"cannot be opened ({_reason(error)})") from error
        self.size = facts.st_size
        try:
            _check_kind(facts.st_mode)  # what lies there may have been exchanged
            self._check_size()
            start = self._raw(0, 4)
        except Refusal:
            self.close()
            raise
        self.mark = start[:2]
        self.is_zip = start[2:] == ZIP_START and (self.mark == ZIP_MARK or self.mark.isdigit())

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; safe to call again."""
        self._file.close()

    def read(self, offset: int, size: int) -> bytes:
        """Return that many bytes from that place; Refusal where the file ends before."""
        data = self._raw(offset, size)
        if self.is_zip and offset < len(ZIP_MARK):
            data = (ZIP_MARK[offset:] + data[len(ZIP_MARK) - offset :])[:size]
        return data

    def sha256(self, on_bytes: Callable[[int], None]) -> str:
        """Return the checksum of the file as it lies on the disk; `on_bytes` is told how many came past."""
        digest = hashlib.sha256()
        for offset in range(0, self.size, PIECE):
            piece = self._raw(offset, min(PIECE, self.size - offset))
            digest.update(piece)
            on_bytes(len(piece))
        return digest.hexdigest()

    def _raw(self, offset: int, size: int) -> bytes:
        if not 0 <= offset <= offset + size <= self.size:
            raise Refusal("is cut off or damaged: it points beyond its own end")
        try:
            self._file.seek(offset)
            data = self._file.read(size)
        except OSError as error:
            raise Refusal(f"cannot be read ({_reason(error)})") from error
        if len(data) != size:
            raise Refusal("became shorter while it was read")
        return data

    def _check_size(self) -> None:
        if self.size == 0:
            raise Refusal("is empty; copy or download it again")
        if self.size < 4:
            raise Refusal(f"has only {self.size} bytes; copy or download it again")
        if self.size > MOST_BYTES:
            raise Refusal(f"has {self.size / 2**30:.1f} GiB, more than any voice has")


_NO_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


def _check_kind(mode: int) -> None:
    if S_ISDIR(mode):
        raise Refusal("is a folder; name the file in it")
    if not S_ISREG(mode):
        raise Refusal("is a pipe or a device, not a file")


def _reason(error: Exception) -> str:
    return str(error.strerror).lower() if isinstance(error, OSError) and error.strerror else str(error)
