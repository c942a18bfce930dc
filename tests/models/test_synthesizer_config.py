"""Sizes survive a journey through JSON, and the four versions have the keys of their checkpoints."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
import torch

from models.synthesizer import VERSIONS, Synthesizer, SynthesizerConfig

DATA = Path(__file__).resolve().parents[1] / "data"
MANIFESTS = json.loads((DATA / "keys_synthesizer.json").read_text())
PARAMETERS = {"v1": 51_272_448, "v2": 51_310_080, "v2Pro": 79_428_096, "v2ProPlus": 98_338_432}
TENSORS = {"v1": (776, 673), "v2": (776, 673), "v2Pro": (781, 678), "v2ProPlus": (781, 678)}


def unfilled(config: SynthesizerConfig, has_posterior: bool = True) -> Synthesizer:
    with torch.device("meta"):
        return Synthesizer(config, has_posterior)


@pytest.mark.parametrize("version", VERSIONS)
def test_keys_and_shapes_are_those_of_the_checkpoint(version: str) -> None:
    manifest = MANIFESTS["v2"] | MANIFESTS[version]

    model = unfilled(SynthesizerConfig.of_version(version))

    assert {key: list(value.shape) for key, value in model.state_dict().items()} == manifest
    assert sum(p.numel() for p in model.parameters()) == PARAMETERS[version]
    assert (len(manifest), len(unfilled(model.config, has_posterior=False).state_dict())) == TENSORS[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_sizes_survive_json(version: str) -> None:
    config = replace(SynthesizerConfig.of_version(version), hidden_channels=64, resblock_dilation_sizes=((1, 2),))

    assert SynthesizerConfig.of_facts(json.loads(json.dumps(asdict(config)))) == config


def test_an_unknown_size_is_refused() -> None:
    with pytest.raises(TypeError, match=r"n_speakers: no sizes of a synthesizer"):
        SynthesizerConfig.of_facts({"n_heads": 2, "n_speakers": 300})


def test_a_small_model_projects_its_style_to_the_width_of_its_text_encoder() -> None:
    small = SynthesizerConfig(hidden_channels=32, gin_channels=64, mrte_width=48)

    shapes = {key: tuple(value.shape) for key, value in unfilled(small).state_dict().items()}

    assert shapes["ge_to512.weight"] == (48, 64)
    assert "sv_emb.weight" not in shapes
    assert not SynthesizerConfig().has_text_style
