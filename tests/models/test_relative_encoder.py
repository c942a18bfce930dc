"""Distances between frames are told as they are written down, and padding changes nothing."""

import math

import pytest
import torch

from models.relative_encoder import RelativeAttention, RelativeEncoder, from_distances, split_channels, to_distances


@pytest.mark.parametrize("frames", [1, 3, 4, 5, 9, 20])
def test_every_pair_gets_what_belongs_to_its_distance(frames: int) -> None:
    torch.manual_seed(0)
    by_distance, pairs = torch.randn(2, frames, 9), torch.randn(2, frames, frames)

    spread, gathered = from_distances(by_distance), to_distances(pairs, 4)

    for i in range(frames):
        for j in range(frames):
            wanted = by_distance[:, i, j - i + 4] if abs(j - i) <= 4 else torch.zeros(2)
            assert torch.equal(spread[:, i, j], wanted)
        for d in range(9):
            j = i + d - 4
            wanted = pairs[:, i, j] if 0 <= j < frames else torch.zeros(2)
            assert torch.equal(gathered[:, i, d], wanted)


@torch.inference_mode()
def test_attention_is_its_formula() -> None:
    torch.manual_seed(0)
    attention, x = RelativeAttention(8, 2, window=2), torch.randn(1, 8, 6)
    q, k, v = (split_channels(conv(x), 2)[0] for conv in (attention.conv_q, attention.conv_k, attention.conv_v))
    made = torch.zeros(2, 6, 4)
    for i in range(6):
        near = [(j, j - i + 2) for j in range(6) if abs(j - i) <= 2]
        scores = torch.einsum("hd,hjd->hj", q[:, i], k)
        for j, d in near:
            scores[:, j] += q[:, i] @ attention.emb_rel_k[0, d]
        weights = (scores / math.sqrt(4)).softmax(dim=-1)
        made[:, i] = torch.einsum("hj,hjd->hd", weights, v)
        for j, d in near:
            made[:, i] += weights[:, j, None] * attention.emb_rel_v[0, d]

    wanted = attention.conv_o(made.transpose(1, 2).flatten(0, 1)[None])

    torch.testing.assert_close(attention(x), wanted, atol=1e-6, rtol=0)


@torch.inference_mode()
def test_padding_and_what_is_in_it_changes_nothing() -> None:
    torch.manual_seed(0)
    encoder, x = RelativeEncoder(8, 16, 2, layers=3, kernel=3).double(), torch.randn(2, 8, 12).double()
    mask = (torch.arange(12) < torch.tensor([[12], [7]])).double()[:, None]

    padded = encoder(x, mask)

    torch.testing.assert_close(padded[:1], encoder(x[:1]), atol=1e-12, rtol=0)
    torch.testing.assert_close(padded[1:, :, :7], encoder(x[1:, :, :7]), atol=1e-12, rtol=0)
    assert not padded[1, :, 7:].any()
