"""The mel-style encoder (Min et al. 2021): a recording's spectrogram to one vector for how its speaker sounds."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.attention import join_heads, split_heads

DROPOUT = 0.1


class StyleLinear(nn.Module):
    """A matrix under the key `fc`."""

    def __init__(self, channels: int, out_channels: int) -> None:
        super().__init__()
        self.fc = nn.Linear(channels, out_channels)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, C] -> [B, T, C']."""
        return self.fc(x)


class StyleConv(nn.Module):
    """A convolution over time under the key `conv`."""

    def __init__(self, channels: int, out_channels: int, kernel: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, out_channels, kernel, padding=kernel // 2)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, T] -> [B, C', T]."""
        return self.conv(x)


class GatedConv(nn.Module):
    """A gated convolution added to its input."""

    def __init__(self, channels: int, kernel: int) -> None:
        super().__init__()
        self.conv1 = StyleConv(channels, 2 * channels, kernel)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, T] -> [B, C, T]."""
        return x + F.glu(self.conv1(x), dim=1)


class StyleAttention(nn.Module):
    """Self-attention added to its input; scores are divided by the root of the whole width, not of a head's."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.w_qs, self.w_ks, self.w_vs, self.fc = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, T, C] -> [B, T, C]; frames where `mask` [B, T] is False are not attended to."""
        queries, keys, values = (split_heads(p(x), self.heads) for p in (self.w_qs, self.w_ks, self.w_vs))
        seen = None if mask is None else mask[:, None, None]
        found = F.scaled_dot_product_attention(queries, keys, values, attn_mask=seen, scale=1 / math.sqrt(x.shape[-1]))
        return x + self.fc(join_heads(found))


class StyleEncoder(nn.Module):
    """Spectrogram to style; named as in the checkpoints."""

    def __init__(self, bins: int, style_channels: int, width: int = 128, heads: int = 2, kernel: int = 5) -> None:
        super().__init__()
        self.spectral = nn.Sequential(
            StyleLinear(bins, width),
            nn.Mish(),
            nn.Dropout(DROPOUT),
            StyleLinear(width, width),
            nn.Mish(),
            nn.Dropout(DROPOUT),
        )
        self.temporal = nn.Sequential(GatedConv(width, kernel), GatedConv(width, kernel))
        self.slf_attn = StyleAttention(width, heads)
        self.fc = StyleLinear(width, style_channels)

    def forward(self, spectrogram: Tensor, mask: Tensor | None = None) -> Tensor:
        """Spectrogram [B, bins, T] -> style [B, G, 1]; frames where `mask` [B, 1, T] is 0 do not count."""
        x = self.spectral(spectrogram.transpose(1, 2))
        x = self.temporal(x.transpose(1, 2)).transpose(1, 2)
        counted = None if mask is None else mask[:, 0] > 0
        x = self.fc(self.slf_attn(x, counted))
        x = x.to(torch.promote_types(x.dtype, torch.float32))
        if counted is None:
            return x.mean(dim=1)[..., None]
        kept = x.masked_fill(~counted[..., None], 0.0)
        return (kept.sum(dim=1) / counted.sum(dim=1, keepdim=True))[..., None]
