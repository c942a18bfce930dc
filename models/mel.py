"""Triangular mel filters, with an optional warp of the frequency axis (vocal-tract length)."""

import torch
from torch import Tensor


def _to_mel(hertz: Tensor) -> Tensor:
    return 2595.0 * torch.log10(1.0 + hertz / 700.0)


def _to_hertz(mel: Tensor) -> Tensor:
    return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)


def mel_basis(rate: int, fft_size: int, bins: int, low: float, high: float, warp: float = 1.0) -> Tensor:
    """Filters [bins, fft_size / 2 + 1] of unit peak on the HTK mel scale (O'Shaughnessy 1987).

    `warp` multiplies the filters' edge frequencies: above 1 a shorter vocal tract is heard.
    """
    limits = _to_mel(torch.tensor([low, high], dtype=torch.float64))
    edges = _to_hertz(torch.linspace(float(limits[0]), float(limits[1]), bins + 2, dtype=torch.float64)) * warp
    frequencies = torch.linspace(0.0, rate / 2, fft_size // 2 + 1, dtype=torch.float64)
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1, None] - edges[:-2, None])
    falling = (edges[2:, None] - frequencies) / (edges[2:, None] - edges[1:-1, None])
    return torch.minimum(rising, falling).clamp(min=0.0).float()
