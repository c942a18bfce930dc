"""One content frame of the source-filter generator's network, which is two frames of filters."""

from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.frames import Depthwise
from models.pitch_sizes import FRAMES
from models.source_filter import ConvNeXt, Generator


class ConvNeXtStep(nn.Module):
    """`ConvNeXt` for `count` frames."""

    def __init__(self, block: ConvNeXt, count: int) -> None:
        super().__init__()
        self.block = block
        self.depthwise = Depthwise(block.depthwise.weight, cast(Tensor, block.depthwise.bias), count)
        self.weight, self.bias = block.leave.weight * block.scale[:, None], block.leave.bias * block.scale

    def push(self, x: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """[count, C] and past [kernel - 1, C] -> [count, C] and the new past."""
        past = torch.cat([past, x])
        normal = self.block.norm(self.depthwise(past))
        return x + F.linear(F.gelu(self.block.enter(normal)), self.weight, self.bias), past


class GeneratorStep(nn.Module):
    """`Generator.filters` for one content frame, with a flat state of constant shape."""

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        self.generator = generator
        self.slow = nn.ModuleList(ConvNeXtStep(cast(ConvNeXt, block), 1) for block in generator.slow)
        self.fast = nn.ModuleList(ConvNeXtStep(cast(ConvNeXt, block), FRAMES) for block in generator.fast)

    def initial_state(self) -> list[Tensor]:
        """Return the past of every block before the first frame of a stream."""
        blocks = (*self.generator.slow, *self.generator.fast)
        return [cast(ConvNeXt, block).depthwise.initial_state(1)[0].T.contiguous() for block in blocks]

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Content [1, 96] and what `told` says of its pitch [2, 3] -> filters [2, 3 bins]."""
        generator, (content, told) = self.generator, inputs
        x, after = generator.enter(content), []
        for i, step in enumerate((*self.slow, *self.fast)):
            if i == len(self.slow):
                x = generator.widen(x).reshape(FRAMES, -1) + generator.pitch(told)
            x, past = cast(ConvNeXtStep, step).push(x, state[i])
            after.append(past)
        return [generator.leave(generator.norm(x))], after
