"""Generators have the sizes of the paper, and a frame hears no more than it says."""

from dataclasses import replace

import pytest
import torch

from models.hifigan import V1, V2, V3, HifiGan, HifiGanConfig
from models.weight_norm import folded

SMALL = HifiGanConfig(
    channels=6,
    upsample_rates=(10, 8, 2, 2, 2),
    upsample_kernel_sizes=(16, 16, 8, 2, 2),
    upsample_initial_channel=64,
    style_channels=5,
    bare_ends=True,
)
PLUS = replace(SMALL, upsample_kernel_sizes=(20, 16, 8, 2, 2))
PAPER = {"V1": (V1, 13_926_017, 13), "V2": (V2, 925_985, 13), "V3": (V3, 1_462_273, 11)}


def made(config: HifiGanConfig) -> HifiGan:
    torch.manual_seed(0)
    model = HifiGan(config).double().eval()
    for value in model.parameters():
        torch.nn.init.normal_(value, 0.0, value[0].numel() ** -0.5 if value.ndim > 1 else 0.1)
    return model


@pytest.mark.parametrize("name", PAPER)
def test_the_paper_generators_have_its_sizes(name: str) -> None:
    config, parameters, reach = PAPER[name]

    model = folded(HifiGan(config))

    assert sum(value.numel() for value in model.parameters()) == parameters
    assert model.reach == reach
    assert model.hop == 256


@torch.inference_mode()
@pytest.mark.parametrize("config", [V2, replace(V3, upsample_initial_channel=32)], ids=["V2", "V3"])
def test_padding_changes_nothing_far_from_it(config: HifiGanConfig) -> None:
    model, mel = made(config), torch.randn(2, 80, 30, dtype=torch.double)
    padded = torch.cat([mel, torch.zeros(2, 80, 10, dtype=torch.double)], dim=-1)

    sure = (30 - model.reach) * model.hop

    torch.testing.assert_close(model(padded)[..., :sure], model(mel)[..., :sure], atol=1e-12, rtol=0)
    torch.testing.assert_close(model(mel[:1]), model(mel)[:1], atol=1e-12, rtol=0)


@torch.inference_mode()
@pytest.mark.parametrize("config", [SMALL, PLUS, V2], ids=["v2", "v2ProPlus", "V2"])
def test_a_frame_is_heard_within_its_reach_and_no_farther(config: HifiGanConfig) -> None:
    model, frames = made(config), 30
    x = torch.randn(1, config.channels, frames, dtype=torch.double)
    changed = x.clone()
    changed[..., 15] += 1.0

    heard = (model(x) - model(changed)).abs()[0, 0].unflatten(0, (frames, model.hop)).amax(dim=1).nonzero().flatten()

    assert max(15 - int(heard[0]), int(heard[-1]) - 15) == model.reach


def test_reach_of_the_synthesizers_decoders() -> None:
    assert HifiGan(SMALL).reach == HifiGan(PLUS).reach == 11


@torch.inference_mode()
def test_a_speaker_is_heard() -> None:
    model, x, style = made(SMALL), torch.randn(1, 6, 4).double(), torch.randn(1, 5, 1).double()

    told = model(x, model.condition(style))

    assert told.shape == (1, 1, 2560)
    assert float((told - model(x)).abs().max()) > 1e-3
    torch.testing.assert_close(folded(model)(x, model.condition(style)), told, atol=1e-12, rtol=0)
