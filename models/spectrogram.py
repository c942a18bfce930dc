"""Linear and mel spectrograms of whole utterances, as the SoVITS and HiFi-GAN families compute them."""

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MelScale = Literal["slaney", "htk"]

SLANEY_LINEAR_HZ = 200.0 / 3.0
"""Width of one mel below 1 kHz on Slaney's scale."""
SLANEY_BREAK_HZ = 1000.0
SLANEY_LOG_STEP = torch.log(torch.tensor(6.4, dtype=torch.float64)).item() / 27.0
"""One mel above 1 kHz, as a difference of natural logarithms."""
SMALLEST_POWER = 1e-8
SMALLEST_AMPLITUDE = 1e-5
LARGEST_PEAK = 2.0


@dataclass(frozen=True)
class SpectrogramConfig:
    """Sizes in samples and Hz; the defaults are those of SoVITS. `high` None means half the rate."""

    rate: int = 32000
    size: int = 2048
    hop: int = 640
    bins: int = 128
    low: float = 0.0
    high: float | None = None


def hertz_to_mel(hertz: Tensor, scale: MelScale = "slaney") -> Tensor:
    """Return the place of frequencies on a mel scale: Slaney's (1998) or that of HTK (O'Shaughnessy 1987)."""
    if scale == "htk":
        return 2595.0 * torch.log10(1.0 + hertz / 700.0)
    octaves = torch.log(hertz.clamp(min=SLANEY_BREAK_HZ) / SLANEY_BREAK_HZ) / SLANEY_LOG_STEP
    return hertz.clamp(max=SLANEY_BREAK_HZ) / SLANEY_LINEAR_HZ + octaves


def mel_to_hertz(mel: Tensor, scale: MelScale = "slaney") -> Tensor:
    """Return the frequencies at places on a mel scale."""
    if scale == "htk":
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)
    above = (mel - SLANEY_BREAK_HZ / SLANEY_LINEAR_HZ).clamp(min=0.0)
    return (mel - above) * SLANEY_LINEAR_HZ * torch.exp(above * SLANEY_LOG_STEP)


def mel_filters(
    rate: int,
    size: int,
    bins: int,
    low: float = 0.0,
    high: float | None = None,
    scale: MelScale = "slaney",
    unit_area: bool = True,
    warp: float = 1.0,
) -> Tensor:
    """Return triangles over the bins of an FFT, equally spaced on a mel scale: [bins, size / 2 + 1].

    With `unit_area` each has an area of 1 over frequency in Hz (Slaney), without it a peak of 1. `warp` multiplies
    all frequencies of the triangles: above 1 they hear a longer vocal tract where there was a shorter one.
    """
    limits = torch.tensor([low, rate / 2 if high is None else high], dtype=torch.float64)
    first, last = hertz_to_mel(limits, scale).tolist()
    edges = mel_to_hertz(torch.linspace(first, last, bins + 2, dtype=torch.float64), scale) * warp
    frequencies = torch.linspace(0.0, rate / 2, size // 2 + 1, dtype=torch.float64)
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1, None] - edges[:-2, None])
    falling = (edges[2:, None] - frequencies) / (edges[2:, None] - edges[1:-1, None])
    triangles = torch.minimum(rising, falling).clamp(min=0.0)
    if unit_area:
        triangles = triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return triangles.float()


def without_overload(samples: Tensor) -> Tensor:
    """Return a recording that goes beyond full scale divided by its peak, by 2 at most, as GPT-SoVITS does first."""
    peak = float(samples.abs().max()) if samples.numel() else 0.0
    return samples / min(peak, LARGEST_PEAK) if peak > 1.0 else samples


class Spectrogram(nn.Module):
    """Amplitudes of short-time spectra and their mel bands; frame i is centred on sample `hop * (i + 1/2)`."""

    window: Tensor
    basis: Tensor

    def __init__(self, config: SpectrogramConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or SpectrogramConfig()
        self.register_buffer("window", torch.hann_window(config.size), persistent=False)
        basis = mel_filters(config.rate, config.size, config.bins, config.low, config.high)
        self.register_buffer("basis", basis, persistent=False)

    def linear(self, samples: Tensor) -> Tensor:
        """Samples [B, N] -> amplitudes [B, size / 2 + 1, N // hop]; the ends are mirrored.

        Raises ValueError where there are too few samples to mirror.
        """
        size, hop = self.config.size, self.config.hop
        edge = (size - hop) // 2
        if samples.shape[-1] <= edge:
            raise ValueError(
                f"{samples.shape[-1]} samples are too few for a spectrogram, which takes {edge + 1} or more"
            )
        padded = F.pad(samples[:, None], (edge, edge), mode="reflect")[:, 0]
        spectra = torch.stft(padded, size, hop, window=self.window, center=False, return_complex=True)
        return (torch.view_as_real(spectra).square().sum(-1) + SMALLEST_POWER).sqrt()

    def mel(self, linear: Tensor) -> Tensor:
        """Amplitudes [B, size / 2 + 1, T] -> natural logarithms of mel bands [B, bins, T]."""
        return (self.basis @ linear).clamp(min=SMALLEST_AMPLITUDE).log()

    def forward(self, samples: Tensor) -> Tensor:
        """Samples [B, N] -> log-mel bands [B, bins, N // hop]."""
        return self.mel(self.linear(samples))
