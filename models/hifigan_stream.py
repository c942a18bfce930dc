"""Spans of HiFi-GAN's output at the cost of little more than the span.

The generator is a chain of segments whose reach shrinks, counted in frames, with every upsampling: of the eleven
frames that a sample depends on, ten are spent before and in the first upsampling, the cheapest but one. A span is
therefore traced back through the segments, and each computes only what the next one needs. That is exact and needs
no state, where running the whole generator over a window costs its full reach at every layer.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.hifigan import EDGE_KERNEL, LAST_SLOPE, SLOPE, HifiGan


@dataclass(frozen=True)
class Segment:
    """One part of the chain: `rate` steps out for each one in, which depends on `left` and `right` others."""

    run: Callable[[Tensor], Tensor]
    rate: int
    left: int
    right: int


def segments(generator: HifiGan, condition: Tensor | None = None) -> list[Segment]:
    """Return the parts of a generator in their order; `condition` [1, C, 1] is what it adds for a speaker."""
    edge = EDGE_KERNEL // 2
    parts = [Segment(lambda x: _opened(generator, x, condition), 1, edge, edge)]
    parts += [_stage(generator, i) for i in range(len(generator.ups))]
    return [*parts, Segment(lambda x: generator.conv_post(F.leaky_relu(x, LAST_SLOPE)).tanh(), 1, edge, edge)]


def _opened(generator: HifiGan, x: Tensor, condition: Tensor | None) -> Tensor:
    x = generator.conv_pre(x)
    return x if condition is None else x + condition


def _stage(generator: HifiGan, index: int) -> Segment:
    """Segment of an upsampling and the residual blocks behind it."""
    config = generator.config
    rate, kernel = config.upsample_rates[index], config.upsample_kernel_sizes[index]
    count = len(config.resblock_kernel_sizes)
    blocks = generator.resblocks[count * index : count * (index + 1)]
    up, padding = generator.ups[index], (kernel - rate) // 2
    around = max(int(block.reach) for block in blocks)  # type: ignore[arg-type]

    def run(x: Tensor) -> Tensor:
        x = up(F.leaky_relu(x, SLOPE))
        return torch.stack([block(x) for block in blocks]).mean(dim=0)

    return Segment(run, rate, -(-(kernel - 1 - padding + around) // rate), (rate - 1 + padding + around) // rate)


def span(parts: list[Segment], x: Tensor, start: int, stop: int) -> Tensor:
    """Samples `start` to `stop` of what the whole chain makes of frames [1, C, T]: [1, 1, stop - start].

    The frames' ends are taken for the signal's ends, as the whole chain does.
    """
    lengths = [x.shape[-1]]
    for part in parts:
        lengths.append(lengths[-1] * part.rate)
    wanted = [(start, stop)]
    for part, length in zip(reversed(parts), reversed(lengths[:-1]), strict=True):
        first, last = wanted[-1]
        wanted.append((max(first // part.rate - part.left, 0), min(-(-last // part.rate) + part.right, length)))
    wanted.reverse()
    begin = 0
    for part, (first, last), (cut_first, cut_last) in zip(parts, wanted[:-1], wanted[1:], strict=True):
        x = part.run(x[..., first - begin : last - begin])
        begin = cut_first
        x = x[..., cut_first - first * part.rate : cut_last - first * part.rate]
    return x
