"""Judges of converted speech: what they are asked, what they say, and what is done without them."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from rtvc.commands.opinions import opinion_lines
from rtvc.demo import RECORDING
from rtvc.judging.judges import HOW_TO_GET, Judges, Opinion, installed_judges
from rtvc.judging.speaker import BANDS, WEIGHTS, WIDTH, SpeakerJudge, without_silence
from rtvc.judging.words import agreement

SPEECH = soundfile.read(RECORDING, dtype="float32")[0]


def tone(hertz: float, size: float = 0.1) -> np.ndarray:
    return (size * np.sin(2 * np.pi * hertz * np.arange(32000) / 16000)).astype(np.float32)


def test_each_judge_gives_its_figure() -> None:
    source, converted, speaker = tone(100), tone(200), tone(300)
    voices = {100: [1.0, 0.0], 200: [0.6, 0.8], 300: [0.0, 1.0]}

    def embed(samples: np.ndarray) -> np.ndarray:
        return np.array(voices[round(float(np.abs(np.fft.rfft(samples)).argmax()) / 2)])

    def recognise(samples: np.ndarray) -> list[str]:
        return "one two three four".split() if samples is source else "one too three".split()

    found = Judges(embed, lambda samples: 3.25, recognise).opinion(source, converted, speaker)

    assert found == Opinion(pytest.approx(0.8), pytest.approx(0.6), 3.25, 0.5)


def test_without_judges_there_is_no_opinion_and_a_word_how_to_get_one() -> None:
    assert Judges().opinion(SPEECH, SPEECH, SPEECH) == Opinion()
    assert not Judges(rate=lambda samples: 3.0).are_complete
    assert opinion_lines({"likeness": 0.9}) == [HOW_TO_GET]


def test_opinions_are_told_in_lines() -> None:
    some = opinion_lines({"dnsmos": 3.214})
    all_of_them = opinion_lines({"similarity": 0.871, "similarity_to_source": 0.6, "dnsmos": 3.2, "words": 0.934})

    assert some == ["sound          3.21 of 5 (DNSMOS); clean studio speech has 3.2 to 3.5", HOW_TO_GET]
    assert [line.split()[1] for line in all_of_them] == ["0.87", "3.20", "93%"]


@pytest.mark.parametrize(
    ("wanted", "heard", "share"),
    [
        ("a b c d", "a b c d", 1.0),
        ("a b c d", "a x c d", 0.75),
        ("a b c d", "a c d", 0.75),
        ("a b", "a x y b", 0.0),
        ("a", "x y z", 0.0),
        ("", "", 1.0),
    ],
)
def test_words_agree_by_what_is_changed_between_them(wanted: str, heard: str, share: float) -> None:
    assert agreement(wanted.split(), heard.split()) == share


def make_speaker_judge(folder: Path) -> SpeakerJudge:
    torch.manual_seed(0)
    lstm, linear = torch.nn.LSTM(BANDS, WIDTH, 3), torch.nn.Linear(WIDTH, WIDTH)
    state = {f"lstm.{k}": v for k, v in lstm.state_dict().items()} | {
        f"linear.{k}": v for k, v in linear.state_dict().items()
    }
    torch.save({"model_state": state | {"similarity_weight": torch.ones(1)}}, folder / WEIGHTS)
    return SpeakerJudge(folder)


def test_a_voice_is_a_unit_vector_whatever_its_level(tmp_path: Path) -> None:
    judge = make_speaker_judge(tmp_path)

    loud, quiet = judge.embed(SPEECH), judge.embed(0.01 * SPEECH)

    assert np.linalg.norm(loud) == pytest.approx(1.0, abs=1e-5)
    assert float(loud @ quiet) > 0.99
    assert not judge.embed(np.zeros(16000, np.float32)).any()
    assert judge.embed(SPEECH[:8000]).shape == (WIDTH,)


def test_silence_is_left_out_and_quiet_speech_brought_up() -> None:
    silence = np.zeros(16000, np.float32)

    kept = without_silence(np.concatenate([silence, tone(200, 0.001), silence]))

    assert len(kept) == 32000
    assert np.abs(kept).max() > 0.02


def test_real_judges_know_a_speaker_and_clean_speech() -> None:
    if importlib.util.find_spec("resemblyzer") is None or importlib.util.find_spec("speechmos") is None:
        pytest.skip("the judges are not installed")
    judges = installed_judges()
    assert judges.embed is not None and judges.rate is not None
    half = len(SPEECH) // 2
    higher = np.interp(np.arange(0, len(SPEECH), 1.4), np.arange(len(SPEECH)), SPEECH).astype(np.float32)

    same = float(judges.embed(SPEECH[:half]) @ judges.embed(SPEECH[half:]))
    other = float(judges.embed(SPEECH) @ judges.embed(higher))

    assert same > 0.8 > other
    noisy = SPEECH + 0.05 * np.random.default_rng(0).standard_normal(len(SPEECH)).astype(np.float32)
    assert judges.rate(SPEECH) > 3.2 > judges.rate(noisy) + 0.5
