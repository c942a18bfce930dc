"""Losses for training a vocoder: spectra, and the least-squares game with feature matching."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from models.generator_sizes import REFERENCE_RATE
from models.spectrogram import hertz_to_mel, mel_filters

HEARD_FULLY = 8000.0
"""Hz up to which every frequency of a linear spectrum counts alike; above, it counts as those of one octave do."""

Judgement = Sequence[tuple[Tensor, Sequence[Tensor]]]


class SpectralLoss:
    """Multi-resolution STFT loss (Yamamoto et al. 2020) plus twice an L1 of log-mel energies.

    Windows last as long, and a band of the same sound counts as much, at every rate: `fft_sizes` and `mel_bins` are
    those at 16 kHz. So that the many frequencies above 8 kHz, perhaps empty, do not rule the mean of the logarithms,
    each counts the less the higher it is.
    """

    def __init__(self, rate: int, fft_sizes: Sequence[int] = (2048, 1024, 512, 256), mel_bins: int = 80) -> None:
        self._scale = rate / REFERENCE_RATE
        self._sizes = [round(size * self._scale) for size in fft_sizes]
        self._mel_size = round(1024 * self._scale)
        self._windows = {size: torch.hann_window(size) for size in self._sizes}
        self._weights = {size: _weights(rate, size) for size in self._sizes}
        highest, reference = hertz_to_mel(torch.tensor([rate / 2, REFERENCE_RATE / 2]), "htk").tolist()
        bands = round(mel_bins * highest / reference)
        self._basis = mel_filters(rate, self._mel_size, bands, scale="htk", unit_area=False)

    def to(self, device: str) -> "SpectralLoss":
        """Move windows and filters to `device`."""
        self._windows = {size: window.to(device) for size, window in self._windows.items()}
        self._weights = {size: weights.to(device) for size, weights in self._weights.items()}
        self._basis = self._basis.to(device)
        return self

    def __call__(self, made: Tensor, true: Tensor) -> Tensor:
        """Two batches of waveforms [B, N] -> scalar."""
        total = made.new_zeros(())
        for size in self._sizes:
            a, b = self._magnitude(made, size), self._magnitude(true, size)
            converged = (a - b).square().sum().sqrt() / b.square().sum().sqrt().clamp(min=1e-5)
            distance = (self._weights[size] * (a.log() - b.log()).abs()).mean()
            total = total + (converged + distance) / len(self._sizes)
            if size == self._mel_size:
                mels = [torch.log10(self._basis @ x + 1e-4) for x in (a, b)]
                total = total + 2 * F.l1_loss(mels[0], mels[1])
        return total

    def _magnitude(self, wav: Tensor, size: int) -> Tensor:
        spectrum = torch.stft(wav, size, size // 4, window=self._windows[size], return_complex=True)
        return (torch.view_as_real(spectrum).square().sum(-1) / self._scale**2 + 1e-7).sqrt()


def _weights(rate: int, size: int) -> Tensor:
    """What the frequencies of a spectrum count [size / 2 + 1, 1], 1 in the mean."""
    frequencies = torch.linspace(0.0, rate / 2, size // 2 + 1)
    weights = HEARD_FULLY / frequencies.clamp(min=HEARD_FULLY)
    return (weights / weights.mean())[:, None]


def discriminator_loss(true: Judgement, made: Judgement) -> Tensor:
    """Least-squares loss that wants 1 for recordings and 0 for generated speech (Mao et al. 2017)."""
    parts = [(1 - t).square().mean() + m.square().mean() for (t, _), (m, _) in zip(true, made, strict=True)]
    return torch.stack(parts).mean()


def adversarial_loss(made: Judgement) -> Tensor:
    """Least-squares loss that wants 1 for generated speech."""
    return torch.stack([(1 - m).square().mean() for m, _ in made]).mean()


def matching_loss(true: Judgement, made: Judgement) -> Tensor:
    """Relative L1 distance of feature maps (Kumar et al. 2019, divided by the map's own size)."""
    parts = [
        F.l1_loss(b, a.detach()) / a.detach().abs().mean().clamp(min=1e-3)
        for (_, maps), (_, others) in zip(true, made, strict=True)
        for a, b in zip(maps, others, strict=True)
    ]
    return torch.stack(parts).mean()
