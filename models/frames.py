"""Frames as rows: what the one-frame steps of several networks share."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor


def unfolded(rows: Tensor, extent: int, count: int) -> Tensor:
    """Rows [count - 1 + extent, C] -> the `extent` rows under each place of a kernel [count, extent * C]."""
    if count == 1:
        return rows.reshape(1, -1)
    index = torch.arange(count, device=rows.device)[:, None] + torch.arange(extent, device=rows.device)
    return rows[index.flatten()].reshape(count, -1)


def as_matrix(weight: Tensor) -> Tensor:
    """Weights of a convolution [out, in, kernel] -> those of a linear layer of what `unfolded` gives."""
    return weight.detach().permute(0, 2, 1).flatten(1)


class Depthwise(torch.nn.Module):
    """A causal depthwise convolution of `count` new rows: one product with its taps, one sum by a matrix of ones."""

    def __init__(self, weight: Tensor, bias: Tensor, count: int) -> None:
        """`weight` [C, 1, kernel] and `bias` [C] of the convolution."""
        super().__init__()
        taps = weight.detach()[:, 0].T  # [kernel, C]
        placed = [F.pad(taps, (0, 0, i, count - 1 - i)) for i in range(count)]
        self.taps, self.bias = torch.stack(placed), bias.detach()
        self.sums = torch.eye(count, device=taps.device).repeat_interleave(len(placed[0]), dim=1)

    def forward(self, rows: Tensor) -> Tensor:
        """Past and new rows [kernel - 1 + count, C] -> [count, C]."""
        products = rows * self.taps
        return torch.addmm(self.bias, self.sums, products.flatten(0, 1))


def delayed(x: Tensor, waiting: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
    """The oldest row of those that wait, and those that wait with `x` [1, C]; `x` itself where there is no line."""
    if not waiting:
        return x, []
    if len(waiting[0]) == 1:
        return waiting[0], [x]
    line = torch.cat([waiting[0], x])
    return line[:1], [line]
