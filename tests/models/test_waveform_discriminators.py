"""Critics judge as those of the reference do."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from models.construction import unfilled
from models.synthesis_losses import adversarial_loss, discriminator_loss, matching_loss
from models.waveform_discriminators import PERIODS, PRO_PERIODS, WaveformDiscriminators
from tests.filling import fill

DATA = Path(__file__).resolve().parents[1] / "data"
VERSIONS = pytest.mark.parametrize(
    ("name", "periods", "parameters"), [("v2", PERIODS, 46_747_132), ("v2Pro", PRO_PERIODS, 63_189_440)]
)


@VERSIONS
def test_keys_and_shapes_are_those_of_the_checkpoint(name: str, periods: tuple[int, ...], parameters: int) -> None:
    manifests = json.loads((DATA / "keys_discriminators.json").read_text())

    with torch.device("meta"):
        model = WaveformDiscriminators(periods)

    assert {key: list(value.shape) for key, value in model.state_dict().items()} == manifests["v2"] | manifests[name]
    assert sum(p.numel() for p in model.parameters()) == parameters


@torch.inference_mode()
def test_scores_feature_maps_and_losses_are_those_of_the_reference() -> None:
    """The critics of v2 are the first six of v2Pro's, of the same names and so of the same weights."""
    model = unfilled(WaveformDiscriminators, PRO_PERIODS)
    fill(model)
    with np.load(DATA / "discriminators.npz") as file:
        golden = {key: torch.from_numpy(file[key]) for key in file}

    true, made = model(golden["y"]), model(golden["y_hat"])

    for i, ((score, maps), (other, _)) in enumerate(zip(true, made, strict=True)):
        for found, wanted in ((score, golden[f"real{i}"]), (other, golden[f"fake{i}"])):
            assert float((found - wanted).abs().max() / wanted.abs().max()) < 1e-4
        sizes = torch.tensor([[*x.shape, *[1] * (4 - x.ndim)] for x in maps])
        assert torch.equal(sizes, golden[f"fmap_shapes{i}"])
        means = torch.stack([x.abs().mean() for x in maps])
        torch.testing.assert_close(means, golden[f"fmap_real_meanabs{i}"], atol=0, rtol=1e-4)
    for name, count in (("v2", 6), ("v2Pro", 8)):
        a, b = true[:count], made[:count]
        losses = torch.stack([discriminator_loss(a, b), adversarial_loss(b), matching_loss(a, b)])
        torch.testing.assert_close(losses, golden[f"losses_{name}"], atol=0, rtol=1e-4)
