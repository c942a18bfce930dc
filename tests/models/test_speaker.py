"""The speaker's vector is that of the reference."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from models.construction import unfilled
from models.speaker import SpeakerConfig, SpeakerNetwork, Stage, embed_speaker
from tests.filling import fill

DATA = Path(__file__).resolve().parents[1] / "data"


def test_keys_and_shapes_are_those_of_the_checkpoint() -> None:
    manifest = json.loads((DATA / "keys_speaker.json").read_text())

    with torch.device("meta"):
        model = SpeakerNetwork()

    assert {key: list(value.shape) for key, value in model.state_dict().items()} == manifest
    assert len(manifest) == 1001
    assert model.config.width == 20480


@torch.inference_mode()
def test_the_vector_is_that_of_the_reference() -> None:
    with np.load(DATA / "speaker.npz") as file:
        samples, wanted = (torch.from_numpy(file[key]) for key in ("wav", "emb"))
    model = unfilled(SpeakerNetwork).eval()
    fill(model)

    found = embed_speaker(model, samples[None])

    assert found.shape == (1, 20480)
    assert float((found - wanted).norm() / wanted.norm()) < 1e-3
    torch.testing.assert_close(found, wanted, atol=1e-3 * float(wanted.abs().max()), rtol=0)


@torch.inference_mode()
def test_speech_of_any_length_gives_a_vector() -> None:
    stages = (Stage(8, 1, 1, False), Stage(16, 1, 2, False), Stage(32, 1, 2, True), Stage(64, 1, 2, True))
    model = SpeakerNetwork(replace(SpeakerConfig(), channels=8, bins=16, stages=stages)).eval()

    for samples in (400, 2000, 9999):
        assert embed_speaker(model, torch.randn(2, samples)).shape == (2, 64 * 4 * 2)
