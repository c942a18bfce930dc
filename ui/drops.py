"""What was dropped onto the window."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

CHECKPOINTS = frozenset((".pth", ".pt", ".ckpt"))
RECORDINGS = frozenset((".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".aac", ".aif", ".aiff", ".wma", ".webm"))


class Drop(NamedTuple):
    """Files and folders by what they may be; what is really in them is found out by who opens them."""

    checkpoints: tuple[Path, ...] = ()
    recordings: tuple[Path, ...] = ()
    strange: tuple[Path, ...] = ()


def sorted_drop(paths: Iterable[Path]) -> Drop:
    """Tell voices to import from recordings, and both from what the window has no use for."""
    checkpoints, recordings, strange = [], [], []
    for path in paths:
        ending = path.suffix.lower()
        if ending in CHECKPOINTS:
            checkpoints.append(path)
        elif ending in RECORDINGS or path.is_dir():
            recordings.append(path)
        else:
            strange.append(path)
    return Drop(tuple(checkpoints), tuple(recordings), tuple(strange))
