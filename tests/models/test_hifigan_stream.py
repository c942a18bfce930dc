"""Spans of HiFi-GAN's output are those of the whole, and cost little more than themselves."""

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from models.hifigan import BLOCKS, HifiGan, HifiGanConfig
from models.hifigan_stream import segments, span

SMALL = HifiGanConfig(
    channels=12,
    upsample_rates=(10, 8, 2, 2, 2),
    upsample_kernel_sizes=(16, 16, 8, 2, 2),
    upsample_initial_channel=64,
    style_channels=6,
    bare_ends=True,
)
SHORT = HifiGanConfig(
    channels=12,
    upsample_rates=(4, 3),
    upsample_kernel_sizes=(8, 5),
    upsample_initial_channel=16,
    resblock="2",
    resblock_kernel_sizes=(3, 5),
    resblock_dilation_sizes=((1, 2), (2, 6)),
)
FRAMES = 40


def generator(config: HifiGanConfig) -> tuple[HifiGan, Tensor | None]:
    torch.manual_seed(1)
    made = HifiGan(config).eval().requires_grad_(False)
    for parameter in made.parameters():
        if parameter.ndim > 1:
            parameter.copy_(torch.randn_like(parameter) / parameter[0].numel() ** 0.5)
    style = torch.randn(1, config.style_channels, 1)
    return made, made.condition(style) if config.style_channels else None


@pytest.mark.parametrize("config", [SMALL, SHORT])
@pytest.mark.parametrize(("first", "last"), [(0, 3), (13, 21), (30, 40), (0, 40), (17, 18)])
def test_span_is_that_of_the_whole(config: HifiGanConfig, first: int, last: int) -> None:
    made, condition = generator(config)
    frames = torch.randn(1, config.channels, FRAMES, dtype=torch.float64)
    made, condition = made.double(), None if condition is None else condition.double()
    start, stop = first * made.hop + 1, last * made.hop - 2

    found = span(segments(made, condition), frames, start, stop)

    torch.testing.assert_close(found, made(frames, condition)[..., start:stop], atol=1e-12, rtol=0)


def test_window_with_the_full_reach_around_is_enough() -> None:
    made, condition = generator(SMALL)
    frames = torch.randn(1, SMALL.channels, FRAMES)
    parts, whole, reach, hop = segments(made, condition), made(frames, condition), made.reach, made.hop
    window = frames[..., 14 - reach : 18 + reach]

    found = span(parts, window, reach * hop, (reach + 4) * hop)

    torch.testing.assert_close(found, whole[..., 14 * hop : 18 * hop], atol=1e-6, rtol=0)


def test_span_costs_little_more_than_its_share() -> None:
    made, condition = generator(SMALL)
    reach, count = made.reach, 16
    window = torch.randn(1, SMALL.channels, count + 2 * reach)
    parts = segments(made, condition)

    def cost(work: object) -> int:
        with FlopCounterMode(display=False) as counter:
            work()  # type: ignore[operator]
        return int(counter.get_total_flops())

    spent = cost(lambda: span(parts, window, reach * made.hop, (reach + count) * made.hop))
    whole = cost(lambda: made(window, condition))
    assert spent < 1.5 * whole * count / window.shape[-1]


@pytest.mark.parametrize("kind", ["1", "2"])
@pytest.mark.parametrize(("start", "stop"), [(0, 12), (100, 113), (188, 200), (0, 200)])
def test_block_computes_a_span_of_its_steps(kind: str, start: int, stop: int) -> None:
    torch.manual_seed(3)
    block = BLOCKS[kind](8, 7, (1, 3)).double()
    x = torch.randn(2, 8, 200, dtype=torch.float64)
    lengths: list[int] = []
    hooks = [
        conv.register_forward_pre_hook(lambda _, given: lengths.append(given[0].shape[-1]))
        for conv in block.modules()
        if isinstance(conv, nn.Conv1d)
    ]

    found = block.span(x, start, stop)

    for hook in hooks:
        hook.remove()
    torch.testing.assert_close(found, block(x)[..., start:stop], atol=1e-12, rtol=0)
    assert len(lengths) == len(hooks)
    assert max(lengths) <= stop - start + 2 * block.reach
    assert lengths == sorted(lengths, reverse=True)
