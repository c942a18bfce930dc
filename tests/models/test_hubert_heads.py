"""Masks, predictions and texts of a HuBERT in training."""

import pytest
import torch

from models.hubert_heads import (
    IGNORED,
    CtcHead,
    PredictionHead,
    collapse,
    ctc_loss,
    masked_frames,
    prediction_loss,
)


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


def test_about_half_of_the_frames_are_masked_and_as_many_in_every_row() -> None:
    masked = masked_frames(64, 500)

    counts = masked.sum(dim=1)
    assert len(counts.unique()) == 1
    assert 0.4 < int(counts[0]) / 500 < 0.6
    assert not bool(masked_frames(4, 10).any())


def test_masked_frames_lie_in_spans() -> None:
    masked = masked_frames(1, 500)[0]

    begins = int((masked[1:] & ~masked[:-1]).sum()) + int(masked[0])
    assert begins <= 41
    assert int(masked.sum()) >= 10


def test_clusters_are_learned_from_masked_frames_alone() -> None:
    head, x = PredictionHead(8, 5, inner=6), torch.randn(2, 20, 8, requires_grad=True)
    masked, clusters = masked_frames(2, 20), torch.randint(5, (2, 20))

    logits = head(x)
    prediction_loss(logits, clusters, masked).backward()

    assert logits.shape == (2, 20, 5)
    assert float(logits.detach().abs().max()) <= 10.0 + 1e-4
    assert x.grad is not None
    assert torch.equal(x.grad.abs().sum(dim=-1) > 0, masked)


def test_texts_of_many_lengths_have_a_loss() -> None:
    head, lengths = CtcHead(12, 20).eval(), torch.full((16,), 50)
    labels = torch.randint(1, 20, (16, 30))
    counts = torch.randint(10, 30, (16,))
    labels[torch.arange(30) >= counts[:, None]] = IGNORED

    probabilities = head(torch.randn(16, 50, 12))

    assert probabilities.shape == (16, 50, 20)
    torch.testing.assert_close(probabilities.exp().sum(dim=-1), torch.ones(16, 50))
    loss = ctc_loss(probabilities, lengths, labels)
    alone = [ctc_loss(probabilities[i : i + 1], lengths[:1], labels[i : i + 1]) for i in range(16)]
    assert bool(torch.isfinite(loss))
    torch.testing.assert_close(loss, torch.stack(alone).sum())


def test_the_loss_of_a_text_is_that_of_all_its_paths() -> None:
    path = torch.tensor([8, 8, 0, 5, 12, 12, 0, 12, 15])
    sure = torch.full((1, 9, 20), -20.0).scatter(2, path.view(1, 9, 1), 0.0).log_softmax(dim=-1)

    assert collapse(path) == [8, 5, 12, 12, 15]
    right = ctc_loss(sure, torch.tensor([9]), torch.tensor([[8, 5, 12, 12, 15]]))
    wrong = ctc_loss(sure, torch.tensor([9]), torch.tensor([[8, 5, 12, 15, 15]]))
    assert float(right) < 0.01 < float(wrong)
