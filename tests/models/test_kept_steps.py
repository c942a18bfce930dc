"""What is made of a voice file is kept: the next time it is only opened."""

import hashlib
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from models import kept_steps, live_steps
from models.base import StreamSpec
from models.errors import CheckpointError
from models.kept_steps import KeptSteps, forget
from models.live import load
from models.live_steps import TEMPLATES
from tests.small_live import VALUES

SLT = Path(__file__).parents[2] / "models" / "voices" / "slt" / "voice.safetensors"
NOISE = 0.1 * np.random.default_rng(0).standard_normal(16000).astype(np.float32)[None, None]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that is kept of a voice."""
    folder = tmp_path_factory.mktemp("kept")
    load({"kept_in": str(folder)}, SLT)
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "kept"))


def sound(folder: Path | None, weights: Path = SLT) -> np.ndarray:
    voice = load({"kept_in": str(folder)} if folder is not None else {}, weights)
    return voice.open(StreamSpec(), VALUES)[0].push(NOISE)


def refuse(*_: object) -> None:
    raise AssertionError("the tensors are not needed")


def test_kept_steps_sound_as_new_ones_and_need_no_tensors(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = sound(None)

    monkeypatch.setattr(live_steps, "arrays_of", refuse)

    np.testing.assert_array_equal(sound(folder), wanted)


@pytest.mark.parametrize("damage", ["a changed byte", "its end", "nothing left"])
def test_damaged_file_is_made_anew(folder: Path, damage: str) -> None:
    for path in folder.iterdir():
        raw = bytearray(path.read_bytes())
        raw[-100] ^= 1
        path.write_bytes({"a changed byte": raw, "its end": raw[:-100], "nothing left": b""}[damage])
    damaged = {path.name: path.read_bytes() for path in folder.iterdir()}

    np.testing.assert_array_equal(sound(folder), sound(None))

    assert {path.name for path in folder.iterdir()} == set(damaged)
    assert all(path.read_bytes() != damaged[path.name] for path in folder.iterdir())


def test_other_look_ahead_is_kept_when_it_is_asked_for(folder: Path) -> None:
    count = len(list(folder.iterdir()))
    voice = load({"kept_in": str(folder)}, SLT)

    voice.open(StreamSpec(right=0.0), VALUES)

    assert len(list(folder.iterdir())) == count + 1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_changed_voice_file_is_read_as_strictly_as_ever(folder: Path, tmp_path: Path, value: float) -> None:
    raw = bytearray(SLT.read_bytes())
    raw[-2:] = np.float16(value).tobytes()
    (tmp_path / "voice.safetensors").write_bytes(raw)

    with pytest.raises(CheckpointError, match="NaN or infinity"):
        sound(folder, tmp_path / "voice.safetensors")


def test_folder_that_cannot_be_written_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert np.isfinite(sound(tmp_path / "file")).all()


def test_what_was_used_last_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_steps, "MOST_BYTES", 3000)
    steps = KeptSteps(tmp_path, b"a voice", TEMPLATES)
    for age, name in enumerate(("first", "second")):
        steps.put(name, {"w": np.zeros(250, np.float32)}, [])
        os.utime(max(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns), (age, age))
    assert steps.get("first") is not None

    steps.put("third", {"w": np.zeros(250, np.float32)}, [])

    assert [steps.get(name) is not None for name in ("first", "second", "third")] == [True, False, True]


def test_only_the_voice_that_goes_is_forgotten(tmp_path: Path) -> None:
    both = [KeptSteps(tmp_path, voice, TEMPLATES) for voice in (b"one", b"other")]
    for steps in both:
        steps.put("a", {"w": np.arange(3, dtype=np.float32)}, [np.ones((2, 2), np.float32)])

    forget(tmp_path, hashlib.sha256(b"one").hexdigest())

    found = both[1].get("a")
    assert (both[0].has_any, both[1].has_any) == (False, True)
    assert found is not None
    np.testing.assert_array_equal(found.filled["w"], [0, 1, 2])
    np.testing.assert_array_equal(found.initial[0], np.ones((2, 2)))
