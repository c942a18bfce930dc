"""Changes to the user's own voices: names, removal that can be undone, and copies to take elsewhere."""

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from rtvc.errors import VoiceError
from rtvc.library import CARD, WEIGHTS, Library, Voice, checksum, kept_folder, read_voice, shipped_folder, user_folder
from rtvc.nearest import hint
from rtvc.voice_names import check_name, free_name


class OwnVoices:
    """The voices in the user's folder; those that came with the program are seen but never changed.

    `trash` is where removed voices lie until they are restored or the user deletes them.
    """

    def __init__(self, folder: Path, shipped: Path) -> None:
        self.folder, self.trash = folder, folder.parent / "trash"
        self.library = Library([folder, shipped])

    def names(self) -> set[str]:
        """Return the names of all voices, damaged ones too, and of everything else in the user's folder."""
        try:
            beside = {path.name for path in self.folder.iterdir()}
        except OSError:
            beside = set()
        return beside | {voice.name for voice in self.library.list()} | set(self.library.faults())

    def check_free(self, name: str) -> str:
        """Return a name that a new voice may have; raises VoiceError, suggesting another one where it is taken."""
        check_name(name)
        free = free_name(name, self.names())
        if free != name:
            raise VoiceError(f"there is a voice {name} already; choose another name, such as {free}")
        return name

    def add(self, name: str, write: Callable[[Path], None]) -> Voice:
        """Make a voice of what `write` puts into the folder it is given: all of it appears at once, or nothing.

        Raises VoiceError where the name is taken or nothing can be written.
        """
        self.check_free(name)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            unfinished = Path(tempfile.mkdtemp(prefix=".voice-", dir=self.folder.parent))
        except OSError as error:
            raise VoiceError(f"{self.folder} cannot be written ({_reason(error)})") from error
        try:
            unfinished.chmod(0o755)
            write(unfinished)
            os.rename(unfinished, self.folder / name)
        except OSError as error:
            raise VoiceError(f"voice {name} cannot be written to {self.folder} ({_reason(error)})") from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return read_voice(self.folder / name)

    def own(self, name: str) -> Path:
        """Return the folder of one of the user's voices; raises VoiceError where it is none."""
        folder = self.folder / check_name(name)
        if (folder / CARD).is_file() or (folder / CARD).is_symlink():
            return folder
        if any(voice.name == name for voice in self.library.list()):
            raise VoiceError(f"voice {name} came with the program and stays as it is; export it to have a copy")
        raise VoiceError(f"no voice {name!r}{hint(name, [path.parent.name for path in self.folder.glob(f'*/{CARD}')])}")

    def rename(self, name: str, new: str) -> Voice:
        """Give a voice another name; raises VoiceError."""
        folder = self.own(name)
        if new.casefold() != name.casefold():
            self.check_free(new)
        target = self.folder / check_name(new)
        self._move(folder, target)
        card = read_voice(target).card
        if card.get("name") == name:
            update_card(target, {"name": new} | ({"title": new} if card.get("title") == name else {}))
        return read_voice(target)

    def remove(self, name: str) -> Path:
        """Move a voice to the trash, and return where it is there; raises VoiceError."""
        folder = self.own(name)
        try:
            self.trash.mkdir(parents=True, exist_ok=True)
            taken = {path.name for path in self.trash.iterdir()}
        except OSError as error:
            raise VoiceError(f"{self.trash} cannot be written ({_reason(error)})") from error
        target = self.trash / free_name(name, taken)
        self._move(folder, target)
        _forget_steps(target)
        return target

    def restore(self, name: str) -> Voice:
        """Bring a removed voice back under the name that it has in the trash; raises VoiceError."""
        source = self.trash / check_name(name)
        if not (source / CARD).is_file():
            known = [path.parent.name for path in self.trash.glob(f"*/{CARD}")]
            raise VoiceError(f"no removed voice {name!r}{hint(name, known)}")
        self.check_free(name)
        self._move(source, self.folder / name)
        return read_voice(self.folder / name)

    def _move(self, source: Path, target: Path) -> None:
        try:
            os.rename(source, target)
        except OSError as error:
            raise VoiceError(f"{source} cannot be moved to {target} ({_reason(error)})") from error


def _forget_steps(folder: Path) -> None:
    """Delete what was made of a voice's weights."""
    from models.kept_steps import forget  # late, as it brings numpy

    with suppress(VoiceError):
        forget(kept_folder(), checksum(folder / WEIGHTS, folder.name))


def default_own_voices() -> OwnVoices:
    """Return the user's own voices beside those that came with the program."""
    return OwnVoices(user_folder(), shipped_folder())


def copy_voice(voice: Voice, target: Path) -> Path:
    """Copy a voice's folder to `target`, or into it where it exists, and return where it is; raises VoiceError."""
    target = target / voice.name if target.is_dir() else target
    if target.exists():
        raise VoiceError(f"{target} exists already; choose another place")
    try:
        shutil.copytree(voice.folder, target)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(target, ignore_errors=True)
        raise VoiceError(f"{target} cannot be written ({_reason(error)})") from error
    return target


def update_card(folder: Path, facts: Mapping[str, Any]) -> None:
    """Change some facts on the card of a voice, whole or not at all; raises VoiceError."""
    card = read_voice(folder).card
    write_card(folder, {**card, **facts})


def write_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write the card of a voice, whole or not at all; raises VoiceError."""
    part = folder / f".{CARD}.{os.getpid()}.part"
    try:
        part.write_text(yaml.safe_dump(dict(card), sort_keys=False, allow_unicode=True), encoding="utf-8")
        part.replace(folder / CARD)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise VoiceError(f"{folder / CARD} cannot be written ({_reason(error)})") from error


def _reason(error: Exception) -> str:
    return str(error.strerror).lower() if isinstance(error, OSError) and error.strerror else "not every file"
