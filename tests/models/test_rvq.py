"""The quantiser codes, learns and starts as the reference does."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models.rvq import (
    EuclideanCodebook,
    ResidualVectorQuantization,
    ResidualVectorQuantizer,
    VectorQuantization,
    kmeans,
)

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="module")
def golden() -> dict[str, Tensor]:
    with np.load(DATA / "rvq.npz") as file:
        return {key: torch.from_numpy(file[key]) for key in file}


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


@pytest.fixture
def reference(golden: dict[str, Tensor]) -> ResidualVectorQuantizer:
    """Three books of eight codes that were used four times each so far."""
    model = ResidualVectorQuantizer(6, n_q=3, bins=8, threshold_ema_dead_code=0)
    for layer, embed in zip(model.vq.layers, golden["embed0"], strict=True):
        book = layer.get_submodule("_codebook")
        assert isinstance(book, EuclideanCodebook)
        book.embed.copy_(embed)
        book.embed_avg.copy_(embed * 4)
        book.cluster_size.fill_(4.0)
        book.inited.fill_(1.0)
    return model


def close(found: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=0)


def test_quantising_is_that_of_the_reference(reference: ResidualVectorQuantizer, golden: dict[str, Tensor]) -> None:
    quantized, codes, losses, parts = reference.eval().vq(golden["x"], layers=[0, 2])

    close(quantized, golden["eval_quant"])
    assert torch.equal(codes, golden["eval_codes"])
    assert torch.equal(losses, golden["eval_loss"])
    close(parts[0], golden["eval_layer0"])
    close(parts[1], golden["eval_layer2"])


def test_coding_is_that_of_the_reference(reference: ResidualVectorQuantizer, golden: dict[str, Tensor]) -> None:
    assert torch.equal(reference.encode(golden["x"]), golden["enc"])
    assert torch.equal(reference.encode(golden["x"], n_q=2), golden["enc_nq2"])
    close(reference.decode(golden["enc"]), golden["dec"])


def test_a_training_step_is_that_of_the_reference(
    reference: ResidualVectorQuantizer, golden: dict[str, Tensor]
) -> None:
    x = golden["x"].clone().requires_grad_()

    quantized, codes, losses, _ = reference.train().vq(x)
    (quantized.square().sum() + losses.sum()).backward()

    close(quantized, golden["train_quant"])
    assert torch.equal(codes, golden["train_codes"])
    close(losses, golden["train_loss"])
    assert x.grad is not None
    close(x.grad, golden["train_xgrad"])
    for i in range(3):
        buffers = dict(reference.vq.layers[i].named_buffers())
        close(buffers["_codebook.embed"], golden[f"post_embed{i}"])
        close(buffers["_codebook.embed_avg"], golden[f"post_embed_avg{i}"])
        close(buffers["_codebook.cluster_size"], golden[f"post_cluster{i}"])


def test_shapes_for_eight_books_of_1024_codes() -> None:
    model = ResidualVectorQuantization(dim=30, codebook_size=1024, kmeans_iters=5)

    quantized, codes, losses, parts = model(torch.rand(1, 30, 1000), layers=[0])

    assert quantized.shape == (1, 30, 1000)
    assert codes.shape == (8, 1, 1000)
    assert losses.shape == (8, 1)
    assert [part.shape for part in parts] == [(1, 30, 1000)]
    assert len(ResidualVectorQuantizer().vq.layers) == 8


def test_codes_decode_to_what_was_quantised() -> None:
    model, x = ResidualVectorQuantizer(6, n_q=4, bins=16, kmeans_iters=5).eval(), torch.randn(2, 6, 50)
    quantized, codes, _, _ = model(x)

    assert torch.equal(model.encode(x), codes)
    close(model.decode(codes), quantized)
    close(model.decode(codes[:1]) + model.decode(codes[1:], st=1), quantized)
    assert torch.equal(model.encode(x - model.decode(codes[:1]), st=1), codes[1:])


def test_more_books_come_nearer() -> None:
    model, x = ResidualVectorQuantizer(6, n_q=6, bins=16, kmeans_iters=10).eval(), torch.randn(1, 6, 400)
    model(x)

    errors = [float((model(x, n_q=n)[0] - x).square().mean()) for n in range(1, 7)]

    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.2 * errors[0]


def test_one_frame_at_a_time_gives_the_same_codes() -> None:
    model, x = ResidualVectorQuantizer(6, n_q=4, bins=16).eval(), torch.randn(1, 6, 20)
    whole = model(x)[1]

    assert torch.equal(torch.cat([model.encode(frame) for frame in x.split(1, dim=-1)], dim=-1), whole)


@pytest.mark.parametrize("training", [True, False])
def test_the_first_batch_makes_the_book(training: bool) -> None:
    book = EuclideanCodebook(2, 16, threshold_ema_dead_code=0).train(training)
    centres = torch.tensor([[5.0, 5.0], [-5.0, 5.0], [5.0, -5.0], [-5.0, -5.0]])
    x = (centres.repeat(50, 1) + 0.1 * torch.randn(200, 2))[None]

    quantized, _ = book(x)

    assert book.inited.item() == 1.0
    assert book.cluster_size.sum() == pytest.approx(200)
    assert float((quantized - x).square().mean()) < 0.02
    before = book.embed.clone()
    book.eval()(x + 1)
    assert torch.equal(book.embed, before)


def test_a_batch_smaller_than_the_book_starts_it_too() -> None:
    book = EuclideanCodebook(3, 16).eval()
    x = torch.randn(1, 4, 3)

    book(x)

    assert book.inited.item() == 1.0
    assert bool((torch.cdist(book.embed, x[0]).amin(dim=1) < 1e-5).all())


def test_clusters_are_found_and_an_empty_one_keeps_its_mean() -> None:
    x = torch.cat([torch.zeros(10, 2), torch.ones(30, 2)])

    means, counts = kmeans(x, 2, 10)

    assert sorted(counts.tolist()) in ([10.0, 30.0], [0.0, 40.0])
    assert bool(torch.isfinite(means).all())
    assert {tuple(mean) for mean in means.tolist()} <= {(0.0, 0.0), (1.0, 1.0), (0.75, 0.75)}


def test_a_code_out_of_use_becomes_a_vector_of_the_batch() -> None:
    book = EuclideanCodebook(2, 3, kmeans_init=False, threshold_ema_dead_code=2.0).train()
    book.embed.copy_(torch.tensor([[0.0, 0.0], [1.0, 1.0], [90.0, 90.0]]))
    book.embed_avg.copy_(book.embed * 10)
    book.cluster_size.copy_(torch.tensor([10.0, 10.0, 2.0]))
    x = torch.cat([0.1 * torch.randn(20, 2), 1 + 0.1 * torch.randn(20, 2)])[None]

    _, codes = book(x)

    assert 2 not in codes
    assert any(torch.equal(book.embed[2], vector) for vector in x[0])
    assert book.cluster_size[2] == pytest.approx(0.99 * 2.0)
    torch.testing.assert_close(book.embed_avg[2], torch.tensor([891.0, 891.0]))


def test_no_code_is_replaced_at_threshold_zero() -> None:
    book = EuclideanCodebook(2, 2, kmeans_init=False, threshold_ema_dead_code=0).train()
    book.embed.copy_(torch.tensor([[0.0, 0.0], [90.0, 90.0]]))
    book.embed_avg.copy_(book.embed)
    book.cluster_size.fill_(1.0)

    book(torch.zeros(1, 5, 2))

    assert float(book.embed[1].min()) > 80


def test_the_first_of_equally_near_codes_is_taken() -> None:
    book = EuclideanCodebook(1, 3, kmeans_init=False)
    book.embed.copy_(torch.tensor([[3.0], [1.0], [-1.0]]))

    assert book.encode(torch.tensor([[0.0], [2.0], [-5.0]])).tolist() == [1, 0, 2]


def test_a_book_of_other_width_has_projections() -> None:
    layer = VectorQuantization(8, 16, codebook_dim=3).train()

    quantized, codes, loss = layer(torch.randn(2, 8, 10))
    (quantized.sum() + loss.sum()).backward()

    assert quantized.shape == (2, 8, 10)
    assert codes.shape == (2, 10)
    assert layer.decode(codes).shape == (2, 8, 10)
    assert {"project_in.weight", "project_out.weight"} <= set(layer.state_dict())
    assert not any("project" in key for key in VectorQuantization(8, 16).state_dict())
    assert all(p.grad is not None for p in layer.parameters())


def test_keys_are_those_of_the_checkpoint() -> None:
    keys = {f"vq.layers.0._codebook.{name}" for name in ("inited", "cluster_size", "embed", "embed_avg")}

    assert set(ResidualVectorQuantizer(768, n_q=1).state_dict()) == keys


def test_a_layer_that_is_not_used_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="layer 3 is asked for, but only 2"):
        ResidualVectorQuantizer(6, n_q=4, bins=4)(torch.randn(1, 6, 10), n_q=2, layers=[3])


def test_codes_do_not_depend_on_the_precision_around() -> None:
    model, x = ResidualVectorQuantizer(6, n_q=4, bins=64).eval(), torch.randn(1, 6, 200)
    exact = model(x)[1]

    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(model.encode(x), exact)
