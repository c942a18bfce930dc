"""Spectrograms are those of the reference, and mel filters those of torchaudio."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.spectrogram import (
    MelScale,
    Spectrogram,
    SpectrogramConfig,
    hertz_to_mel,
    mel_filters,
    mel_to_hertz,
    without_overload,
)

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="module")
def golden() -> dict[str, Tensor]:
    with np.load(DATA / "mel.npz") as file:
        return {key: torch.from_numpy(file[key]) for key in file}


def test_linear_and_mel_spectrogram_are_those_of_the_reference(golden: dict[str, Tensor]) -> None:
    spectrogram, samples = Spectrogram(), golden["y"][None]

    linear = spectrogram.linear(samples)

    assert linear.shape == (1, 1025, 25)
    torch.testing.assert_close(linear[0], golden["spec"], atol=1e-4, rtol=1e-5)
    torch.testing.assert_close(spectrogram.mel(linear)[0], golden["mel"], atol=1e-4, rtol=0)
    assert torch.equal(spectrogram(samples), spectrogram.mel(linear))


def test_mel_basis_is_that_of_the_reference(golden: dict[str, Tensor]) -> None:
    basis = mel_filters(32000, 2048, 128)

    torch.testing.assert_close(basis.sum(dim=1), golden["mel_basis_rowsum"], atol=0, rtol=1e-5)
    assert torch.equal((basis > 0).sum(dim=1), golden["mel_basis_nnz"])


@pytest.mark.parametrize("scale", ["slaney", "htk"])
@pytest.mark.parametrize("norm", ["slaney", None])
def test_filters_equal_those_of_torchaudio(scale: MelScale, norm: str | None) -> None:
    reference: Any = pytest.importorskip("torchaudio").functional

    ours = mel_filters(16000, 512, 40, 20.0, 7600.0, scale, unit_area=norm is not None)

    theirs = reference.melscale_fbanks(257, 20.0, 7600.0, 40, 16000, norm=norm, mel_scale=scale).T
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("scale", ["slaney", "htk"])
def test_hertz_and_mel_are_inverse(scale: MelScale) -> None:
    hertz = torch.tensor([0.0, 50.0, 999.0, 1000.0, 1001.0, 16000.0], dtype=torch.float64)

    torch.testing.assert_close(mel_to_hertz(hertz_to_mel(hertz, scale), scale), hertz)


def test_silence_and_a_gradient_through_it_are_finite() -> None:
    spectrogram, samples = Spectrogram(), torch.zeros(1, 3200, requires_grad=True)

    mel = spectrogram(samples)
    mel.sum().backward()

    assert bool(torch.isfinite(mel).all())
    assert samples.grad is not None
    assert bool(torch.isfinite(samples.grad).all())


def test_frames_are_whole_hops_and_too_few_samples_are_refused() -> None:
    spectrogram = Spectrogram(SpectrogramConfig(rate=22050, size=1024, hop=256, bins=80, high=8000.0))

    assert spectrogram(torch.randn(2, 2559)).shape == (2, 80, 9)
    with pytest.raises(ValueError, match="384 samples are too few for a spectrogram, which takes 385 or more"):
        spectrogram(torch.randn(2, 384))


@pytest.mark.parametrize(("peak", "wanted"), [(0.0, 0.0), (0.9, 0.9), (1.0, 1.0), (1.6, 1.0), (2.0, 1.0), (5.0, 2.5)])
def test_an_overloaded_recording_is_made_quieter(peak: float, wanted: float) -> None:
    samples = peak * torch.tensor([0.5, -1.0, 0.25])

    assert float(without_overload(samples).abs().max()) == pytest.approx(wanted)
