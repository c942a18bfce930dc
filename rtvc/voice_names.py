"""Names of voices: each is the name of a folder, on every system."""

import re
from collections.abc import Collection
from pathlib import Path

from rtvc.errors import VoiceError

MOST_LETTERS = 64
FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
TRAINING_MARKS = re.compile(r"([_-]e\d+)?([_-]s\d+)?(_l\d+)?$")
RESERVED = frozenset(["con", "prn", "aux", "nul", *(f"{port}{i}" for port in ("com", "lpt") for i in range(1, 10))])
"""Files of this name are devices on Windows."""


def check_name(name: str) -> str:
    """Return a name that a voice may have; raises VoiceError, saying what is wrong with it."""
    if not name or name != name.strip() or name.startswith((".", "-")) or name.endswith("."):
        raise VoiceError(f"{name!r} is no name for a voice: it begins and ends with a letter or digit")
    if FORBIDDEN.search(name) or not name.isprintable():
        raise VoiceError(f'{name!r} is no name for a voice: it must be free of / \\ : * ? " < > | and line breaks')
    if len(name) > MOST_LETTERS:
        raise VoiceError(f"{name[:20]!r}… is no name for a voice: it has {len(name)} letters, more than {MOST_LETTERS}")
    if name.partition(".")[0].casefold() in RESERVED:
        raise VoiceError(f"{name!r} is no name for a voice: it is a device's on some systems")
    return name


def name_of_file(path: Path) -> str:
    """Return the name that a file suggests: `anna_e8_s144.pth` is anna's."""
    stem = TRAINING_MARKS.sub("", path.stem) or path.stem
    plain = FORBIDDEN.sub("-", "".join(letter for letter in stem if letter.isprintable()))
    return plain.strip(" .-")[:MOST_LETTERS].rstrip(" .") or "voice"


def free_name(name: str, taken: Collection[str]) -> str:
    """Return the name, or the first of its successors (`anna-2`) that no voice has."""
    known = {one.casefold() for one in taken}  # some file systems see no difference
    if name.casefold() not in known:
        return name
    return next(one for i in range(2, len(known) + 3) if (one := f"{name}-{i}").casefold() not in known)
