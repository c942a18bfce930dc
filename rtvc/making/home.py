"""Voices in the making: one folder each, with all that is needed to go on."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from rtvc.errors import VoiceError

NOTHING = "nothing"
"""In place of the name of a voice to start from."""


@dataclass(frozen=True)
class Wish:
    """A voice to make: whose it is and that the person agreed (`consent`), and of which recordings.

    `start` is the shipped voice to begin with, NOTHING, or empty for the nearest one; `minutes` of training at most;
    `rate` of the voice, 0 for the one that serves the recordings.
    """

    name: str
    title: str
    consent: str
    recordings: tuple[str, ...]
    minutes: float = 10.0
    start: str = ""
    rate: int = 0


class Making:
    """The folder of a voice in the making."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def is_begun(self) -> bool:
        """Whether there is something to go on with."""
        return (self.folder / "wish.json").exists()

    @property
    def wish(self) -> Wish:
        """What was wished for; raises VoiceError where that is damaged."""
        try:
            facts: Mapping[str, Any] = json.loads((self.folder / "wish.json").read_text(encoding="utf-8"))
            return Wish(**{**facts, "recordings": tuple(facts["recordings"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise VoiceError(f"{self.folder} is damaged ({error}); begin anew") from error

    @property
    def prepared(self) -> Path:
        """Where the pieces of speech lie."""
        return self.folder / "speech"

    @property
    def views(self) -> Path:
        """What the generator learns from."""
        return self.folder / "views.pt"

    @property
    def held_back(self) -> Path:
        """What it is scored with."""
        return self.folder / "held_back.pt"

    @property
    def preview(self) -> Path:
        """The bundled recording as the voice says it by now."""
        return self.folder / "preview.wav"

    def begin(self, wish: Wish) -> None:
        """Write down what is wished for; raises VoiceError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = self.folder / "wish.json.part"
            part.write_text(json.dumps(asdict(wish)), encoding="utf-8")
            os.replace(part, self.folder / "wish.json")
        except OSError as error:
            raise VoiceError(f"{self.folder} cannot be written ({error.strerror})") from error

    def discard(self) -> None:
        """Delete it, the copies of the recordings too."""
        shutil.rmtree(self.folder, ignore_errors=True)


def making_of(name: str) -> Making:
    """Return the place where the voice of that name is made."""
    return Making(_data() / "making" / name)


def begun_wishes() -> tuple[Wish, ...]:
    """Return what voices in the making were wished for, by name; damaged ones are left out."""
    wishes = []
    for path in sorted((_data() / "making").glob("*/wish.json")):
        with suppress(VoiceError):
            wishes.append(Making(path.parent).wish)
    return tuple(wishes)


def recordings_of(name: str) -> Path:
    """Return the folder of what is recorded with `rtvc voices record`."""
    return _data() / "recordings" / name


def absolute(recordings: Sequence[Path]) -> tuple[str, ...]:
    """Recordings as a wish keeps them."""
    return tuple(str(path.resolve()) for path in recordings)


def _data() -> Path:
    return Path(platformdirs.user_data_dir("rtvc", appauthor=False))
