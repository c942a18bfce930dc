"""Parts that voices share and nobody may ship with them: the content network and the speaker-verification weights.

Each lies in a folder of its own: `weights.safetensors`, and `part.yaml` that says what it is and where it came from.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
import yaml
from torch import Tensor

from models.checkpoint import write_tensors
from rtvc.errors import VoiceError

HUBERT, SPEAKER = "hubert", "speaker-verification"
STANDARD_ID: Mapping[str, str] = {HUBERT: "chinese-hubert-base", SPEAKER: "eres2netv2w24s4ep4"}
"""The part of each kind that every GPT-SoVITS voice was made with."""
FACTS, WEIGHTS = "part.yaml", "weights.safetensors"


@dataclass(frozen=True)
class Part:
    """One part on disk: its id is the name of its folder; `origin` says which file it was made from."""

    id: str
    kind: str
    sha256: str
    origin: Mapping[str, Any]
    weights: Path


class Parts:
    """All parts in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def list(self) -> tuple[Part, ...]:
        """Return every part that can be read, by id."""
        return tuple(part for facts in sorted(self.folder.glob(f"*/{FACTS}")) if (part := _read(facts.parent)))

    def find(self, part_id: str) -> Part | None:
        """Return the part of that id, or None; its weights are not verified."""
        return _read(self.folder / part_id)

    def get(self, part_id: str, kind: str) -> Part:
        """Return a part whose weights are whole; raises VoiceError saying how to get it."""
        part = self.find(part_id)
        if part is None:
            raise VoiceError(f"the part {part_id} is missing; get it with: rtvc voices fetch {kind}")
        if part.kind != kind:
            raise VoiceError(f"the part {part_id} is a {part.kind}, not a {kind}")
        if _checksum(part.weights) != part.sha256:
            raise VoiceError(f"{part.weights} is damaged; remove its folder and run: rtvc voices fetch {kind}")
        return part

    def store(
        self, kind: str, tensors: Mapping[str, Tensor], config: Mapping[str, Any], origin: Mapping[str, Any]
    ) -> Part:
        """Keep weights as a part and return it: under the standard id, or another one where that is taken.

        `origin` has the SHA-256 of the file that the weights are from: the same file again is the part that is there.
        Raises VoiceError where it cannot be written.
        """
        unfinished = self.folder / f".{STANDARD_ID[kind]}.{WEIGHTS}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_tensors(unfinished, tensors, {"kind": kind, "config": json.dumps(dict(config))})
            facts = {"kind": kind, "sha256": _checksum(unfinished), "origin": dict(origin)}
            for part_id in (STANDARD_ID[kind], f"{STANDARD_ID[kind]}-{origin['sha256'][:8]}"):
                part = self.find(part_id)
                if part is None or part.origin.get("sha256") == origin["sha256"]:
                    return self._keep(unfinished, part_id, facts)
        except OSError as error:
            raise VoiceError(f"{self.folder} cannot be written ({error.strerror})") from error
        finally:
            unfinished.unlink(missing_ok=True)
        raise AssertionError("an id with a checksum in it is free or of the same file")

    def _keep(self, unfinished: Path, part_id: str, facts: Mapping[str, Any]) -> Part:
        folder = self.folder / part_id
        folder.mkdir(exist_ok=True)
        unfinished.replace(folder / WEIGHTS)
        (folder / FACTS).write_text(yaml.safe_dump(dict(facts), sort_keys=False, allow_unicode=True), encoding="utf-8")
        found = _read(folder)
        assert found is not None
        return found


def default_parts() -> Parts:
    """Return the user's own parts."""
    return Parts(Path(platformdirs.user_data_dir("rtvc", appauthor=False)) / "parts")


def _read(folder: Path) -> Part | None:
    """The part in a folder, None where there is none that can be used."""
    try:
        facts = yaml.safe_load((folder / FACTS).read_text(encoding="utf-8"))
        part = Part(folder.name, facts["kind"], facts["sha256"], dict(facts["origin"]), folder / WEIGHTS)
    except (OSError, ValueError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        return None
    return part if part.weights.is_file() else None


def _checksum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise VoiceError(f"{path} cannot be read ({error.strerror})") from error
