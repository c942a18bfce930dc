"""HiFi-GAN's generator (Kong et al. 2020): frames to a waveform, by upsampling and residual dilated convolutions.

It is a pure convolution: the samples of a frame depend on `reach` frames before it and after it, no more.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.weight_norm import NormedConv1d, NormedConvTranspose1d

SLOPE = 0.1
LAST_SLOPE = 0.01
EDGE_KERNEL = 7


@dataclass(frozen=True)
class HifiGanConfig:
    """Sizes of a generator; the defaults are those of the first published one.

    `style_channels` above 0 tells the decoder of a speaker. `bare_ends` is how GPT-SoVITS has it: no weight norm on the
    first and last convolution, and no bias on the last.
    """

    channels: int = 80
    upsample_rates: tuple[int, ...] = (8, 8, 2, 2)
    upsample_kernel_sizes: tuple[int, ...] = (16, 16, 4, 4)
    upsample_initial_channel: int = 512
    resblock: Literal["1", "2"] = "1"
    resblock_kernel_sizes: tuple[int, ...] = (3, 7, 11)
    resblock_dilation_sizes: tuple[tuple[int, ...], ...] = ((1, 3, 5),) * 3
    style_channels: int = 0
    bare_ends: bool = False


V1 = HifiGanConfig()
V2 = HifiGanConfig(upsample_initial_channel=128)
V3 = HifiGanConfig(
    upsample_rates=(8, 8, 4),
    upsample_kernel_sizes=(16, 16, 8),
    upsample_initial_channel=256,
    resblock="2",
    resblock_kernel_sizes=(3, 5, 7),
    resblock_dilation_sizes=((1, 2), (2, 6), (3, 12)),
)
"""The three generators of the paper, for mel spectrograms of 22.05 kHz."""


class ResBlock(nn.Module, ABC):
    """Residual convolutions one behind the other; what comes out depends on `reach` steps around it."""

    def __init__(self, reaches: Sequence[int]) -> None:
        """`reaches` are the steps around each that the residuals, in their order, depend on."""
        super().__init__()
        self.reaches = tuple(reaches)
        self.reach = sum(reaches)

    @abstractmethod
    def residual(self, x: Tensor, index: int) -> Tensor:
        """What residual `index` adds to its input: [B, C, T] -> [B, C, T]."""

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, T] -> [B, C, T]."""
        return self.span(x, 0, x.shape[-1])

    def span(self, x: Tensor, start: int, stop: int) -> Tensor:
        """Steps `start` to `stop` of what the block makes of [B, C, T], computed of no more than they depend on."""
        first, length, ahead = 0, x.shape[-1], self.reach
        for index, reach in enumerate(self.reaches):
            begin, end = max(start - ahead, 0), min(stop + ahead, length)
            x = x[..., begin - first : end - first]
            x = x + self.residual(x, index)
            first, ahead = begin, ahead - reach
        return x[..., start - first : stop - first]


class ResBlock1(ResBlock):
    """Pairs of convolutions, the first of each pair dilated, added to their input."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__([(kernel - 1) // 2 * (dilation + 1) for dilation in dilations])
        self.convs1 = nn.ModuleList(_conv(channels, kernel, dilation) for dilation in dilations)
        self.convs2 = nn.ModuleList(_conv(channels, kernel, 1) for _ in dilations)

    def residual(self, x: Tensor, index: int) -> Tensor:
        """What pair `index` adds to its input: [B, C, T] -> [B, C, T]."""
        inner = self.convs1[index](F.leaky_relu(x, SLOPE))
        added: Tensor = self.convs2[index](F.leaky_relu(inner, SLOPE))
        return added


class ResBlock2(ResBlock):
    """Dilated convolutions, each added to its input."""

    def __init__(self, channels: int, kernel: int, dilations: tuple[int, ...]) -> None:
        super().__init__([(kernel - 1) // 2 * dilation for dilation in dilations])
        self.convs = nn.ModuleList(_conv(channels, kernel, dilation) for dilation in dilations)

    def residual(self, x: Tensor, index: int) -> Tensor:
        """What convolution `index` adds to its input: [B, C, T] -> [B, C, T]."""
        added: Tensor = self.convs[index](F.leaky_relu(x, SLOPE))
        return added


BLOCKS: dict[str, type[ResBlock1] | type[ResBlock2]] = {"1": ResBlock1, "2": ResBlock2}


def _conv(channels: int, kernel: int, dilation: int) -> NormedConv1d:
    conv = NormedConv1d(channels, channels, kernel, padding=(kernel - 1) * dilation // 2, dilation=dilation)
    return cast(NormedConv1d, _small(conv))


def _small(conv: nn.Module) -> nn.Module:
    """Start weights at a deviation of 0.01, as the paper's code does before the norm is split off."""
    nn.init.normal_(conv.get_parameter("weight_v"), 0.0, 0.01)
    with torch.no_grad():
        direction = conv.get_parameter("weight_v")
        lengths = direction.norm(dim=tuple(range(1, direction.ndim)), keepdim=True)
        conv.get_parameter("weight_g").copy_(lengths)
    return conv


class HifiGan(nn.Module):
    """The generator; `hop` samples come out for every frame."""

    def __init__(self, config: HifiGanConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or HifiGanConfig()
        channels = config.upsample_initial_channel
        first = nn.Conv1d if config.bare_ends else NormedConv1d
        self.conv_pre = first(config.channels, channels, EDGE_KERNEL, padding=EDGE_KERNEL // 2)
        self.ups, self.resblocks = nn.ModuleList(), nn.ModuleList()
        for rate, kernel in zip(config.upsample_rates, config.upsample_kernel_sizes, strict=True):
            up = NormedConvTranspose1d(channels, channels // 2, kernel, rate, (kernel - rate) // 2)
            self.ups.append(_small(up))
            channels //= 2
            for size, dilations in zip(config.resblock_kernel_sizes, config.resblock_dilation_sizes, strict=True):
                self.resblocks.append(BLOCKS[config.resblock](channels, size, dilations))
        if config.bare_ends:
            self.conv_post: nn.Module = nn.Conv1d(channels, 1, EDGE_KERNEL, padding=EDGE_KERNEL // 2, bias=False)
        else:
            self.conv_post = _small(NormedConv1d(channels, 1, EDGE_KERNEL, padding=EDGE_KERNEL // 2))
        if config.style_channels:
            self.cond = nn.Conv1d(config.style_channels, config.upsample_initial_channel, 1)

    @property
    def hop(self) -> int:
        """Samples for every frame."""
        return prod(self.config.upsample_rates)

    @property
    def reach(self) -> int:
        """Frames before and after each one that its samples depend on."""
        c = self.config
        first, last = -(EDGE_KERNEL // 2), self.hop - 1 + EDGE_KERNEL // 2
        around = max(block.reach for block in self.blocks())
        for rate, kernel in zip(reversed(c.upsample_rates), reversed(c.upsample_kernel_sizes), strict=True):
            padding = (kernel - rate) // 2
            first = -((kernel - 1 - padding - (first - around)) // rate)
            last = (last + around + padding) // rate
        return max(-first, last) + EDGE_KERNEL // 2

    def blocks(self, index: int | None = None) -> list[ResBlock]:
        """The residual blocks behind upsampling `index`, or all."""
        count = len(self.config.resblock_kernel_sizes)
        chosen = self.resblocks if index is None else self.resblocks[count * index : count * (index + 1)]
        return [block for block in chosen if isinstance(block, ResBlock)]

    def condition(self, style: Tensor) -> Tensor:
        """What a speaker adds after the first convolution: [B, G, 1] -> [B, C, 1]; constant for a voice."""
        return self.cond(style)

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        """Frames [B, C, T] -> wav [B, 1, T * hop]."""
        x = self.conv_pre(x)
        if condition is not None:
            x = x + condition
        for i, up in enumerate(self.ups):
            x = up(F.leaky_relu(x, SLOPE))
            first, *others = self.blocks(i)
            total = first(x)
            for block in others:
                total = total + block(x)
            x = total / (1 + len(others))
        return self.conv_post(F.leaky_relu(x, LAST_SLOPE)).tanh()
