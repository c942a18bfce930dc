"""The content encoder over a stream: one frame at a time, with its residual codes."""

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from models.banded_attention import BandState
from models.compiled import Step
from models.content import (
    MEL_HOP,
    MEL_WINDOW,
    RATE,
    STEP,
    BlockState,
    ContentEncoder,
    ContentState,
    spread,
)
from models.rvq import ResidualVectorQuantizer, VectorQuantization


class ContentStep(nn.Module):
    """One frame of the encoder and its residual codes, with a flat state of constant shape.

    A stream begins after a silence that is longer than the attention's past: all caches are full from the start.
    """

    def __init__(self, encoder: ContentEncoder, quantizer: ResidualVectorQuantizer, look_ahead: int) -> None:
        super().__init__()
        self.encoder, self.quantizer = encoder, quantizer
        self._rights = spread(look_ahead, len(encoder.blocks))

    def initial_state(self) -> list[Tensor]:
        """Return the state after a long silence."""
        config = self.encoder.config
        frames = (config.left + sum(self._rights) + config.kernel) * (config.blocks + 1)
        silence = self.encoder.bottleneck.weight.new_zeros(1, STEP * frames)
        with torch.no_grad():
            _, state = self.encoder.push(self.encoder.mel(silence), self.encoder.empty_state(sum(self._rights)))
        return self._flat(state)

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Log-mel [1, 2, 80] -> content as told by 1, 2, ... books [1, K, 96]."""
        content, after = self.encoder.push(inputs[0], self._whole(state))
        rest, told = content, list[Tensor]()
        for layer in cast(list[VectorQuantization], self.quantizer.vq.layers):
            word = layer.decode(layer.encode(rest.transpose(1, 2))).transpose(1, 2)
            told.append(word if not told else told[-1] + word)
            rest = rest - word
        return [torch.cat(told, dim=1)], self._flat(after)

    def _flat(self, state: ContentState) -> list[Tensor]:
        flat = [state.front, state.down]
        for block in state.blocks:
            waits = [block.waiting, block.attention.queries] if block.attention.right else []
            flat += [*waits, block.attention.keys, block.attention.values, block.convolution]
        return flat

    def _whole(self, flat: Sequence[Tensor]) -> ContentState:
        front, down, *rest = flat
        blocks, config = [], self.encoder.config
        for right in self._rights:
            if right:
                waiting, queries, *rest = rest
            else:
                waiting = front.new_zeros(1, 0, config.width)
                queries = front.new_zeros(1, config.heads, 0, config.width // config.heads)
            keys, values, convolution, *rest = rest
            blocks.append(BlockState(waiting, BandState(right, queries, keys, values, {}), convolution))
        return ContentState(front, down, blocks)


class ContentStream:
    """Coded content over a stream of whole 320-sample steps, which begins after silence."""

    def __init__(self, encoder: ContentEncoder, step: Step, look_ahead: int) -> None:
        self._mel, self._step = encoder.mel, step
        self._look_ahead, self._size = look_ahead, encoder.config.content
        self.delay = look_ahead * STEP / RATE
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        self._step.reset()
        self._samples = self._mel.window.new_zeros(1, MEL_WINDOW - MEL_HOP)
        self._silent = self._look_ahead

    def push(self, samples: Tensor, books: int) -> Tensor:
        """Samples [1, 320 n] -> content as the first `books` books tell it [1, m, 96].

        m is n but for the first `look_ahead` frames, which belong to the silence before.
        """
        padded = torch.cat([self._samples, samples], dim=-1)
        self._samples = padded[:, -(MEL_WINDOW - MEL_HOP) :]
        found = []
        for mel in self._mel.frames(padded).split(2, dim=1):
            told = self._step.run(mel)[0]
            if self._silent:
                self._silent -= 1
            else:
                found.append(told[:, books - 1 : books])
        return torch.cat(found, dim=1) if found else samples.new_zeros(1, 0, self._size)
