"""The voices on disk: one folder each, with a card that says what it is and the weights beside it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rtvc.errors import VoiceError
from rtvc.nearest import hint

CARD = "card.yaml"
WEIGHTS = "voice.safetensors"
REQUIRED = ("family",)
KINDS: dict[str, tuple[type, str]] = {
    "name": (str, "a text"),
    "title": (str, "a text"),
    "family": (str, "a text"),
    "sex": (str, "a text"),
    "input_rate": (int, "a whole number of Hz"),
    "output_rate": (int, "a whole number of Hz"),
    "licence": (str, "a text"),
    "attribution": (str, "a text"),
    "sha256": (str, "a text of 64 hexadecimal digits"),
}


@dataclass(frozen=True)
class Voice:
    """One voice on disk; `name` is its folder's name, `weights` is None where the family needs none."""

    name: str
    card: dict[str, Any]
    folder: Path
    weights: Path | None

    @property
    def title(self) -> str:
        """What people call the voice."""
        return str(self.card.get("title", self.name))

    def verify(self) -> None:
        """Raise VoiceError unless the weights are the ones that the card was written for."""
        expected = self.card.get("sha256")
        if expected is None:
            return
        if self.weights is None:
            raise VoiceError(f"voice {self.name}: {self.folder / WEIGHTS} is missing; install the voice again")
        found = checksum(self.weights, self.name)
        if found != expected.lower():
            raise VoiceError(
                f"voice {self.name}: {self.weights} is not the file that its card describes "
                f"(sha256 {found[:12]}…, not {expected[:12].lower()}…); install the voice again"
            )


class Library:
    """All voices in a list of folders; where two have the same name, the first one counts."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = tuple(paths)

    def list(self) -> tuple[Voice, ...]:
        """Return every voice whose card can be read, by name; weights are not verified here."""
        voices = []
        for folder in self._folders().values():
            try:
                voices.append(read_voice(folder))
            except VoiceError:
                continue  # told by `faults`
        return tuple(voices)

    def faults(self) -> dict[str, str]:
        """Return one sentence for each voice that `list` leaves out, by name."""
        found = {}
        for name, folder in self._folders().items():
            try:
                read_voice(folder)
            except VoiceError as error:
                found[name] = str(error)
        return found

    def get(self, name: str) -> Voice:
        """Return the verified voice of that name, or the one in the folder that `name` is the path of.

        Raises VoiceError with the nearest match, or saying what is wrong with the voice.
        """
        folders = self._folders()
        if name in folders:
            voice = read_voice(folders[name])
        elif (Path(name) / CARD).is_file():
            voice = read_voice(Path(name).resolve())
        else:
            raise VoiceError(f"no voice {name!r}{hint(name, folders)}")
        voice.verify()
        return voice

    def _folders(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for path in self._paths:
            for card in path.glob(f"*/{CARD}"):
                found.setdefault(card.parent.name, card.parent)
        return dict(sorted(found.items()))


def shipped_folder() -> Path:
    """Return the folder of the voices that come with the program."""
    return Path(__file__).resolve().parent.parent / "models" / "voices"


def user_folder() -> Path:
    """Return the folder of the user's own voices."""
    import platformdirs  # late, as below

    return Path(platformdirs.user_data_dir("rtvc", appauthor=False)) / "voices"


def kept_folder() -> Path:
    """Return the folder of what is made of voices once and can be made again."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("rtvc", appauthor=False)) / "steps"


def default_library() -> Library:
    """Return the user's own voices and the shipped ones; an own voice goes before a shipped one of its name."""
    return Library([user_folder(), shipped_folder()])


def read_voice(folder: Path) -> Voice:
    """Return the voice in a folder; raises VoiceError where the card is missing, damaged or incomplete."""
    card = _read_card(folder / CARD, folder.name)
    weights = folder / WEIGHTS
    return Voice(folder.name, card, folder, weights if weights.exists() else None)


def checksum(path: Path, name: str) -> str:
    """Return the SHA-256 of a file of the voice `name`; raises VoiceError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise VoiceError(f"voice {name}: {path} cannot be read ({error.strerror})") from error


def _read_card(path: Path, name: str) -> dict[str, Any]:
    import yaml  # late: processes that are handed a voice do without

    try:
        card = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise VoiceError(f"voice {name}: {path} cannot be read ({error})") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise VoiceError(f"voice {name}: {path} is no YAML ({_flat(error)})") from error
    if not isinstance(card, dict):
        raise VoiceError(f"voice {name}: {path} holds no card (keys with values)")
    _check_card(card, path, name)
    return card


def _check_card(card: Mapping[Any, Any], path: Path, name: str) -> None:
    for key in REQUIRED:
        if key not in card:
            raise VoiceError(f"voice {name}: {path} does not say its {key}")
    for key, (kind, words) in KINDS.items():
        if key in card and (not isinstance(card[key], kind) or isinstance(card[key], bool)):
            raise VoiceError(f"voice {name}: {key} is {card[key]!r} in {path}, it must be {words}")


def _flat(error: Exception) -> str:
    return " ".join(str(error).split())
