"""Discriminators that tell recordings from generated speech, in training only.

Small editions of the multi-period (Kong et al. 2020) and multi-resolution (Jang et al. 2021) discriminators.
Each returns its score map and the feature maps of its layers.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import weight_norm

from models.generator_sizes import REFERENCE_RATE

SLOPE = 0.1


class PeriodDiscriminator(nn.Module):
    """Sees every `period`-th sample side by side: waveform [B, 1, N] folded to [B, 1, N / period, period]."""

    def __init__(self, period: int, widths: tuple[int, ...] = (8, 32, 64, 128, 128)) -> None:
        super().__init__()
        self.period = period
        channels = (1, *widths)
        self.layers = nn.ModuleList(
            weight_norm(nn.Conv2d(a, b, (5, 1), (3 if i < 4 else 1, 1), (2, 0)))
            for i, (a, b) in enumerate(zip(channels, widths, strict=False))
        )
        self.score = weight_norm(nn.Conv2d(widths[-1], 1, (3, 1), padding=(1, 0)))

    def forward(self, wav: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Waveform [B, 1, N] -> score map and feature maps."""
        short = -wav.shape[-1] % self.period
        x = F.pad(wav, (0, short), "reflect").unflatten(-1, (-1, self.period))
        maps = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE)
            maps.append(x)
        return self.score(x), maps


class ResolutionDiscriminator(nn.Module):
    """Sees the compressed magnitude spectrogram at one resolution as a picture [B, 1, F, T]."""

    window: Tensor

    def __init__(self, fft_size: int, width: int = 16) -> None:
        super().__init__()
        self.fft_size = fft_size
        self.register_buffer("window", torch.hann_window(fft_size), persistent=False)
        strides = ((1, 1), (2, 1), (2, 1), (2, 1))
        self.layers = nn.ModuleList(
            weight_norm(nn.Conv2d(1 if i == 0 else width, width, (7, 3), stride, (3, 1)))
            for i, stride in enumerate(strides)
        )
        self.score = weight_norm(nn.Conv2d(width, 1, 3, padding=1))

    def forward(self, wav: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Waveform [B, 1, N] -> score map and feature maps."""
        spectrum = torch.stft(
            wav[:, 0].float(), self.fft_size, self.fft_size // 4, window=self.window, center=False, return_complex=True
        )
        x = (torch.view_as_real(spectrum).square().sum(-1) + 1e-8).pow(0.15)[:, None]
        maps = []
        for layer in self.layers:
            x = F.leaky_relu(layer(x), SLOPE)
            maps.append(x)
        return self.score(x), maps


class Discriminators(nn.Module):
    """All of them: periods and resolutions, whose windows (`fft_sizes` at 16 kHz) last as long at every rate."""

    def __init__(
        self,
        rate: int = REFERENCE_RATE,
        periods: tuple[int, ...] = (2, 3, 5, 7, 11),
        fft_sizes: tuple[int, ...] = (1024, 512, 256),
    ) -> None:
        super().__init__()
        sizes = [n * rate // REFERENCE_RATE for n in fft_sizes]
        self.parts = nn.ModuleList(
            [*(PeriodDiscriminator(p) for p in periods), *(ResolutionDiscriminator(n) for n in sizes)]
        )

    def forward(self, wav: Tensor) -> list[tuple[Tensor, list[Tensor]]]:
        """Waveform [B, 1, N] -> (score map, feature maps) of each."""
        return [part(wav) for part in self.parts]
