"""Gated convolutions told of the speaker, as in WaveNet (van den Oord et al. 2016) without its causality."""

from typing import cast

import torch
from torch import Tensor, nn

from models.weight_norm import NormedConv1d


class WaveNet(nn.Module):
    """Layers of a gated convolution, each adding to the signal and to the sum that leaves; named as in VITS."""

    def __init__(self, channels: int, kernel: int, layers: int, style_channels: int) -> None:
        super().__init__()
        self.channels, self.kernel = channels, kernel
        self.cond_layer = NormedConv1d(style_channels, 2 * channels * layers, 1)
        self.in_layers = nn.ModuleList(
            NormedConv1d(channels, 2 * channels, kernel, padding=(kernel - 1) // 2) for _ in range(layers)
        )
        self.res_skip_layers = nn.ModuleList(
            NormedConv1d(channels, channels if i == layers - 1 else 2 * channels, 1) for i in range(layers)
        )

    @property
    def reach(self) -> int:
        """Frames before and after each one that it depends on."""
        return len(self.in_layers) * (self.kernel - 1) // 2

    def condition(self, style: Tensor) -> Tensor:
        """What a speaker adds to every layer: [B, G, 1] -> [B, 2 C layers, 1]; constant for a voice."""
        return cast(Tensor, self.cond_layer(style))

    def forward(self, x: Tensor, condition: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, C, T] -> [B, C, T], with what `condition` returned; frames where `mask` [B, 1, T] is 0 stay 0."""
        total = torch.zeros_like(x)
        last = len(self.in_layers) - 1
        layers = zip(self.in_layers, self.res_skip_layers, condition.chunk(last + 1, dim=1), strict=True)
        for i, (convolve, leave, told) in enumerate(layers):
            signal, gate = (convolve(x) + told).chunk(2, dim=1)
            made = leave(signal.tanh() * gate.sigmoid())
            if i < last:
                added, made = made.chunk(2, dim=1)
                x = x + added if mask is None else (x + added) * mask
            total = total + made
        return total if mask is None else total * mask
