"""Causal pitch tracker: F0 and voicing every 10 ms, 20 ms after the frame has ended.

Each frame is described by two normalised autocorrelations (Boersma 1993: the windowed signal's divided by the
window's own), one of the whole band and one below 900 Hz, sampled on a grid of equal musical steps. A small
stack of causal convolutions picks the track, which settles octaves and onsets by what came before.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.pitch_sizes import (
    BINS,
    BINS_PER_OCTAVE,
    FEATURES,
    FFT_SIZE,
    FINE,
    HOP,
    LAGS,
    LOOK_AHEAD,
    LOW_HZ,
    LOWEST_HZ,
    NEAR,
    RATE,
    WINDOW,
)
from models.streaming import CausalConv1d


@dataclass(frozen=True)
class Pitch:
    """A piece of a pitch track at 100 Hz: F0 in Hz and the probability that the frame is voiced, [B, T] each."""

    hertz: Tensor
    voicing: Tensor


class Residual(nn.Module):
    """Causal convolution of three frames with LayerNorm, added to its input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.convolution = CausalConv1d(width, width, 3)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, C] -> [B, T, C]."""
        return x + self._bent(self.convolution(self.norm(x).transpose(1, 2)))

    def _bent(self, mixed: Tensor) -> Tensor:
        return self.out(F.gelu(mixed.transpose(1, 2)))


class PitchTracker(nn.Module):
    """Samples at 16 kHz to F0 and voicing at 100 Hz."""

    window: Tensor
    grid: Tensor
    norm: Tensor
    low_band: Tensor

    def __init__(self, width: int = 128, blocks: int = 4) -> None:
        super().__init__()
        window = torch.hann_window(WINDOW, periodic=False, dtype=torch.float64)
        self.register_buffer("window", window.float(), persistent=False)
        own = torch.fft.irfft(torch.fft.rfft(window, FFT_SIZE).abs().square(), FFT_SIZE * FINE)
        self.register_buffer("grid", _lag_grid().float(), persistent=False)
        self.register_buffer("norm", (own[0] / (own[:LAGS] + 0.01 * own[0])).float(), persistent=False)
        frequencies = torch.linspace(0, RATE / 2, FFT_SIZE // 2 + 1)
        self.register_buffer("low_band", ((LOW_HZ - frequencies) / 300).clamp(0, 1), persistent=False)
        self.enter = nn.Linear(FEATURES, width)
        self.blocks = nn.ModuleList(Residual(width) for _ in range(blocks))
        self.leave_norm = nn.LayerNorm(width)
        self.leave = nn.Linear(width, BINS + 1)

    def describe(self, padded: Tensor) -> Tensor:
        """Samples [B, WINDOW - HOP + 160 T] -> features [B, T, 291]; frame 0 is centred on sample WINDOW / 2."""
        pieces = padded.unfold(-1, WINDOW, HOP)
        pieces = (pieces - pieces.mean(-1, keepdim=True)) * self.window
        power = torch.view_as_real(torch.fft.rfft(pieces, FFT_SIZE)).square().sum(-1)
        both = torch.stack([power, power * self.low_band], dim=-2)
        correlation = torch.fft.irfft(both, FFT_SIZE * FINE)[..., :LAGS]
        energy = correlation[..., :1]
        normal = correlation * self.norm / (energy + 1e-7)
        level = (torch.log10(energy[..., 0, :] + 1e-7) + 3.0) / 2.0
        return torch.cat([(normal @ self.grid).flatten(-2), level], dim=-1)

    def correlations(self) -> Tensor:
        """Return the matrix from a power spectrum to what `describe` interpolates, before it is normalised.

        [1025, 146]: the candidates' autocorrelation over that of the window, then the energy.
        """
        bins = torch.arange(FFT_SIZE // 2 + 1, dtype=torch.float64, device=self.grid.device)[:, None]
        turns = bins * torch.arange(LAGS, dtype=torch.float64, device=self.grid.device) / (FFT_SIZE * FINE)
        cosines = torch.cos(2 * torch.pi * turns) / (FFT_SIZE * FINE / 2)
        cosines[0] /= 2
        normal = (cosines * self.norm) @ self.grid.double()
        return torch.cat([normal, cosines[:, :1]], dim=1).float()

    def decide(self, scores: Tensor) -> Pitch:
        """Scores [B, T, 146] -> pitch: mean of the candidates within four steps of the best."""
        weights, voicing = scores[..., :-1], torch.sigmoid(scores[..., -1])
        best = weights.argmax(-1, keepdim=True)
        steps = torch.arange(BINS, device=scores.device)
        near = torch.softmax(weights.masked_fill((steps - best).abs() > NEAR, float("-inf")), dim=-1)
        octave = (near * steps).sum(-1) / BINS_PER_OCTAVE
        return Pitch(LOWEST_HZ * torch.exp2(octave), voicing)

    def forward(self, samples: Tensor) -> Tensor:
        """Samples [B, 160 T] -> scores [B, T, 146]; silence is heard before and after."""
        x = self.entered(self.describe(F.pad(samples, (LOOK_AHEAD, LOOK_AHEAD))))
        for block in self.blocks:
            x = block(x)
        return self.left(x)

    def entered(self, features: Tensor) -> Tensor:
        """Features [B, T, 291] -> [B, T, C]."""
        return F.gelu(self.enter(features))

    def left(self, x: Tensor) -> Tensor:
        """Last block's output [B, T, C] -> scores of the candidates and of voicing [B, T, 146]."""
        return self.leave(self.leave_norm(x))


def _lag_grid() -> Tensor:
    """Linear interpolation from lags to candidates [lags, BINS]."""
    hertz = LOWEST_HZ * torch.exp2(torch.arange(BINS, dtype=torch.float64) / BINS_PER_OCTAVE)
    position = RATE / hertz * FINE
    lag = torch.arange(LAGS, dtype=torch.float64)[:, None]
    return (1 - (lag - position).abs()).clamp(min=0.0)
