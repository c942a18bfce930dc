from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from models.live_networks import read_networks
from rtvc.demo import RECORDING
from rtvc.errors import AudioFileError, RtvcError
from rtvc.library import shipped_folder
from rtvc.preparing.preparation import Prepared, prepare

RATE = 16000


@pytest.fixture(scope="module")
def tracker():
    return read_networks(shipped_folder() / "slt" / "voice.safetensors")[0].pitch.eval()


def speech(times: int = 4) -> np.ndarray:
    return np.tile(np.pad(soundfile.read(RECORDING, dtype="float32")[0], (RATE // 2, RATE // 2)), times)


def made(tmp_path: Path, tracker, samples: np.ndarray, rate: int = RATE, name: str = "one.flac") -> Prepared:
    soundfile.write(tmp_path / name, samples, rate)
    return prepare([tmp_path / name], tmp_path / "work", tracker, lambda words, part: None)


def test_speech_is_cut_and_a_part_of_it_held_back(tmp_path, tracker):
    prepared = made(tmp_path, tracker, speech())

    report = prepared.report
    assert 38 < report.speech_s < 48
    assert 8 < report.held_back_s <= report.speech_s / 3 + 12
    assert report.training_s + report.held_back_s == pytest.approx(report.speech_s, abs=0.1)
    assert {1.5 <= piece.length / RATE <= 12.0 for piece in prepared.pieces} == {True}
    assert 100 < report.mean_hz < 140 and report.signal_to_noise_db > 20


def test_recordings_of_other_rates_give_the_same_speech(tmp_path, tracker):
    at_44100 = soxr.resample(speech(), RATE, 44100)
    stereo = np.stack([at_44100, at_44100], axis=1)

    prepared = made(tmp_path, tracker, stereo, 44100, "stereo.wav")

    assert prepared.report.rates == (44100,)
    assert 38 < prepared.report.speech_s < 48
    assert 6500 < prepared.report.bandwidth_hz < 8300
    assert prepared.report.rate == RATE and "16 kHz, for most" in prepared.report.rate_words


def stretches(prepared: Prepared) -> list[tuple[np.ndarray, np.ndarray]]:
    """Every piece at 16 kHz, and as the voice will have it brought to 16 kHz."""
    return [
        (prepared.samples(piece), soxr.resample(prepared.full_band(piece), prepared.report.rate, RATE))
        for piece in prepared.pieces
    ]


@pytest.mark.parametrize(("wished", "rate"), [(0, 24000), (48000, 48000)])
def test_pieces_of_wider_speech_are_also_kept_at_the_voices_rate(tmp_path, tracker, wished, rate):
    soundfile.write(tmp_path / "fast.wav", speech(), 24000)  # half as fast again, and as high

    prepared = prepare([tmp_path / "fast.wav"], tmp_path / "work", tracker, lambda words, part: None, wished)

    assert prepared.report.rate == rate and 10000 < prepared.report.bandwidth_hz <= 12000
    for narrow, wide in stretches(prepared):
        assert abs(len(wide) - len(narrow)) <= 1
        inner = slice(800, len(narrow) - 800)  # what was cut had neighbours
        assert np.abs(narrow - wide[: len(narrow)])[inner].max() < 0.02 * np.abs(narrow).max()
    assert ("as wished" in prepared.report.rate_words) == bool(wished)


def test_pieces_of_narrow_speech_are_kept_once(tmp_path, tracker):
    prepared = made(tmp_path, tracker, speech())

    piece = prepared.pieces[0]
    assert np.array_equal(prepared.samples(piece), prepared.full_band(piece))
    assert sorted(path.name for path in (tmp_path / "work").iterdir()) == ["pieces.i16", "pieces.json"]


def test_long_silence_is_dropped(tmp_path, tracker):
    quiet = np.zeros(30 * RATE, np.float32)

    prepared = made(tmp_path, tracker, np.concatenate([quiet, speech(), quiet]))

    assert prepared.report.seconds > 100
    assert 36 < prepared.report.speech_s < 48


def doubts(prepared: Prepared) -> str:
    return " ".join(prepared.report.warnings)


def test_faults_of_recordings_are_told_with_numbers(tmp_path, tracker):
    rng = np.random.default_rng(0)
    samples = speech()
    time = np.arange(len(samples)) / RATE
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in (220, 277, 330, 440, 880, 1320))

    told = {
        "noise": doubts(made(tmp_path, tracker, samples + 0.02 * rng.standard_normal(len(samples)))),
        "music": doubts(made(tmp_path, tracker, samples + 0.01 * chord)),
        "clipping": doubts(made(tmp_path, tracker, np.clip(12 * samples, -1, 1))),
        "quiet": doubts(made(tmp_path, tracker, 0.03 * samples)),
    }

    assert "steady noise is only" in told["noise"]
    assert "music" in told["music"]
    assert "% of the samples are clipped" in told["clipping"]
    assert "speech is quiet" in told["quiet"]
    assert "noise" not in told["quiet"] and "two speakers" not in told["quiet"]


def test_two_speakers_are_suspected(tmp_path, tracker):
    higher = np.interp(np.arange(0, len(speech()), 1.7), np.arange(len(speech())), speech()).astype(np.float32)

    prepared = made(tmp_path, tracker, np.concatenate([speech(), higher]))

    assert "there may be two speakers" in doubts(prepared)


def noise(seconds: float) -> np.ndarray:
    return (0.1 * np.random.default_rng(0).standard_normal(int(seconds * RATE))).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (np.zeros(40 * RATE, np.float32), "no speech"),
        (np.zeros(1, np.float32), "no speech"),
        (noise(40), "no speech"),
        (speech(1), "only 11 s of speech"),
    ],
    ids=["silence", "one sample", "noise", "too little"],
)
def test_what_holds_too_little_speech_is_refused_in_one_sentence(tmp_path, tracker, samples, words):
    with pytest.raises(AudioFileError, match=words) as caught:
        made(tmp_path, tracker, samples)

    assert "\n" not in str(caught.value)


def test_what_cannot_be_read_is_told(tmp_path, tracker):
    (tmp_path / "bad.wav").write_bytes(b"no sound at all")
    (tmp_path / "empty").mkdir()
    soundfile.write(tmp_path / "none.wav", np.zeros(0), RATE)

    for path, words in {
        "bad.wav": "cannot be read",
        "empty": "no recording",
        "away": "no file",
        "none.wav": "no sound",
    }.items():
        with pytest.raises(AudioFileError, match=words):
            prepare([tmp_path / path], tmp_path / "work", tracker, lambda words, part: None)


def test_one_bad_file_among_good_ones_is_a_warning(tmp_path, tracker):
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "bad.wav").write_bytes(b"no sound at all")
    soundfile.write(tmp_path / "all" / "good.ogg", speech(), RATE)

    prepared = prepare([tmp_path / "all"], tmp_path / "work", tracker, lambda words, part: None)

    assert "bad.wav cannot be read" in doubts(prepared)
    assert prepared.report.recordings == 1


def test_a_missing_library_is_told_plainly(tmp_path, tracker, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "soxr", None)

    with pytest.raises(RtvcError, match="extra `train`"):
        made(tmp_path, tracker, speech())


def test_work_can_be_stopped(tmp_path, tracker):
    def stop(words: str, part: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare([RECORDING], tmp_path / "work", tracker, stop)

    assert not (tmp_path / "work" / "pieces.json").exists()
