"""`rtvc voices calibrate`: measures a small voice, says what it chose and why, and keeps it."""

import json
from pathlib import Path
from typing import Any

import platformdirs
import pytest
import yaml

from models.checkpoint import read_tensors
from models.sovits import SovitsVoice
from models.text_encoder import TextConstant
from rtvc.calibration import measuring
from rtvc.cli import main
from rtvc.library import Voice, read_voice
from rtvc.loading import load_model
from rtvc.presets import read_presets
from tests.small_sovits import write_small_voice


@pytest.fixture
def voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Voice:
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_, **__: str(tmp_path))
    return write_small_voice(tmp_path / "voices" / "anna")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    code = main(["voices", "calibrate", "anna", "--threads", "1", "--seconds", "4", "--json", *words])

    out, err = capsys.readouterr()
    assert code == 0, err
    answer: dict[str, Any] = json.loads(out)
    return answer


def test_everything_is_measured_and_kept(voice: Voice, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys)

    card = read_voice(voice.folder).card
    assert card["calibration"]["chosen"] == found["chosen"]
    assert {one["text"] for one in found["texts"]} == {'const ","', 'const "."', 'const "!"', "none"}
    assert {one["statistics"] for one in found["codes"]} == {"running", "warm", "frozen", "window"}
    assert [one["preset"] for one in found["presets"]] == ["low delay", "balanced", "quality"]
    assert all(0 <= one["share"] <= 1 and one["codes"] > 0 for one in found["codes"])
    assert card["stream"]["default"] == found["chosen"]["preset"]["value"]
    presets = read_presets(read_voice(voice.folder))
    assert presets is not None
    assert f"{presets.chosen()['left_ms'] / 1000:g} s of past" == found["chosen"]["context"]["value"]
    assert isinstance(load_model(read_voice(voice.folder), "cpu", 1), SovitsVoice)


def test_phones_give_a_mean_that_the_voice_can_use(voice: Voice, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--text-ids", "2,5,3,7,1")

    assert {"mean", "phones"} <= {one["text"] for one in found["texts"]}
    assert read_voice(voice.folder).card["text"]["mode"] != "phones"
    tensors, _ = read_tensors(voice.folder / "style.safetensors")
    assert tensors["text_mean"].shape == (1, 32, 1)
    card = {**read_voice(voice.folder).card, "text": {"mode": "mean"}}
    (voice.folder / "card.yaml").write_text(yaml.safe_dump(card))
    made = load_model(read_voice(voice.folder), "cpu", 1)
    assert isinstance(made, SovitsVoice)
    assert isinstance(made.text, TextConstant)


def test_interruption_leaves_the_voice_as_it_was(
    voice: Voice, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in voice.folder.iterdir() if path.is_file()}

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(measuring, "streamed", interrupted)

    code = main(["voices", "calibrate", "anna", "--seconds", "4", "--text-ids", "2,5,3", "--threads", "1"])

    assert code == 130
    assert {path: path.read_bytes() for path in voice.folder.iterdir() if path.is_file()} == before


def test_table_says_why(voice: Voice, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["voices", "calibrate", "anna", "--seconds", "4", "--threads", "1", "--dry-run"])

    out = capsys.readouterr().out
    assert code == 0
    assert "because" in out
    assert "stays as it was" in out
    assert "calibration" not in read_voice(voice.folder).card


def test_truncation_is_a_table_by_frames_of_future(voice: Voice, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "--truncation")

    assert [one["right"] for one in found] == [0, 2, 4, 8, 12, 16, 24]  # type: ignore[index]
    assert found[-1]["both"]["block"] > found[0]["both"]["block"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["slt"], "came with the program"),
        (["anna", "nothing.wav"], "nothing.wav"),
        (["anna", "--text-ids", "2,99"], "text id 99"),
    ],
)
def test_what_cannot_be_calibrated_is_one_sentence(
    voice: Voice, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    code = main(["voices", "calibrate", *words, "--threads", "1"])

    assert code == 1
    assert sentence in capsys.readouterr().err
