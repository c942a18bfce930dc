"""One frame of the content encoder, with its residual codes.

The step is the encoder's `forward` written for a single frame: rows of [1, C] and matrices only, as few operations
as that takes. It equals the offline encoder after a long silence.
"""

from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.banded_attention import BandedSelfAttention
from models.content import (
    Block,
    BlockState,
    ContentEncoder,
    ConvolutionModule,
)
from models.content_sizes import STEP, spread
from models.frames import Depthwise, as_matrix, delayed, unfolded
from models.rvq import ResidualVectorQuantizer, VectorQuantization


class AttentionStep(nn.Module):
    """`BandedSelfAttention` for the one frame whose look-ahead is complete.

    All heads share one product of matrices: each head's query is a row that is zero outside the head.
    """

    def __init__(self, attention: BandedSelfAttention, right: int) -> None:
        super().__init__()
        self.attention = attention
        width = attention.out.in_features
        size = width // attention.heads
        self.own = torch.eye(attention.heads, device=attention.bias.device).repeat_interleave(size, dim=1)  # [H, C]
        self.scaled = self.own / size**0.5
        self.bias = attention.bias.detach()[:, : attention.left + right + 1]

    def push(self, x: Tensor, pasts: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """[1, C] and pasts of queries [right, C] where it looks ahead, keys and values -> [1, C] and the new pasts."""
        (*waiting, keys, values), (query, key, value) = pasts, self.attention.project(x).chunk(3, dim=-1)
        query, waiting = delayed(query, waiting)
        keys, values = torch.cat([keys, key]), torch.cat([values, value])
        weights = torch.addmm(self.bias, query * self.scaled, keys.T).softmax(-1)
        heard = ((weights @ values) * self.own).sum(0, keepdim=True)
        return self.attention.out(heard), [*waiting, keys, values]


class ConvolutionStep(nn.Module):
    """`ConvolutionModule` for one frame."""

    def __init__(self, module: ConvolutionModule) -> None:
        super().__init__()
        self.module = module
        self.depthwise = Depthwise(module.depthwise.weight, cast(Tensor, module.depthwise.bias), 1)

    def push(self, x: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """[1, C] and past [kernel - 1, C] -> [1, C] and the new past."""
        past = torch.cat([past, F.glu(self.module.gate(x), dim=-1)])
        return self.module.out(F.silu(self.module.norm(self.depthwise(past)))), past


class BlockStep(nn.Module):
    """`Block` for one frame; `pasts` tensors are its state."""

    def __init__(self, block: Block, right: int) -> None:
        super().__init__()
        self.block, self.right = block, right
        self.attention = AttentionStep(block.attention, right)
        self.convolution = ConvolutionStep(block.convolution)
        self.pasts = 5 if right else 3

    def pasts_of(self, state: BlockState) -> list[Tensor]:
        """Return the state of `Block.push` as lines of rows, oldest first."""
        bands = (state.attention.queries, state.attention.keys, state.attention.values)
        queries, keys, values = (x[0].transpose(0, 1).flatten(1) for x in bands)
        waiting = [state.waiting[0], queries] if self.right else []
        return [x.contiguous() for x in (*waiting, keys, values, state.convolution[0].T)]

    def push(self, x: Tensor, pasts: Sequence[Tensor]) -> tuple[Tensor, list[Tensor]]:
        """[1, C] and pasts of input (where it looks ahead), attention and convolution -> [1, C] and new pasts."""
        block, ahead = self.block, 1 if self.right else 0
        heard, attended = self.attention.push(block.attention_norm(x), pasts[ahead:-1])
        x, waiting = delayed(x, pasts[:ahead])
        x = x + heard
        mixed, convolved = self.convolution.push(block.convolution_norm(x), pasts[-1])
        x = x + mixed
        x = x + block.feed_out(F.gelu(block.feed_in(block.feed_norm(x))))
        return x, [*waiting, *attended, convolved]


class ContentStep(nn.Module):
    """One frame of the encoder and its residual codes, with a flat state of constant shape.

    A stream begins after a silence that is longer than the attention's past: all caches are full from the start.
    """

    def __init__(self, encoder: ContentEncoder, quantizer: ResidualVectorQuantizer, look_ahead: int) -> None:
        super().__init__()
        self.encoder = encoder
        self._ahead = look_ahead
        blocks = zip(encoder.blocks, spread(look_ahead, len(encoder.blocks)), strict=True)
        self.blocks = nn.ModuleList(BlockStep(cast(Block, block), right) for block, right in blocks)
        self.front, self.down = (as_matrix(layer.weight) for layer in (encoder.front, encoder.down))
        self.books = [layer._codebook.embed for layer in cast(list[VectorQuantization], quantizer.vq.layers)]
        self.nearness = [(2 * book, -book.square().sum(1)) for book in self.books]

    def initial_state(self) -> list[Tensor]:
        """Return the state after a long silence."""
        config = self.encoder.config
        frames = (config.left + self._ahead + config.kernel) * (config.blocks + 1)
        silence = self.front.new_zeros(1, STEP * frames)
        with torch.no_grad():
            _, state = self.encoder.push(self.encoder.mel(silence), self.encoder.empty_state(self._ahead))
        pasts = [state.front[0].T.contiguous(), state.down[0].T.contiguous()]
        for step, block in zip(self.blocks, state.blocks, strict=True):
            pasts += cast(BlockStep, step).pasts_of(block)
        return pasts

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Power spectra [2, 257] -> content [1, 96] and as it is told by 1, 2, ... books [K, 96]."""
        encoder, (front, down, *rest) = self.encoder, state
        front = torch.cat([front, encoder.mel.scaled(inputs[0] @ encoder.mel.basis)])
        opened = F.linear(unfolded(front, 3, 2), self.front, encoder.front.bias)
        down = torch.cat([down, F.gelu(encoder.front_norm(opened))])
        x, after = F.linear(unfolded(down, 3, 1), self.down, encoder.down.bias), [front, down]
        for step in self.blocks:
            count = cast(BlockStep, step).pasts
            x, pasts = cast(BlockStep, step).push(x, rest[:count])
            after, rest = after + pasts, rest[count:]
        content = encoder.described(x)
        return [content, content - self._untold(content)], after

    def _untold(self, content: Tensor) -> Tensor:
        """What 1, 2, ... books leave over of content [1, 96]: [K, 96]."""
        rests = [content]
        for book, (weight, bias) in zip(self.books, self.nearness, strict=True):
            code = F.linear(rests[-1], weight, bias).argmax(dim=-1)
            rests.append(rests[-1] - book[code])
        return torch.cat(rests[1:])
