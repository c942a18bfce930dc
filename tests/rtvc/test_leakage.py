"""The measure of what is left of the one who speaks: what is compared with what, for how many books."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from models.live import LiveVoice
from rtvc.judging.judges import Judges
from rtvc.resample import Samples
from tests.leakage import leakage
from tests.small_live import make_voice, sung


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    soundfile.write(tmp_path / "spoken.wav", sung()[0, 0].numpy(), 16000)
    return tmp_path / "spoken.wav"


@pytest.mark.parametrize(("nearness", "betrayed"), [((0.9, 0.5), 0.0), ((0.4, 0.7), 1.0)])
def test_a_conversion_is_held_against_target_and_source(
    spoken: Path, tmp_path: Path, nearness: tuple[float, float], betrayed: float
) -> None:
    voice: LiveVoice = make_voice()
    target = np.full(16000, 0.1, np.float32)
    source = soundfile.read(spoken, dtype="float32")[0]

    def embed(samples: Samples) -> Samples:
        """Unit vectors whose products with a conversion's are `nearness`."""
        if samples.shape == target.shape and samples[0] == target[0]:
            return np.array([nearness[0], 0.0])
        is_source = samples.shape == source.shape and np.abs(samples - source).max() < 1e-3
        return np.array([0.0, nearness[1]]) if is_source else np.array([1.0, 1.0])

    found = leakage(voice, Judges(embed=embed), [spoken], target, tmp_path / "out", 3)

    assert (found.books, found.betrayed, found.words) == (3, betrayed, None)
    assert (found.to_target, found.to_source) == pytest.approx(nearness)
    assert (tmp_path / "out" / "spoken-3.wav").exists()
