"""A transformer that knows how far apart two near frames are (Shaw et al. 2018), as in VITS (Kim et al. 2021)."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

HIDDEN_SCORE = -1e4
"""Score of a key that a mask hides; its weight is 0 in any precision."""


class ChannelNorm(nn.Module):
    """Layer norm over the channels of [B, C, T]."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(channels))
        self.beta = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, T] -> [B, C, T]."""
        return F.layer_norm(x.transpose(1, 2), self.gamma.shape, self.gamma, self.beta).transpose(1, 2)


def split_channels(x: Tensor, heads: int) -> Tensor:
    """[B, C, T] -> [B, H, T, C / H]."""
    return x.unflatten(1, (heads, -1)).transpose(2, 3)


def join_channels(x: Tensor) -> Tensor:
    """[B, H, T, C / H] -> [B, C, T]."""
    return x.transpose(2, 3).flatten(1, 2)


class RelativeAttention(nn.Module):
    """Every frame attends to all; up to `window` frames away, a key and a value for the distance are added."""

    def __init__(self, channels: int, heads: int, window: int = 4, dropout: float = 0.0) -> None:
        super().__init__()
        self.heads, self.window = heads, window
        width = channels // heads
        self.emb_rel_k = nn.Parameter(torch.randn(1, 2 * window + 1, width) * width**-0.5)
        self.emb_rel_v = nn.Parameter(torch.randn(1, 2 * window + 1, width) * width**-0.5)
        self.conv_q, self.conv_k, self.conv_v, self.conv_o = (nn.Conv1d(channels, channels, 1) for _ in range(4))
        self.drop = nn.Dropout(dropout)
        for conv in (self.conv_q, self.conv_k, self.conv_v):
            nn.init.xavier_uniform_(conv.weight)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, C, T] -> [B, C, T]; frames where `mask` [B, 1, T] is 0 are not attended to."""
        queries, keys, values = (split_channels(p(x), self.heads) for p in (self.conv_q, self.conv_k, self.conv_v))
        queries = queries / math.sqrt(queries.shape[-1])
        scores = queries @ keys.transpose(-1, -2) + from_distances(queries @ self.emb_rel_k.transpose(-1, -2))
        if mask is not None:
            scores = scores.masked_fill(mask[:, None] == 0, HIDDEN_SCORE)
        weights = self.drop(scores.softmax(dim=-1))
        return self.conv_o(join_channels(weights @ values + to_distances(weights, self.window) @ self.emb_rel_v))


def from_distances(x: Tensor) -> Tensor:
    """Something for every frame and distance -window to window -> for every pair of frames, 0 for those farther apart.

    [..., T, 2 W + 1] -> [..., T, T]. Rows longer by one than those they are read as are how each one moves by one step.
    """
    frames, distances = x.shape[-2:]
    window = distances // 2
    wide = frames + 2 * window
    shifted = F.pad(x, (0, frames)).flatten(-2)[..., : frames * wide].unflatten(-1, (frames, wide))
    return shifted[..., window : window + frames]


def to_distances(x: Tensor, window: int) -> Tensor:
    """Undo `from_distances`: pairs [..., T, T] -> those up to `window` apart [..., T, 2 W + 1], 0 outside."""
    frames = x.shape[-1]
    shifted = F.pad(F.pad(x, (window, window)).flatten(-2), (0, frames))
    return shifted.unflatten(-1, (frames, frames + 2 * window + 1))[..., : 2 * window + 1]


class FeedForward(nn.Module):
    """Two convolutions over neighbouring frames with a ReLU between."""

    def __init__(self, channels: int, inner: int, kernel: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.conv_1 = nn.Conv1d(channels, inner, kernel)
        self.conv_2 = nn.Conv1d(inner, channels, kernel)
        self.drop = nn.Dropout(dropout)
        self.edges = ((kernel - 1) // 2, kernel // 2)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, C, T] -> [B, C, T]; frames where `mask` [B, 1, T] is 0 read as 0."""
        x = self.drop(self.conv_1(F.pad(_kept(x, mask), self.edges)).relu())
        return self.conv_2(F.pad(_kept(x, mask), self.edges))


class RelativeEncoder(nn.Module):
    """Layers of attention and convolutions, each added to its input and normed after."""

    def __init__(
        self, channels: int, inner: int, heads: int, layers: int, kernel: int, dropout: float = 0.0, window: int = 4
    ) -> None:
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.attn_layers = nn.ModuleList(RelativeAttention(channels, heads, window, dropout) for _ in range(layers))
        self.norm_layers_1 = nn.ModuleList(ChannelNorm(channels) for _ in range(layers))
        self.ffn_layers = nn.ModuleList(FeedForward(channels, inner, kernel, dropout) for _ in range(layers))
        self.norm_layers_2 = nn.ModuleList(ChannelNorm(channels) for _ in range(layers))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, C, T] -> [B, C, T]; frames where `mask` [B, 1, T] is 0 come out as 0 and change no others."""
        layers = zip(self.attn_layers, self.norm_layers_1, self.ffn_layers, self.norm_layers_2, strict=True)
        for attention, first_norm, feed_forward, second_norm in layers:
            x = first_norm(x + self.drop(attention(x, mask)))
            x = second_norm(x + self.drop(feed_forward(x, mask)))
        return _kept(x, mask)


def _kept(x: Tensor, mask: Tensor | None) -> Tensor:
    return x if mask is None else x * mask
