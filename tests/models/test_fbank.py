"""The filter bank is Kaldi's."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models.fbank import FilterBank

DATA = Path(__file__).resolve().parents[1] / "data"


def test_energies_are_those_of_the_reference() -> None:
    with np.load(DATA / "speaker.npz") as file:
        samples, wanted = (torch.from_numpy(file[key]) for key in ("wav", "fbank"))

    found = FilterBank()(samples[None])

    assert found.shape == (1, 98, 80)
    torch.testing.assert_close(found[0], wanted, atol=1e-3, rtol=0)


@pytest.mark.parametrize("bins", [23, 80])
def test_energies_equal_those_of_torchaudio(bins: int) -> None:
    reference: Any = pytest.importorskip("torchaudio.compliance.kaldi")
    torch.manual_seed(0)
    samples = 0.1 * torch.randn(1, 4001)

    theirs = reference.fbank(samples, num_mel_bins=bins, dither=0.0)

    torch.testing.assert_close(FilterBank(bins)(samples)[0], theirs, atol=1e-3, rtol=0)


def test_silence_is_finite_and_less_than_a_frame_is_refused() -> None:
    bank = FilterBank()

    assert bool(torch.isfinite(bank(torch.zeros(1, 400))).all())
    with pytest.raises(ValueError, match="399 samples are no frame of 400"):
        bank(torch.zeros(1, 399))
