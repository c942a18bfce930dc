"""Codes of a live stream against those of the whole recording: a HuBERT of chance, and a codebook of what it hears."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from models.hubert import Hubert, HubertConfig
from models.sovits import SovitsVoice, text_of
from models.sovits_content import HubertContent
from models.synthesizer import Synthesizer
from rtvc.bench import speech
from rtvc.calibration.codes import FROZEN, RUNNING, WARM, Agreement, agreements
from tests.small_sovits import SIZES

HUBERT = HubertConfig(conv_channels=64, width=96, feed_forward=192, layers=4, heads=4, position_groups=4)
CODES = 64
PLACES = 32


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, float, float], Agreement]:
    torch.manual_seed(5)
    content = HubertContent(Hubert(HUBERT).eval().requires_grad_(False))
    model = Synthesizer(replace(SIZES, ssl_dim=HUBERT.width, codes=CODES), has_posterior=False).eval()
    samples = torch.from_numpy(speech(16000))
    with torch.inference_mode():
        features = model.ssl_proj(content.whole(samples))[0].T
        book = clustered(features, CODES)
        for name, buffer in model.quantizer.named_buffers():
            if name.endswith(("embed", "inited")):
                buffer.copy_(book if name.endswith("embed") else torch.ones_like(buffer))
        style = torch.zeros(1, SIZES.gin_channels, 1)
        voice = SovitsVoice(model, content, style, text_of(model, "none"))
        return {
            (one.statistics, one.left, one.right): one for one in agreements(voice, [samples], lambda _: None, PLACES)
        }


def clustered(features: Tensor, count: int) -> Tensor:
    """Means of `count` clusters of features [n, C]."""
    means = features[torch.randperm(len(features), generator=torch.Generator().manual_seed(0))[:count]]
    for _ in range(10):
        nearest = torch.cdist(features, means).argmin(dim=1)
        means = torch.stack(
            [features[nearest == i].mean(0) if (nearest == i).any() else means[i] for i in range(count)]
        )
    return means


@pytest.mark.parametrize("statistics", [WARM, FROZEN])
def test_codes_agree_once_the_talker_has_been_heard(
    found: dict[tuple[str, float, float], Agreement], statistics: str
) -> None:
    assert found[statistics, 2.0, 0.0].share >= 0.8


def test_live_statistics_are_tried_with_every_window(found: dict[tuple[str, float, float], Agreement]) -> None:
    cells = {(left, round(right, 2)) for name, left, right in found if name == RUNNING}

    assert cells == {(left, right) for left in (1.0, 2.0, 4.0) for right in (0.0, 0.08, 0.16)}
    assert all(one.codes == 4 * PLACES for one in found.values())
