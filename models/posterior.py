"""The posterior encoder of VITS (Kim et al. 2021): a recording's spectrogram to latents; only training needs it."""

from typing import cast

import torch
from torch import Tensor, nn

from models.wavenet import WaveNet


class Posterior(nn.Module):
    """A normal distribution of every latent, from the linear spectrogram around its frame."""

    def __init__(self, spectrum: int, latents: int, hidden: int, kernel: int, layers: int, style_channels: int) -> None:
        super().__init__()
        self.pre = nn.Conv1d(spectrum, hidden, 1)
        self.enc = WaveNet(hidden, kernel, layers, style_channels)
        self.proj = nn.Conv1d(hidden, 2 * latents, 1)

    @property
    def reach(self) -> int:
        """Frames before and after each one that it depends on."""
        return self.enc.reach

    def forward(
        self, spectrogram: Tensor, style: Tensor, mask: Tensor | None = None, noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Spectrogram [B, F, T] and style [B, G, 1] -> latents drawn, means, logarithms of deviations [B, C, T].

        `noise` [B, C, T] takes the place of the draw; frames where `mask` [B, 1, T] is 0 come out as 0.
        """
        x = self.pre(spectrogram)
        x = self.enc(x if mask is None else x * mask, self.enc.condition(style), mask)
        statistics = cast(Tensor, self.proj(x))
        mean, deviation = (statistics if mask is None else statistics * mask).chunk(2, dim=1)
        noise = torch.randn_like(mean) if noise is None else noise
        drawn = mean + noise * deviation.exp()
        return drawn if mask is None else drawn * mask, mean, deviation
