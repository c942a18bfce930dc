"""Faulty voices, recordings, settings and disks: one sentence, the right exit code, and nothing lost."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import soundfile
import torch
import yaml

from models.content_sizes import ContentConfig
from models.generator_sizes import GeneratorConfig
from models.live_networks import LiveNetworks, write_networks
from tests.rtvc.commands.toys import make_speech

SMALL_CONTENT = ContentConfig(width=16, heads=2, feed_forward=16, blocks=1)
SMALL_GENERATOR = GeneratorConfig(width=16, feed_forward=16, slow_blocks=1, fast_blocks=1)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """The weights of an untrained voice of the family live."""
    path = tmp_path_factory.mktemp("weights") / "voice.safetensors"
    torch.manual_seed(0)
    write_networks(path, LiveNetworks(SMALL_CONTENT, SMALL_GENERATOR), look_ahead=2)
    return path


@pytest.fixture
def voice(home, weights):
    """The folder of a voice `real`, with a card that fits its weights."""
    folder = home / "rtvc" / "voices" / "real"
    folder.mkdir()
    shutil.copy(weights, folder / "voice.safetensors")
    write_card(folder)
    return folder


def write_card(folder, **changes):
    checksum = hashlib.sha256((folder / "voice.safetensors").read_bytes()).hexdigest()
    card = {"name": folder.name, "family": "live", "sha256": checksum, **changes}
    (folder / "card.yaml").write_text(yaml.safe_dump(card))


def rewrite(folder, change):
    """Change the tensors and texts of a voice's weights; the card then fits them again."""
    path = folder / "voice.safetensors"
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    tensors, texts = safetensors.torch.load(raw), json.loads(raw[8 : 8 + length])["__metadata__"]
    change(tensors, texts)
    safetensors.torch.save_file(tensors, path, texts)
    write_card(folder)


def truncate(folder):
    path = folder / "voice.safetensors"
    os.truncate(path, path.stat().st_size // 2)
    write_card(folder)


def replace_by(content):
    def change(folder):
        (folder / "voice.safetensors").write_bytes(content)
        write_card(folder)

    return change


def tamper(folder):
    with (folder / "voice.safetensors").open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x7f")


def poison(folder):
    rewrite(folder, lambda tensors, _: next(iter(tensors.values())).view(-1)[:1].fill_(float("nan")))


def lose_a_tensor(folder):
    rewrite(folder, lambda tensors, _: tensors.pop(sorted(tensors)[0]))


VOICES = {
    "missing weights": (lambda folder: (folder / "voice.safetensors").unlink(), "is missing; install the voice again"),
    "no weights and no checksum": (
        lambda folder: (
            (folder / "voice.safetensors").unlink(),
            (folder / "card.yaml").write_text("family: live\n"),
        ),
        "needs its weights file voice.safetensors",
    ),
    "truncated": (truncate, "damaged or no safetensors file"),
    "empty": (replace_by(b""), "no size of a safetensors file"),
    "foreign": (replace_by(b"PK\x03\x04" + bytes(5000)), "no safetensors file"),
    "tampered": (tamper, "is not the file that its card describes"),
    "NaN weights": (poison, "holds NaN or infinity"),
    "another family's": (
        lambda folder: rewrite(folder, lambda _, texts: texts.clear()),
        "is not a voice of the family",
    ),
    "another size": (
        lambda folder: rewrite(folder, lambda _, texts: texts.update(config="{}")),
        "has no usable network sizes",
    ),
    "a tensor short": (lose_a_tensor, "it lacks"),
    "unknown family": (lambda folder: write_card(folder, family="lives"), "no model family 'lives'; known: live"),
    "card of nothing": (lambda folder: (folder / "card.yaml").write_text(""), "holds no card"),
    "card of noise": (lambda folder: (folder / "card.yaml").write_bytes(bytes(range(128, 256))), "cannot be read"),
}


def test_sound_voice_converts(rtvc, voice, recording, tmp_path):
    answer = rtvc("convert", recording, tmp_path / "out.wav", "--voice", "real")

    assert (answer.code, answer.err) == (0, "")
    assert soundfile.info(tmp_path / "out.wav").frames == 8000


@pytest.mark.parametrize("command", [["convert", "{recording}", "{out}"], ["bench"]], ids=["convert", "bench"])
@pytest.mark.parametrize("fault", VOICES)
def test_faulty_voice_is_one_sentence(rtvc, voice, recording, tmp_path, command, fault):
    damage, expected = VOICES[fault]
    damage(voice)
    out = tmp_path / "out.wav"
    out.write_bytes(b"old")

    answer = rtvc(*(word.format(recording=recording, out=out) for word in command), "--voice", "real")

    assert answer.code == 1
    assert expected in answer.sentence
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("name", "expected"), [("reel", "no voice 'reel'; did you mean real?"), ("zzz", "known: "), ("", "no voice ''")]
)
def test_unknown_voice_is_answered_with_the_nearest(rtvc, voice, recording, tmp_path, name, expected):
    answer = rtvc("convert", recording, tmp_path / "out.wav", "--voice", name)

    assert answer.code == 1
    assert expected in answer.sentence


@pytest.mark.parametrize(
    ("assignment", "expected"),
    [("pich=2", "no control 'pich'; did you mean pitch?"), ("books=99", "books is 99, it must be from 1 to 8 books")],
)
def test_unknown_control_is_answered_with_the_nearest(rtvc, voice, recording, tmp_path, assignment, expected):
    answer = rtvc("convert", recording, tmp_path / "out.wav", "--voice", "real", "--set", assignment)

    assert answer.code == 1
    assert expected in answer.sentence


def write_nothing(path: Path):
    soundfile.write(path, np.zeros(0, np.float32), 16000)


def write_odd_rate(path: Path):
    soundfile.write(path, make_speech(0.1, 16000), 500)


RECORDINGS = {
    "no bytes": (lambda path: path.write_bytes(b""), "cannot be read as audio"),
    "no audio": (lambda path: path.write_text("a letter"), "cannot be read as audio"),
    "no samples": (write_nothing, "holds no sound"),
    "unsupported rate": (write_odd_rate, "500"),
    "missing": (lambda path: None, "no file or folder"),
}


@pytest.mark.parametrize("fault", RECORDINGS)
def test_faulty_recording_is_one_sentence(rtvc, tmp_path, fault):
    write, expected = RECORDINGS[fault]
    write(tmp_path / "in.wav")
    (tmp_path / "out.wav").write_bytes(b"old")

    answer = rtvc("convert", tmp_path / "in.wav", tmp_path / "out.wav", "--voice", "toy")

    assert answer.code == 1
    assert expected in answer.sentence
    assert (tmp_path / "out.wav").read_bytes() == b"old"


@pytest.mark.parametrize(("count", "expected"), [(1, "too short for a voice"), (8000, "is silent, there is no voice")])
def test_recording_without_a_voice_is_told_and_converted_in_its_length(rtvc, voice, tmp_path, count, expected):
    soundfile.write(tmp_path / "in.wav", np.zeros(count, np.float32), 16000)

    answer = rtvc("convert", tmp_path / "in.wav", tmp_path / "out.wav", "--voice", "real")

    assert answer.code == 0
    assert expected in answer.sentence
    assert soundfile.info(tmp_path / "out.wav").frames == count


@pytest.mark.parametrize("target", ["/dev/full/out.wav", "/proc/out.wav", "{recording}/out.wav"])
def test_place_that_cannot_be_written_is_one_sentence(rtvc, recording, target):
    answer = rtvc("convert", recording, target.format(recording=recording), "--voice", "toy")

    assert answer.code == 1
    assert "cannot be" in answer.sentence


def test_damaged_settings_are_told_and_left_alone(rtvc, recording, tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text("engine:\n  hop: 20 # mine\n")

    answer = rtvc("--config", config, "convert", recording, tmp_path / "out.wav", "--voice", "toy")

    assert answer.code == 1
    assert "line 2: unknown key engine.hop; did you mean engine.hop_ms?" in answer.sentence
    assert config.read_text() == "engine:\n  hop: 20 # mine\n"
    assert not (tmp_path / "out.wav").exists()
