import numpy as np
import pytest
import soundfile
import soxr

from rtvc.demo import RECORDING
from rtvc.preparing.bandwidth import Bandwidth, rate_for

SPEECH = np.tile(np.pad(soundfile.read(RECORDING, dtype="float32")[0], (4000, 4000)), 2)
RNG = np.random.default_rng(0)


def bandwidth(*recordings: tuple[int, np.ndarray]) -> float:
    """Of recordings, each its rate and samples, heard in blocks."""
    heard = Bandwidth()
    for rate, samples in recordings:
        for start in range(0, len(samples), 65536):
            heard.add(rate, samples[start : start + 65536])
    return heard.highest()


def hiss(samples: np.ndarray, level: float) -> np.ndarray:
    return (samples + level * RNG.standard_normal(len(samples))).astype(np.float32)


@pytest.mark.parametrize("played_at", [12000, 16000, 24000, 32000, 44100])
def test_speech_reaches_as_far_as_it_does_whatever_the_files_rate(played_at: int) -> None:
    reach = bandwidth((played_at, SPEECH))

    assert 0.42 * played_at < reach <= played_at / 2
    stored = soxr.resample(SPEECH, played_at, 48000).astype(np.float32)
    assert bandwidth((48000, stored)) == pytest.approx(reach, abs=600)


@pytest.mark.parametrize("level", [1e-5, 1e-3])
def test_hiss_is_no_speech(level: float) -> None:
    stored = soxr.resample(SPEECH, 16000, 44100).astype(np.float32)

    assert bandwidth((44100, hiss(stored, level))) < 8800


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(48000), 0.1 * RNG.standard_normal(48000)])
def test_what_is_no_speech_reaches_nowhere(samples: np.ndarray) -> None:
    assert bandwidth((16000, samples.astype(np.float32))) == 0.0
    assert bandwidth() == 0.0


def test_most_of_the_speech_decides() -> None:
    narrow, wide = (16000, SPEECH), (44100, np.tile(SPEECH, 3))

    assert bandwidth(narrow, wide) < 8800
    assert bandwidth(narrow, *[wide] * 5) > 18000
    assert bandwidth((48000, np.zeros(48000 * 200, np.float32)), (16000, SPEECH)) < 8800  # silence decides nothing


@pytest.mark.parametrize(
    ("hertz", "rate"),
    [(0, 16000), (3400, 16000), (8750, 16000), (9000, 24000), (11000, 24000), (16000, 32000), (20000, 48000)],
)
def test_a_voice_has_the_least_rate_that_serves(hertz: float, rate: int) -> None:
    assert rate_for(hertz) == rate
