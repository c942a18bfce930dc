"""Self-attention over a bounded past and a stated look-ahead, with a bounded cache when streamed."""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.attention import join_heads

STEEPEST, FLATTEST = 2.0, 0.05
MOST_MASKS = 64


class BandState(NamedTuple):
    """What one stream keeps: keys and values of `left + right` frames, queries of frames whose future is to come.

    All are [B, H, n, C / H]. `masks` saves the band of shapes seen before; it depends on the weights alone.
    """

    right: int
    queries: Tensor
    keys: Tensor
    values: Tensor
    masks: dict[tuple[int, int], Tensor]


class BandedSelfAttention(nn.Module):
    """Attention of each frame to `left` frames before it and up to `right` after it; time is axis 1.

    A learned bias for every head and offset tells near from far; it starts as a slope per head (Press et al. 2022).
    The look-ahead may be chosen smaller than `right` for each call and stream: one set of weights, several delays.
    """

    def __init__(self, width: int, heads: int, left: int, right: int = 0) -> None:
        super().__init__()
        self.heads, self.left, self.right = heads, left, right
        self.project = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        slopes = torch.logspace(0.0, 1.0, heads, base=FLATTEST / STEEPEST) * STEEPEST
        self.bias = nn.Parameter(-slopes[:, None] * torch.arange(-left, right + 1).abs())

    @property
    def look_ahead(self) -> int:
        """Frames after each frame that `push` waits for, unless its state was made for fewer."""
        return self.right

    def forward(self, x: Tensor, right: int | None = None) -> Tensor:
        """The whole utterance at once: [B, T, C] -> [B, T, C]."""
        frames = x.shape[1]
        return self._attend(*self._split(x), self._band(frames, frames, self._checked(right)))

    def initial_state(self, batch: int = 1, right: int | None = None) -> BandState:
        """Return the state of a stream with that look-ahead before its first frame."""
        none = self.out.weight.new_zeros(batch, self.heads, 0, self.out.in_features // self.heads)
        return BandState(self._checked(right), none, none, none, {})

    def push(self, x: Tensor, state: BandState) -> tuple[Tensor, BandState]:
        """[B, n, C] -> [B, m, C], the frames whose look-ahead is complete."""
        right = state.right
        new = zip((state.queries, state.keys, state.values), self._split(x), strict=True)
        queries, keys, values = (torch.cat(pair, dim=2) for pair in new)
        ready = max(queries.shape[2] - right, 0)
        old = max(keys.shape[2] - self.left - right, 0)
        after = BandState(right, queries[:, :, ready:], keys[:, :, old:], values[:, :, old:], state.masks)
        if ready == 0:
            return x[:, :0], after
        mask = self._remembered_band(queries.shape[2], keys.shape[2], state)
        return self._attend(queries[:, :, :ready], keys, values, mask), after

    def _checked(self, right: int | None) -> int:
        if right is None:
            return self.right
        if not 0 <= right <= self.right:
            raise ValueError(f"a look-ahead of {right} frames is not within 0 to {self.right}")
        return right

    def _split(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """[B, T, C] -> queries, keys, values [B, H, T, C / H]."""
        queries, keys, values = self.project(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return queries, keys, values

    def _attend(self, queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
        return self.out(join_heads(F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask)))

    def _remembered_band(self, queries: int, keys: int, state: BandState) -> Tensor:
        masks, shape = state.masks, (queries, keys)
        if shape not in masks:
            if len(masks) == MOST_MASKS:
                masks.clear()
            masks[shape] = self._band(queries, keys, state.right)[:, : queries - state.right]
        return masks[shape]

    def _band(self, queries: int, keys: int, right: int) -> Tensor:
        """Bias [H, queries, keys], minus infinity outside the band; the last key is the last query's own."""
        frames = torch.arange(keys, device=self.bias.device)
        offset = frames[None] - frames[keys - queries :, None]
        seen = (offset >= -self.left) & (offset <= right)
        index = (offset + self.left).clamp(0, self.left + self.right)
        return self.bias[:, index].masked_fill(~seen, float("-inf"))
