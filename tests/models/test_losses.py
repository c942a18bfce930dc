"""The spectral loss: the same sound counts the same at every rate, and empty upper bands do not rule it."""

import pytest
import soxr
import torch
from torch import Tensor

from models.generator_sizes import RATES
from models.losses import SpectralLoss


def noise(seed: int, level: float = 0.1) -> Tensor:
    """Three seconds of white noise at 48 kHz that ends at 7.2 kHz."""
    spectrum = torch.fft.rfft(level * torch.randn(144000, generator=torch.manual_seed(seed)))
    spectrum[3 * 7200 :] = 0
    return torch.fft.irfft(spectrum)


def at(samples: Tensor, rate: int) -> Tensor:
    return torch.from_numpy(soxr.resample(samples.numpy(), 48000, rate, "VHQ")).float()[None]


def test_equal_sounds_are_no_distance_apart() -> None:
    assert float(SpectralLoss(24000)(at(noise(0), 24000), at(noise(0), 24000))) == 0.0


def test_an_empty_band_adds_nothing_where_both_are_silent() -> None:
    a, b = noise(0), noise(1, 0.05)

    losses = {rate: float(SpectralLoss(rate)(at(a, rate), at(b, rate))) for rate in RATES}

    assert losses[16000] > losses[24000] > losses[48000] > 0.4 * losses[16000]


@pytest.mark.parametrize("rate", RATES[1:])
def test_a_fault_above_8_khz_counts_no_more_than_one_below(rate: int) -> None:
    spectrum = torch.fft.rfft(0.1 * torch.randn(1, 2 * rate, generator=torch.manual_seed(0)))
    is_low = torch.arange(spectrum.shape[1]) < 2 * 8000
    true, dull, hollow = (torch.fft.irfft(x * spectrum) for x in (1.0, 0.3 + 0.7 * is_low, 1.0 - 0.7 * is_low))

    loss = SpectralLoss(rate)

    assert 0.2 * float(loss(hollow, true)) < float(loss(dull, true)) < 1.1 * float(loss(hollow, true))


def test_frequencies_up_to_8_khz_count_alike() -> None:
    loss = SpectralLoss(16000)

    assert all(bool((weights == 1.0).all()) for weights in loss._weights.values())
