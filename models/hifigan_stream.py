"""Spans of HiFi-GAN's output at the cost of little more than the span.

The generator is a chain of segments whose reach shrinks, counted in frames, with every upsampling: of the eleven
frames that a sample depends on, ten are spent before and in the first upsampling, the cheapest but one. A span is
therefore traced back through the segments, and each computes only what the next one needs. That is exact and needs
no state, where running the whole generator over a window costs its full reach at every layer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import torch
import torch.nn.functional as F
from torch import Tensor

from models.hifigan import EDGE_KERNEL, LAST_SLOPE, SLOPE, HifiGan

Run: TypeAlias = Callable[[Tensor, int, int], Tensor]


@dataclass(frozen=True)
class Segment:
    """One part of the chain: `rate` steps out for each one in, which depends on `left` and `right` others.

    `run` computes steps of its output, from the first to behind the last of those asked for.
    """

    run: Run
    rate: int
    left: int
    right: int


def segments(generator: HifiGan, condition: Tensor | None = None) -> list[Segment]:
    """Return the parts of a generator in their order; `condition` [1, C, 1] is what it adds for a speaker."""
    edge = EDGE_KERNEL // 2
    parts = [Segment(_trimmed(lambda x: _opened(generator, x, condition)), 1, edge, edge)]
    parts += [_stage(generator, i) for i in range(len(generator.ups))]
    close = _trimmed(lambda x: generator.conv_post(F.leaky_relu(x, LAST_SLOPE)).tanh())
    return [*parts, Segment(close, 1, edge, edge)]


def _trimmed(run: Callable[[Tensor], Tensor]) -> Run:
    return lambda x, first, last: run(x)[..., first:last]


def _opened(generator: HifiGan, x: Tensor, condition: Tensor | None) -> Tensor:
    x = generator.conv_pre(x)
    return x if condition is None else x + condition


def _stage(generator: HifiGan, index: int) -> Segment:
    """Segment of an upsampling and the residual blocks behind it."""
    config = generator.config
    rate, kernel = config.upsample_rates[index], config.upsample_kernel_sizes[index]
    blocks = generator.blocks(index)
    up, padding = generator.ups[index], (kernel - rate) // 2
    around = max(block.reach for block in blocks)

    def run(x: Tensor, first: int, last: int) -> Tensor:
        x = up(F.leaky_relu(x, SLOPE))
        return torch.stack([block.span(x, first, last) for block in blocks]).mean(dim=0)

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
    x = x[..., slice(*wanted[0])]
    for part, (begin, _), (first, last) in zip(parts, wanted[:-1], wanted[1:], strict=True):
        x = part.run(x, first - begin * part.rate, last - begin * part.rate)
    return x
