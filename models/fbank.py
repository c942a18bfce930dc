"""Kaldi's filter bank (Povey et al. 2011): log-mel energies of 16 kHz speech, as speaker-verification networks take."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

RATE = 16000
WINDOW = 400
HOP = 160
SIZE = 512
LOWEST_HZ = 20.0
EMPHASIS = 0.97
WINDOW_POWER = 0.85
SMALLEST_ENERGY = torch.finfo(torch.float32).eps


def hertz_to_mel(hertz: Tensor) -> Tensor:
    """Return the place of frequencies on Kaldi's mel scale."""
    return 1127.0 * torch.log1p(hertz / 700.0)


def kaldi_filters(bins: int) -> Tensor:
    """Triangles that are straight over mels, not Hz, from 20 Hz to half the rate: [bins, SIZE / 2 + 1]."""
    low, high = hertz_to_mel(torch.tensor([LOWEST_HZ, RATE / 2], dtype=torch.float64)).tolist()
    edges = torch.linspace(low, high, bins + 2, dtype=torch.float64)
    mels = hertz_to_mel(torch.arange(SIZE // 2 + 1, dtype=torch.float64) * RATE / SIZE)
    left, centre, right = (edges[i : bins + i, None] for i in range(3))
    return torch.minimum((mels - left) / (centre - left), (right - mels) / (right - centre)).clamp(min=0.0)


class FilterBank(nn.Module):
    """Frames of 25 ms every 10 ms, without dither, without subtraction of a mean; only whole frames count.

    It is computed in double precision: in quiet bands, single precision would change the third decimal.
    """

    window: Tensor
    filters: Tensor

    def __init__(self, bins: int = 80) -> None:
        super().__init__()
        window = torch.hann_window(WINDOW, periodic=False, dtype=torch.float64).pow(WINDOW_POWER)
        self.register_buffer("window", window, persistent=False)
        self.register_buffer("filters", kaldi_filters(bins), persistent=False)

    def forward(self, samples: Tensor) -> Tensor:
        """Samples [B, N] in -1 to 1 -> logarithms of energies [B, (N - 400) // 160 + 1, bins].

        Raises ValueError where there is not one whole frame.
        """
        if samples.shape[-1] < WINDOW:
            raise ValueError(f"{samples.shape[-1]} samples are no frame of {WINDOW}")
        frames = samples.double().unfold(-1, WINDOW, HOP)
        frames = frames - frames.mean(dim=-1, keepdim=True)
        before = torch.cat([frames[..., :1], frames[..., :-1]], dim=-1)
        spectra = torch.fft.rfft((frames - EMPHASIS * before) * self.window.double(), SIZE)
        power = torch.view_as_real(spectra).square().sum(dim=-1)
        return F.linear(power, self.filters.double()).clamp(min=SMALLEST_ENERGY).log().to(samples.dtype)
