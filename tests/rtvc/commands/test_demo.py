import numpy as np
import pytest
import soundfile

from rtvc.demo import RECORDING


@pytest.fixture
def short_demo(monkeypatch, recording):
    """Half a second in place of the bundled recording, on a machine without any sound."""
    monkeypatch.setenv("PULSE_SERVER", "unix:/none")
    monkeypatch.setattr("rtvc.devices._library_devices", tuple)
    monkeypatch.setattr("rtvc.commands.demo.RECORDING", recording)


def test_demo_is_written_where_there_is_no_speaker(rtvc, short_demo, tmp_path):
    (tmp_path / "demo.wav").write_bytes(b"old")

    answer = rtvc("demo", "--voice", "toy", "--output-file", tmp_path / "demo.wav")

    samples, _ = soundfile.read(tmp_path / "demo.wav")
    assert answer.code == 0, answer.err
    assert f"written to {tmp_path / 'demo.wav'}" in answer.out
    assert np.abs(samples).max() > 0.05
    assert [path.name for path in tmp_path.glob("*demo*")] == ["demo.wav"]


def test_demo_that_fails_leaves_the_old_file(rtvc, short_demo, tmp_path):
    (tmp_path / "demo.wav").write_bytes(b"old")

    answer = rtvc("demo", "--voice", "toy", "--set", "gane_db=1", "--output-file", tmp_path / "demo.wav")

    assert answer.code == 1
    assert "no control 'gane_db'" in answer.err.splitlines()[-1]
    assert (tmp_path / "demo.wav").read_bytes() == b"old"


def test_speaker_that_is_named_where_there_is_no_sound_is_one_sentence(rtvc, short_demo):
    answer = rtvc("demo", "--voice", "toy", "--output", "loud")

    assert answer.code == 1
    assert "the sound server does not answer" in answer.sentence


def test_unknown_speaker_is_one_sentence(rtvc, server):
    answer = rtvc("demo", "--voice", "toy", "--output", "loud")

    assert answer.code == 1
    assert "no output 'loud'" in answer.sentence


def test_bundled_recording_is_short_speech():
    facts = soundfile.info(RECORDING)

    assert 5 < facts.duration < 20
    assert RECORDING.stat().st_size < 300_000
    assert RECORDING.with_name("LICENSE-demo.txt").exists()
