"""One set of weights under any of its names is one network."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from models.construction import sketched
from models.hubert import LARGE, Hubert, HubertConfig
from models.hubert_names import config_of, with_own_names
from models.weight_norm import folded

DATA = Path(__file__).resolve().parents[1] / "data"
SMALL = replace(HubertConfig(), conv_channels=16, width=64, feed_forward=96, layers=2, heads=1, position_groups=4)
SMALL_LARGE = replace(LARGE, conv_channels=16, width=64, feed_forward=96, layers=2, heads=1, position_groups=4)
CONFIGS = pytest.mark.parametrize("config", [SMALL, SMALL_LARGE], ids=["base", "large"])

TORCHAUDIO = {
    r"^feature_projection": "encoder.feature_projection",
    r"^encoder\.(?!feature)": "encoder.transformer.",
}
FAIRSEQ = {
    r"^masked_spec_embed$": "mask_emb",
    r"(conv_layers\.\d+)\.conv\.": r"\1.0.",
    r"^feature_projection\.layer_norm": "layer_norm",
    r"^feature_projection\.projection": "post_extract_proj",
    r"pos_conv_embed\.conv": "pos_conv.0",
    r"(layers\.\d+)\.layer_norm": r"\1.self_attn_layer_norm",
    r"\.attention\.": ".self_attn.",
    r"feed_forward\.intermediate_dense": "fc1",
    r"feed_forward\.output_dense": "fc2",
}
NEW_NORM = {r"weight_g$": "parametrizations.weight.original0", r"weight_v$": "parametrizations.weight.original1"}


def renamed(tensors: dict[str, Tensor], rules: dict[str, str]) -> dict[str, Tensor]:
    for old, new in rules.items():
        tensors = {re.sub(old, new, key): value for key, value in tensors.items()}
    return tensors


def namings(own: dict[str, Tensor], config: HubertConfig) -> dict[str, dict[str, Tensor]]:
    head = {"weight": torch.zeros(3, 64), "bias": torch.zeros(3)}
    norm = {r"(conv_layers\.\d+)\.layer_norm\.": r"\1.2.1." if config.norm_first else r"\1.2."}
    without_vector = {key: value for key, value in own.items() if key != "masked_spec_embed"}
    torchaudio = renamed(without_vector, TORCHAUDIO)
    return {
        "hugging_face": own,
        "with_a_head": {f"hubert.{k}": v for k, v in own.items()} | {f"lm_head.{k}": v for k, v in head.items()},
        "new_norm": renamed(own, NEW_NORM),
        "torchaudio": torchaudio | {f"aux.{k}": v for k, v in head.items()},
        "torchaudio_new_norm": renamed(torchaudio, NEW_NORM),
        "fairseq": renamed(own, norm | FAIRSEQ)
        | {"label_embs_concat": torch.zeros(9, 4)}
        | {f"final_proj.{k}": v for k, v in head.items()},
    }


@torch.inference_mode()
@CONFIGS
def test_every_naming_loads_to_the_same_output(config: HubertConfig) -> None:
    torch.manual_seed(0)
    model, samples = Hubert(config).eval(), 0.1 * torch.randn(1, 4000)
    wanted = model(samples)

    for name, tensors in namings(model.state_dict(), config).items():
        own = with_own_names(tensors)
        loaded = Hubert(config_of(own)).eval()
        loaded.load_state_dict(own)

        assert loaded.config == config, name
        torch.testing.assert_close(loaded(samples), wanted, atol=1e-6, rtol=0, msg=name)


@torch.inference_mode()
@CONFIGS
def test_a_folded_model_is_the_same(config: HubertConfig) -> None:
    torch.manual_seed(0)
    model, samples = Hubert(config).eval(), 0.1 * torch.randn(1, 4000)

    plain = folded(model)

    assert not any("weight_g" in key for key in plain.state_dict())
    torch.testing.assert_close(plain(samples), model(samples), atol=1e-6, rtol=0)
    assert plain(samples[:, :399]).shape == (1, 64, 0)


def test_what_is_no_hubert_is_refused() -> None:
    with pytest.raises(ValueError, match="no weights of a HuBERT"):
        config_of({"encoder.layers.0.attention.q_proj.weight": torch.zeros(2, 2)})


def test_two_tensors_of_one_name_are_refused() -> None:
    one = torch.zeros(1)

    with pytest.raises(ValueError, match="two tensors are called masked_spec_embed"):
        with_own_names({"masked_spec_embed": one, "mask_emb": one})


def test_an_unknown_key_stays_to_be_named_by_strict_loading() -> None:
    assert "cfm.estimator.weight" in with_own_names({"cfm.estimator.weight": torch.zeros(1)})


@pytest.mark.parametrize("name", ["hubert_base", "hubert_large", "hubert_xlarge"])
def test_torchaudios_own_models_have_their_sizes_found(name: str) -> None:
    reference: Any = pytest.importorskip("torchaudio").models
    with torch.device("meta"):
        theirs = getattr(reference, name)()
    own = with_own_names(theirs.state_dict())

    config = config_of(own)

    ours = sketched(Hubert, config)
    shapes = {key: value.shape for key, value in ours.state_dict().items()}
    assert {key: value.shape for key, value in own.items()} == shapes
    assert {layer.attention.num_heads for layer in theirs.encoder.transformer.layers} == {config.heads}
    if name == "hubert_base":
        manifest = json.loads((DATA / "keys_hubert_hf.json").read_text())
        assert {key: list(shape) for key, shape in shapes.items()} == manifest
        assert config == HubertConfig()
