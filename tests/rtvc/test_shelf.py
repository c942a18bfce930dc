"""The model of the voice that was wanted last stays loaded."""

import os
from pathlib import Path

import pytest

from rtvc.errors import VoiceError
from rtvc.library import Voice
from rtvc.shelf import Shelf

LOADER = f"{__name__}:load"
LOADED: list[str] = []


def load(voice: Voice, device: str, threads: int) -> object:
    if voice.name == "broken":
        raise VoiceError("it cannot be read")
    LOADED.append(voice.name)
    return object()


@pytest.fixture
def shelf() -> Shelf:
    LOADED.clear()
    return Shelf()


def voice(folder: Path, name: str) -> Voice:
    weights = folder / name
    if not weights.exists():
        weights.touch()
    return Voice(name, {"family": "toy"}, folder, weights)


def test_same_voice_is_loaded_once(shelf: Shelf, tmp_path: Path) -> None:
    models = [shelf.model(voice(tmp_path, "a"), "cpu", 1, LOADER) for _ in range(2)]

    assert models[0] is models[1]
    assert LOADED == ["a"]


def test_what_has_changed_is_loaded_anew(shelf: Shelf, tmp_path: Path) -> None:
    one = voice(tmp_path, "a")
    shelf.model(one, "cpu", 1, LOADER)
    shelf.model(one, "cpu", 2, LOADER)
    os.utime(tmp_path / "a", (0, 0))
    shelf.model(one, "cpu", 2, LOADER)
    shelf.model(voice(tmp_path, "b"), "cpu", 2, LOADER)

    assert LOADED == ["a", "a", "a", "b"]


def test_fault_of_one_voice_leaves_none(shelf: Shelf, tmp_path: Path) -> None:
    shelf.model(voice(tmp_path, "a"), "cpu", 1, LOADER)
    with pytest.raises(VoiceError):
        shelf.model(voice(tmp_path, "broken"), "cpu", 1, LOADER)
    shelf.model(voice(tmp_path, "a"), "cpu", 1, LOADER)

    assert LOADED == ["a", "a"]
