"""Multi-head attention over a whole utterance."""

import torch.nn.functional as F
from torch import Tensor, nn


def split_heads(x: Tensor, heads: int) -> Tensor:
    """[B, T, C] -> [B, H, T, C / H]."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)


def join_heads(x: Tensor) -> Tensor:
    """[B, H, T, C / H] -> [B, T, C]."""
    return x.transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    """Every step attends to every step of its utterance (Vaswani et al. 2017); keys as in wav2vec 2.0 and HuBERT."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.q_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, T, C] -> [B, T, C]; `mask` broadcasts to [B, H, T, T], True where a query sees a key."""
        queries, keys, values = (split_heads(p(x), self.heads) for p in (self.q_proj, self.k_proj, self.v_proj))
        return self.out_proj(join_heads(F.scaled_dot_product_attention(queries, keys, values, attn_mask=mask)))
