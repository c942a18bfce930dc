"""HuBERT computes what the reference and torchaudio compute, in both of its styles, whole or in pieces."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from models.hubert import LARGE, FeatureExtractor, Hubert, HubertConfig, frame_count
from tests.filling import fill

DATA = Path(__file__).resolve().parents[1] / "data"
BASE = HubertConfig(input_gain=1.0)
SMALL = replace(BASE, conv_channels=16, width=32, feed_forward=64, layers=3, heads=4, position_groups=4)
SMALL_LARGE = replace(SMALL, conv_bias=True, conv_norm="layer_norm", norm_first=True)
STYLES = pytest.mark.parametrize("config", [SMALL, SMALL_LARGE], ids=["base", "large"])


@pytest.fixture(scope="module")
def golden() -> dict[str, Tensor]:
    with np.load(DATA / "hubert_base.npz") as file:
        return {key: torch.from_numpy(file[key]) for key in file}


@pytest.fixture(scope="module")
def base() -> Hubert:
    model = Hubert(BASE)
    fill(model)
    return model.eval()


def small(config: HubertConfig) -> Hubert:
    torch.manual_seed(0)
    return Hubert(config).eval()


def speechlike(samples: int, rows: int = 1) -> Tensor:
    torch.manual_seed(1)
    loudness = torch.sin(torch.arange(samples) / 2000.0).square()
    return 0.1 * loudness * torch.randn(rows, samples)


def test_keys_and_shapes_are_those_of_the_checkpoint(base: Hubert) -> None:
    manifest = json.loads((DATA / "keys_hubert_hf.json").read_text())

    assert {key: list(value.shape) for key, value in base.state_dict().items()} == manifest
    assert sum(p.numel() for p in base.parameters()) == 94_371_712


@torch.inference_mode()
def test_every_stage_of_the_base_model_is_that_of_the_reference(base: Hubert, golden: dict[str, Tensor]) -> None:
    samples, frames = golden["x"][None], golden["frames"]

    features, _ = base.feature_extractor(samples)
    states = base.hidden_states(samples)

    found = {"conv": features, "proj": base.feature_projection(features), "h0": states[0], "h6": states[6]}
    found |= {"h9": states[9], "last": states[12]}
    assert len(states) == 13
    assert features.shape == (1, 74, 512)
    for name, value in found.items():
        torch.testing.assert_close(value[0, frames], golden[name], atol=2e-5, rtol=0)


FRAMES = {399: 0, 400: 1, 719: 1, 720: 2, 1040: 3, 15999: 49, 16000: 49, 16080: 50, 32000: 99, 48000: 149}


@torch.inference_mode()
@pytest.mark.parametrize(("samples", "frames"), FRAMES.items())
def test_frames_for_samples(samples: int, frames: int) -> None:
    model = small(SMALL)

    assert frame_count(samples) == frames
    assert model(torch.randn(1, samples)).shape == (1, 32, frames)
    assert model.feature_extractor.frame_counts(torch.tensor([samples])).tolist() == [frames]


@torch.inference_mode()
def test_windows_with_given_statistics_equal_the_whole(base: Hubert) -> None:
    samples = speechlike(32080)
    extractor = base.feature_extractor
    whole, _ = extractor(samples)
    statistics = extractor.statistics(samples)

    windows = [
        extractor(samples[:, 320 * i : 320 * (i + 10) + 80], statistics=statistics)[0] for i in range(0, 100, 10)
    ]

    joined = torch.cat(windows, dim=1)
    assert joined.shape == whole.shape
    assert float((joined - whole).norm() / whole.norm()) < 1e-5


@torch.inference_mode()
def test_windows_in_layer_norm_mode_equal_the_whole_without_statistics() -> None:
    samples, extractor = speechlike(32080), small(SMALL_LARGE).feature_extractor
    whole, _ = extractor(samples)

    windows = [extractor(samples[:, 320 * i : 320 * (i + 10) + 80])[0] for i in range(0, 100, 10)]

    torch.testing.assert_close(torch.cat(windows, dim=1), whole, atol=1e-5, rtol=1e-5)


@torch.inference_mode()
def test_a_constant_gain_makes_features_independent_of_the_level() -> None:
    quiet = 0.01 * speechlike(16000)
    with_gain, other_gain, without = (small(replace(SMALL, input_gain=g)) for g in (1000.0, 1145.14, 1.0))

    def change(one: Tensor, other: Tensor) -> float:
        return float((one - other).norm() / one.norm())

    assert HubertConfig().input_gain == 1000.0
    assert change(with_gain(100 * quiet), other_gain(100 * quiet)) < 1e-3
    assert change(with_gain(100 * quiet), with_gain(quiet)) < 0.05
    assert change(without(100 * quiet), without(quiet)) > 0.1


@torch.inference_mode()
@STYLES
def test_padding_and_what_is_in_it_changes_nothing_in_layer_norm_mode(config: HubertConfig) -> None:
    model = small(replace(config, conv_norm="layer_norm"))
    samples = speechlike(8000, rows=2)
    lengths = torch.tensor([8000, 4880])

    padded = model.hidden_states(samples, lengths)[-1]

    alone = model.hidden_states(samples[1:, :4880])[-1]
    torch.testing.assert_close(padded[1:, : alone.shape[1]], alone, atol=1e-5, rtol=0)


@torch.inference_mode()
def test_masked_frames_are_hidden_from_the_encoder() -> None:
    model, samples = small(SMALL_LARGE), speechlike(8080)
    masked = torch.zeros(1, 25, dtype=torch.bool)
    masked[:, 10:15] = True
    changed = samples.clone()
    changed[:, 320 * 10 + 400 : 320 * 14] += 0.3  # heard by frames 10 to 14 alone

    same = model.hidden_states(samples, masked=masked)[-1] - model.hidden_states(changed, masked=masked)[-1]

    assert float(same.abs().max()) < 1e-5
    assert float((model(samples) - model(changed)).abs().max()) > 1e-3


def test_defaults_of_the_large_model_build_its_style() -> None:
    extractor = FeatureExtractor(replace(LARGE, conv_channels=8))

    assert all("layer_norm.bias" in dict(layer.named_parameters()) for layer in extractor.conv_layers)
    assert all("conv.bias" in dict(layer.named_parameters()) for layer in extractor.conv_layers)


def torchaudio_twin(ours: Hubert) -> Any:
    """The same sizes and weights in torchaudio's network."""
    reference = pytest.importorskip("torchaudio").models
    c = ours.config
    layers = [(c.conv_channels, k, s) for k, s in zip(c.conv_kernels, c.conv_strides, strict=True)]
    theirs = reference.wav2vec2_model(
        extractor_mode=c.conv_norm,
        extractor_conv_layer_config=layers,
        extractor_conv_bias=c.conv_bias,
        encoder_embed_dim=c.width,
        encoder_projection_dropout=0.0,
        encoder_pos_conv_kernel=c.position_kernel,
        encoder_pos_conv_groups=c.position_groups,
        encoder_num_layers=c.layers,
        encoder_num_heads=c.heads,
        encoder_attention_dropout=0.0,
        encoder_ff_interm_features=c.feed_forward,
        encoder_ff_interm_dropout=0.0,
        encoder_dropout=0.0,
        encoder_layer_norm_first=c.norm_first,
        encoder_layer_drop=0.0,
        aux_num_out=None,
    )
    theirs.load_state_dict({torchaudio_key(key, theirs): v for key, v in ours.state_dict().items() if "." in key})
    return theirs.eval()


def torchaudio_key(key: str, theirs: Any) -> str:
    key = key.replace("feature_projection.", "encoder.feature_projection.") if "projection" in key else key
    if key.startswith("encoder.") and "projection" not in key:
        key = key.replace("encoder.", "encoder.transformer.", 1)
    if key.rpartition(".")[2] in {"weight_g", "weight_v"} and key not in theirs.state_dict():
        key = key.replace("weight_g", "parametrizations.weight.original0")
        key = key.replace("weight_v", "parametrizations.weight.original1")
    return key


@torch.inference_mode()
@STYLES
def test_features_and_layers_equal_those_of_torchaudio(config: HubertConfig) -> None:
    ours, samples = small(config), speechlike(16000, rows=2)
    theirs = torchaudio_twin(ours)
    lengths = torch.tensor([16000, 9000])

    their_states, their_counts = theirs.extract_features(samples, lengths)
    our_states = ours.hidden_states(samples, lengths)

    their_features, _ = theirs.feature_extractor(samples, lengths)
    our_features, our_counts = ours.feature_extractor(samples, lengths)
    torch.testing.assert_close(our_features, their_features, atol=1e-5, rtol=0)
    assert our_counts is not None
    assert our_counts.tolist() == their_counts.tolist()
    for one, other in zip(our_states[1:-1], their_states, strict=False):
        torch.testing.assert_close(one[0], other[0], atol=2e-5, rtol=0)
    last, _ = theirs(samples, lengths)
    for row, count in enumerate(our_counts.tolist()):
        torch.testing.assert_close(our_states[-1][row, :count], last[row, :count], atol=2e-5, rtol=0)
