"""The residual coupling flow of VITS (Kim et al. 2021): an invertible map between the latents of prior and decoder.

The inverse is a pure convolution over time: a frame depends on `reach` frames before it and after it, no more.
"""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from models.wavenet import WaveNet


class Coupling(nn.Module):
    """Shifts one half of the channels by a function of the other half."""

    def __init__(self, channels: int, hidden: int, kernel: int, layers: int, style_channels: int) -> None:
        super().__init__()
        self.pre = nn.Conv1d(channels // 2, hidden, 1)
        self.enc = WaveNet(hidden, kernel, layers, style_channels)
        self.post = nn.Conv1d(hidden, channels // 2, 1)
        nn.init.zeros_(self.post.weight)
        nn.init.zeros_(cast(Tensor, self.post.bias))

    def forward(self, x: Tensor, condition: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, C, T] -> [B, C, T], with the WaveNet's `condition`."""
        still, moved = x.chunk(2, dim=1)
        return torch.cat([still, _kept(moved + self._shift(still, condition, mask), mask)], dim=1)

    def inverse(self, x: Tensor, condition: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, C, T] -> [B, C, T], what `forward` was given."""
        still, moved = x.chunk(2, dim=1)
        return torch.cat([still, _kept(moved - self._shift(still, condition, mask), mask)], dim=1)

    def _shift(self, still: Tensor, condition: Tensor, mask: Tensor | None) -> Tensor:
        x: Tensor = self.enc(_kept(self.pre(still), mask), condition, mask)
        return self.post(x)


class Flow(nn.Module):
    """Couplings, after each of which the order of the channels is reversed; reversals have places but no keys."""

    def __init__(
        self, channels: int, hidden: int, kernel: int, layers: int, couplings: int, style_channels: int
    ) -> None:
        super().__init__()
        self.flows = nn.ModuleList()
        for _ in range(couplings):
            self.flows.append(Coupling(channels, hidden, kernel, layers, style_channels))
            self.flows.append(nn.Identity())

    @property
    def couplings(self) -> list[Coupling]:
        """The couplings in the order in which `forward` takes them."""
        return [part for part in self.flows if isinstance(part, Coupling)]

    @property
    def reach(self) -> int:
        """Frames before and after each one that it depends on."""
        return sum(coupling.enc.reach for coupling in self.couplings)

    def conditions(self, style: Tensor) -> list[Tensor]:
        """What a speaker adds in every coupling, from style [B, G, 1]; constant for a voice."""
        return [coupling.enc.condition(style) for coupling in self.couplings]

    def forward(self, x: Tensor, conditions: Sequence[Tensor], mask: Tensor | None = None) -> Tensor:
        """Latents of the decoder to those of the prior: [B, C, T] -> [B, C, T]."""
        for coupling, condition in zip(self.couplings, conditions, strict=True):
            x = coupling(x, condition, mask).flip(1)
        return x

    def inverse(self, x: Tensor, conditions: Sequence[Tensor], mask: Tensor | None = None) -> Tensor:
        """Latents of the prior to those of the decoder: [B, C, T] -> [B, C, T]."""
        for coupling, condition in zip(reversed(self.couplings), reversed(conditions), strict=True):
            x = coupling.inverse(x.flip(1), condition, mask)
        return x


def _kept(x: Tensor, mask: Tensor | None) -> Tensor:
    return x if mask is None else x * mask
