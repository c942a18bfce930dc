"""Attention is that of torch, and what a mask hides is not seen."""

import torch
from torch import nn

from models.attention import SelfAttention, join_heads, split_heads


@torch.inference_mode()
def test_attention_equals_that_of_torch() -> None:
    torch.manual_seed(0)
    ours, theirs, x = SelfAttention(12, 3), nn.MultiheadAttention(12, 3, batch_first=True), torch.randn(2, 7, 12)
    parts = (ours.q_proj, ours.k_proj, ours.v_proj)
    theirs.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
    theirs.in_proj_bias.copy_(torch.cat([part.bias for part in parts]))
    theirs.out_proj.load_state_dict(ours.out_proj.state_dict())

    torch.testing.assert_close(ours(x), theirs(x, x, x)[0], atol=1e-6, rtol=0)


@torch.inference_mode()
def test_what_a_mask_hides_is_not_seen() -> None:
    torch.manual_seed(0)
    attention, x = SelfAttention(8, 2), torch.randn(1, 6, 8)
    seen = torch.arange(6) < 4

    masked = attention(x, seen[None, None, None])

    torch.testing.assert_close(masked[:, :4], attention(x[:, :4]), atol=1e-6, rtol=0)


def test_heads_are_split_and_joined_without_loss() -> None:
    x = torch.randn(2, 5, 12)

    assert split_heads(x, 3).shape == (2, 3, 5, 4)
    assert torch.equal(join_heads(split_heads(x, 3)), x)
