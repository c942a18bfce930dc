"""Text may be many phones, one, none, or a constant in its place."""

import pytest
import torch
from torch import Tensor

from models.text_encoder import TextConstant, TextEncoder, TextMemory


@pytest.fixture
def encoder() -> TextEncoder:
    torch.manual_seed(0)
    sizes = {"latents": 6, "channels": 8, "inner": 16, "heads": 2, "layers": 4, "kernel": 3, "dropout": 0.0}
    return TextEncoder(**sizes, vocabulary=9, ssl_channels=10, mrte_width=16, mrte_heads=4).double().eval()


@pytest.fixture
def content() -> Tensor:
    return torch.randn(2, 10, 14, dtype=torch.double)


@pytest.fixture
def style() -> Tensor:
    return torch.randn(2, 16, 1, dtype=torch.double)


def close(found: tuple[Tensor, ...], wanted: tuple[Tensor, ...]) -> None:
    torch.testing.assert_close(found[0], wanted[0], atol=1e-12, rtol=0)
    torch.testing.assert_close(found[1], wanted[1], atol=1e-12, rtol=0)


@torch.inference_mode()
def test_one_phone_is_a_constant_in_time(encoder: TextEncoder, content: Tensor, style: Tensor) -> None:
    phone = torch.full((2, 1), 4)
    memory = encoder.mrte.cross_attention.remember(encoder.mrte.text_pre(encoder.encode_text(phone)))
    constant = encoder.remember(phone)

    found = encoder.mrte.found(encoder.encoder_ssl(encoder.ssl_proj(content)), memory)

    assert isinstance(constant, TextConstant)
    assert float(found.std(dim=-1).max()) < 1e-12
    torch.testing.assert_close(found[..., :1], constant.vector, atol=1e-12, rtol=0)
    close(encoder(content, constant, style), encoder(content, memory, style))


@torch.inference_mode()
def test_no_phones_are_no_text(encoder: TextEncoder, content: Tensor, style: Tensor) -> None:
    empty = torch.zeros(2, 0, dtype=torch.long)

    assert encoder.encode_text(empty).shape == (2, 8, 0)
    assert encoder.remember(empty) is None
    close(encoder(content, None, style), encoder(content, TextConstant(torch.zeros(2, 16, 1).double()), style))


@torch.inference_mode()
def test_a_constant_is_taken_like_a_part_of_the_style(encoder: TextEncoder, content: Tensor, style: Tensor) -> None:
    vector = torch.randn(2, 16, 1, dtype=torch.double)

    close(encoder(content, TextConstant(vector), style), encoder(content, None, style + vector))


@torch.inference_mode()
def test_padding_of_phones_and_frames_changes_nothing(encoder: TextEncoder, content: Tensor, style: Tensor) -> None:
    phones = torch.randint(9, (2, 7))
    counted = (torch.arange(7) < torch.tensor([[7], [4]])).double()[:, None]
    mask = (torch.arange(14) < torch.tensor([[14], [9]])).double()[:, None]

    memory = encoder.remember(phones, counted)
    mean, deviation, _ = encoder(content, memory, style, mask=mask)

    assert isinstance(memory, TextMemory)
    alone = encoder(content[1:, :, :9], encoder.remember(phones[1:, :4]), style[1:])
    close((mean[1:, :, :9], deviation[1:, :, :9]), alone)
    assert not mean[1, :, 9:].any()


@torch.inference_mode()
@pytest.mark.parametrize(("speed", "frames"), [(1.0, 14), (1.3, 11), (0.5, 29), (2.0, 8)])
def test_speed_changes_the_number_of_frames(
    encoder: TextEncoder, content: Tensor, style: Tensor, speed: float, frames: int
) -> None:
    mean, deviation, mask = encoder(content, None, style, speed, torch.ones(2, 1, 14).double())

    assert mean.shape == deviation.shape == (2, 6, frames)
    assert mask.shape == (2, 1, frames)
