"""Shipped voices and bad input: no bursts, no babble in silence, nothing but numbers."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch

from models.base import StreamSpec, VoiceModel
from rtvc.demo import RECORDING
from rtvc.library import Library, shipped_folder
from rtvc.loading import load_model
from tests.degradations import OTHER, RATE, SILENCE, SPEECH, Degrade
from tests.robustness import Outcome, at_16_khz, convert, outcome

LIBRARY = Library([shipped_folder()])
VOICES = [voice.name for voice in LIBRARY.list() if voice.card.get("family") == "live"]
SECONDS = 1.6
LARGEST_BURST_DB = 16.0
"""Clean speech itself has 10: at the same gain a loud vowel of one speaker is another's quiet one. Where a room goes on
after the reader, ls78 does so louder (14.4), though never louder than it speaks."""
LOUDER_DB = 3.0


@cache
def model_of(name: str) -> VoiceModel:
    torch.set_num_threads(1)
    return load_model(LIBRARY.get(name), "cpu", 1)


def made_of(name: str, degrade: Degrade, folder: Path, values: dict[str, float] | None = None) -> Outcome:
    start = RATE // 2
    heard = degrade(at_16_khz(RECORDING)[start : start + round(SECONDS * RATE)], np.random.default_rng(0))
    return outcome(heard, convert(model_of(name), StreamSpec(), heard, folder, values=values))


@pytest.fixture(scope="module", params=VOICES)
def clean(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Outcome]:
    """A voice's name and what it makes of clean speech."""
    return request.param, made_of(request.param, SPEECH["clean"], tmp_path_factory.mktemp("clean"))


@pytest.mark.parametrize("kind", [*SPEECH, *OTHER])
def test_no_input_makes_a_burst(clean: tuple[str, Outcome], kind: str, tmp_path: Path) -> None:
    name, usual = clean

    found = made_of(name, {**SPEECH, **OTHER}[kind], tmp_path)

    assert found.is_finite and found.clipped == 0
    assert found.burst < LARGEST_BURST_DB
    assert found.loudest < usual.loudest + LOUDER_DB


@pytest.mark.parametrize("kind", SILENCE)
def test_silence_stays_silent(clean: tuple[str, Outcome], kind: str, tmp_path: Path) -> None:
    found = made_of(clean[0], SILENCE[kind], tmp_path)

    assert found.loudest < -90.0


def test_with_the_gate_off_silence_is_a_whisper_at_most(clean: tuple[str, Outcome], tmp_path: Path) -> None:
    found = made_of(clean[0], SILENCE["silence"], tmp_path, {"gate_db": -90.0})

    assert found.mean < -50.0 and found.loudest < -38.0
