import shutil

import numpy as np
import pytest
import soundfile

from tests.rtvc.commands.toys import make_speech

RATES = [8000, 11025, 16000, 22050, 44100, 48000, 96000, 192000]


@pytest.mark.parametrize("rate", RATES)
def test_result_is_as_long_as_the_recording_and_aligned_to_it(rtvc, tmp_path, rate):
    speech = make_speech(0.73, rate)
    soundfile.write(tmp_path / "in.wav", speech, rate)

    answer = rtvc("convert", tmp_path / "in.wav", tmp_path / "out.wav", "--voice", "toy", "--rate", rate)

    result, found_rate = soundfile.read(tmp_path / "out.wav", dtype="float32")
    assert (answer.code, answer.err, found_rate, len(result)) == (0, "", rate, len(speech))
    best = max(range(-20, 21), key=lambda shift: float(np.dot(np.roll(speech, shift), result)))
    assert abs(best) / rate < 1e-4
    middle = slice(len(speech) // 10, -len(speech) // 10)
    assert np.corrcoef(speech[middle], result[middle])[0, 1] > 0.98


def test_result_has_the_rate_of_the_voice(rtvc, tmp_path):
    soundfile.write(tmp_path / "in.wav", make_speech(0.5, 44100), 44100)

    rtvc("convert", tmp_path / "in.wav", tmp_path / "out.flac", "--voice", "toy")

    facts = soundfile.info(tmp_path / "out.flac")
    assert (facts.samplerate, facts.frames, facts.channels, facts.format) == (16000, 8000, 1, "FLAC")


@pytest.mark.parametrize("hop_ms", [10, 20, 33.3, 500])
def test_hop_makes_no_difference(rtvc, recording, tmp_path, hop_ms):
    rtvc("convert", recording, tmp_path / "a.wav", "--voice", "toy")
    rtvc("convert", recording, tmp_path / "b.wav", "--voice", "toy", "--hop-ms", hop_ms)

    a, b = (soundfile.read(tmp_path / name, dtype="float32")[0] for name in ("a.wav", "b.wav"))
    np.testing.assert_allclose(a, b, atol=1e-4)


def test_stereo_becomes_mono(rtvc, tmp_path):
    speech = make_speech(0.5, 16000)
    soundfile.write(tmp_path / "in.wav", np.stack([speech, np.zeros_like(speech)], axis=1), 16000)

    rtvc("convert", tmp_path / "in.wav", tmp_path / "out.wav", "--voice", "toy")

    result, _ = soundfile.read(tmp_path / "out.wav", dtype="float32")
    np.testing.assert_allclose(result[1000:-1000], speech[1000:-1000] / 2, atol=0.01)


def test_set_reaches_the_voice(rtvc, recording, tmp_path):
    rtvc("convert", recording, tmp_path / "a.wav", "--voice", "toy", "--set", "gain_db=-12")

    result, _ = soundfile.read(tmp_path / "a.wav")
    speech, _ = soundfile.read(recording)
    assert np.std(result) / np.std(speech) == pytest.approx(10 ** (-12 / 20), rel=0.05)


def test_settings_name_the_voice_and_its_values(rtvc, recording, tmp_path):
    (tmp_path / "config.yaml").write_text("voice: {name: toy, params: {toy: {gain_db: -12}}}\n")

    answer = rtvc("--config", tmp_path / "config.yaml", "convert", recording, tmp_path / "a.wav")

    assert answer.code == 0
    assert np.std(soundfile.read(tmp_path / "a.wav")[0]) < np.std(soundfile.read(recording)[0]) / 3


def test_folder_is_converted_with_its_names(rtvc, recording, tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    shutil.copy(recording, tmp_path / "in" / "a.wav")
    soundfile.write(tmp_path / "in" / "deep" / "b.flac", make_speech(0.3, 22050), 22050)

    answer = rtvc("convert", tmp_path / "in", tmp_path / "out", "--voice", "toy")

    assert (answer.code, answer.err) == (0, "")
    assert soundfile.info(tmp_path / "out" / "a.wav").frames == 8000
    assert soundfile.info(tmp_path / "out" / "deep" / "b.wav").frames == 4800


def test_bad_recording_in_a_folder_is_told_and_left_out(rtvc, recording, tmp_path):
    (tmp_path / "in").mkdir()
    shutil.copy(recording, tmp_path / "in" / "good.wav")
    (tmp_path / "in" / "bad.wav").write_bytes(b"no sound")

    answer = rtvc("convert", tmp_path / "in", tmp_path / "out", "--voice", "toy")

    first, last = answer.err.splitlines()
    assert answer.code == 1
    assert "bad.wav cannot be read as audio" in first
    assert "1 of 2 recordings" in last
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.wav"]


def test_result_of_an_earlier_run_is_replaced(rtvc, recording, tmp_path):
    (tmp_path / "out.wav").write_bytes(b"old")

    answer = rtvc("convert", recording, tmp_path / "out.wav", "--voice", "toy")

    assert answer.code == 0
    assert soundfile.info(tmp_path / "out.wav").frames == 8000


@pytest.mark.parametrize("name", ["speech.wav", "../{folder}/speech.wav", "link.wav", "hard.wav"])
def test_recording_is_never_overwritten(rtvc, recording, tmp_path, name):
    before = recording.read_bytes()
    (tmp_path / "link.wav").symlink_to(recording)
    (tmp_path / "hard.wav").hardlink_to(recording)

    answer = rtvc("convert", recording, tmp_path / name.format(folder=tmp_path.name), "--voice", "toy")

    assert answer.code == 1
    assert "is a recording to convert" in answer.sentence
    assert recording.read_bytes() == before


def test_result_that_cannot_be_written_leaves_the_old_one(rtvc, recording, tmp_path):
    (tmp_path / "out.opus").write_bytes(b"old")

    answer = rtvc("convert", recording, tmp_path / "out.opus", "--voice", "toy", "--rate", "44100")

    assert answer.code == 1
    assert "cannot be written" in answer.sentence
    assert (tmp_path / "out.opus").read_bytes() == b"old"
