"""What is lost by waiting for less of the future, on networks of full size whose weights are drawn by rule."""

from collections.abc import Iterator

import pytest
import torch

from models.sovits_truncation import Truncation, truncations
from models.synthesizer import Synthesizer, SynthesizerConfig
from models.weight_norm import folded
from tests.filling import fill
from tests.small_sovits import SIZES, small_model

FRAMES = 90
EXPECTED = {
    0: ((11, 5), (16, 9), (12, 7)),
    4: ((28, 21), (41, 33), (23, 17)),
    8: ((48, 41), (85, 76), (40, 32)),
}
"""Decibels of the block and of its last frame, by frames of future: flow, decoder, both."""


@pytest.fixture(scope="module")
def one_thread() -> Iterator[None]:
    """Two threads on a busy machine wait for each other ten times longer than they compute."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def found(one_thread: None) -> dict[int, Truncation]:
    model = Synthesizer(SynthesizerConfig.of_version("v2"), has_posterior=False).eval().requires_grad_(False)
    fill(model)
    generator = torch.Generator().manual_seed(0)
    style, latents, frames = (
        torch.randn(1, channels, length, generator=generator)
        for channels, length in ((512, 1), (192, FRAMES), (192, FRAMES))
    )
    with torch.inference_mode():
        made = truncations(folded(model), 0.3 * style, latents, frames, [*EXPECTED, 24])
    return {one.right: one for one in made}


@pytest.mark.parametrize("right", EXPECTED)
def test_future_left_out_costs_what_is_known_of_unit_gain_weights(found: dict[int, Truncation], right: int) -> None:
    one = found[right]

    for ratio, (block, last) in zip((one.flow, one.decoder, one.both), EXPECTED[right], strict=True):
        assert ratio.block == pytest.approx(block, abs=2)
        assert ratio.last == pytest.approx(last, abs=2)


def test_enough_future_leaves_rounding(found: dict[int, Truncation]) -> None:
    assert min(found[24].flow.block, found[24].decoder.block, found[24].both.block) > 100


def test_too_short_a_signal_is_refused() -> None:
    style, latents = torch.zeros(1, SIZES.gin_channels, 1), torch.zeros(1, SIZES.inter_channels, 20)

    with pytest.raises(ValueError, match="too few"):
        truncations(folded(small_model()), style, latents)
