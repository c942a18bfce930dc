import importlib.util
import json

import pytest
import soundfile

from tests.rtvc.commands.toys import make_speech


@pytest.fixture(autouse=True)
def without_judges(monkeypatch):
    """Real judges take long and have tests of their own."""
    from rtvc.judging import judges

    for name in ("_speaker", "_quality", "_words"):
        monkeypatch.setattr(judges, name, lambda: None)


def test_report_is_written_where_it_is_wanted_and_its_figures_are_told(rtvc, recording, tmp_path):
    soundfile.write(recording, make_speech(1.0, 16000), 16000)
    answer = rtvc("voices", "test", "toy", recording, "--output", tmp_path / "reports", "--set", "gain_db=-6")

    report = json.loads((tmp_path / "reports" / "toy-report.json").read_text(encoding="utf-8"))
    assert answer.code == 0
    assert "Delay of the engine" in answer.out and "toy-report.html: open it" in answer.out
    assert "Not all judges are here." in answer.out
    assert report["voice"]["name"] == "toy" and report["recordings"][0]["name"] == recording.name
    assert (tmp_path / "reports" / "toy-report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_some_of_many_recordings_are_taken_from_everywhere(rtvc, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(7):
        soundfile.write(folder / f"{number}.wav", make_speech(0.6, 16000), 16000)

    answer = rtvc("voices", "test", "toy", folder, "--most", 3, "--output", tmp_path)

    report = json.loads((tmp_path / "toy-report.json").read_text(encoding="utf-8"))
    assert answer.code == 0
    assert [one["name"] for one in report["recordings"]] == ["0.wav", "3.wav", "6.wav"]


def test_recording_that_cannot_be_used_is_told_and_left_out(rtvc, recording, tmp_path):
    soundfile.write(recording, make_speech(0.6, 16000), 16000)
    (tmp_path / "broken.wav").write_bytes(b"no sound")

    answer = rtvc("voices", "test", "toy", tmp_path / "broken.wav", recording, "--output", tmp_path)

    assert answer.code == 0
    assert "broken.wav" in answer.sentence
    assert len(json.loads((tmp_path / "toy-report.json").read_text(encoding="utf-8"))["recordings"]) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [(["nobody"], "nobody"), (["toy", "absent.wav"], "no file or folder absent.wav")],
)
def test_what_is_not_there_is_named(rtvc, words, sentence):
    answer = rtvc("voices", "test", *words)

    assert answer.code == 1
    assert sentence in answer.sentence


def test_without_the_extra_its_installation_is_told(rtvc, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "matplotlib" else find(name))

    answer = rtvc("voices", "test", "toy")

    assert answer.code == 1
    assert answer.sentence.endswith('a report needs matplotlib: pip install "rtvc[evaluate]"')
