"""What VITS (Kim et al. 2021) is trained by: mel bands, the divergence of its latents, and the game with critics.

All of it is computed in single precision at least, whatever the surroundings compute in.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

MEL_WEIGHT = 45.0
MATCHING_WEIGHT = 2.0

Judgement = Sequence[tuple[Tensor, Sequence[Tensor]]]
"""Scores and feature maps of every critic."""


def discriminator_loss(true: Judgement, made: Judgement) -> Tensor:
    """Sum over critics of a least-squares loss that wants 1 for recordings and 0 for generated speech."""
    parts = [
        (1 - _wide(t)).square().mean() + _wide(m).square().mean() for (t, _), (m, _) in zip(true, made, strict=True)
    ]
    return torch.stack(parts).sum()


def adversarial_loss(made: Judgement) -> Tensor:
    """Sum over critics of a least-squares loss that wants 1 for generated speech."""
    return torch.stack([(1 - _wide(score)).square().mean() for score, _ in made]).sum()


def matching_loss(true: Judgement, made: Judgement) -> Tensor:
    """Twice the sum of the mean distances of all feature maps; the recordings' are not learned from."""
    parts = [
        F.l1_loss(_wide(b), _wide(a.detach()))
        for (_, maps), (_, others) in zip(true, made, strict=True)
        for a, b in zip(maps, others, strict=True)
    ]
    return MATCHING_WEIGHT * torch.stack(parts).sum()


def mel_loss(true: Tensor, made: Tensor) -> Tensor:
    """45 times the mean distance of two log-mel spectrograms [B, bins, T]."""
    return MEL_WEIGHT * F.l1_loss(_wide(made), _wide(true))


def divergence(z_p: Tensor, logs_q: Tensor, m_p: Tensor, logs_p: Tensor, mask: Tensor) -> Tensor:
    """Kullback-Leibler divergence of posterior from prior, of one draw: [B, C, T] and mask [B, 1, T] -> scalar.

    It is summed over the channels and the mean over frames.
    """
    z_p, logs_q, m_p, logs_p, mask = (_wide(x) for x in (z_p, logs_q, m_p, logs_p, mask))
    parts = logs_p - logs_q - 0.5 + 0.5 * (z_p - m_p).square() * torch.exp(-2.0 * logs_p)
    return (parts * mask).sum() / mask.sum()


def _wide(x: Tensor) -> Tensor:
    return x.to(torch.promote_types(x.dtype, torch.float32))
