"""Streamed layers equal their offline selves, however the signal is cut, and wait exactly as long as they say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from models.banded_attention import BandedSelfAttention
from models.base import Stage
from models.overlap import OverlapAdd, StreamingISTFT, StreamingSTFT
from models.streaming import CausalConv1d, CausalConvTranspose1d, DelayLine, Streamed

STEPS = 60


@dataclass(frozen=True)
class Case:
    """A layer, the shape of one step of its input without time, and how many of its input steps are a whole step.

    `dim` is the axis of time; `ratio` output steps come for each input step. A layer that `idles` waits for a future
    that it does not use.
    """

    make: Callable[[], Any]
    shape: tuple[int, ...]
    dim: int = -1
    unit: int = 1
    ratio: float = 1.0
    idles: bool = False

    def signal(self, steps: int) -> Tensor:
        x = torch.randn(1, steps * self.unit, *self.shape)
        return x.transpose(1, -1) if self.dim == -1 else x


CASES = {
    "conv": Case(lambda: CausalConv1d(3, 5, 7), (3,)),
    "conv of one step": Case(lambda: CausalConv1d(3, 5, 1), (3,)),
    "dilated conv": Case(lambda: CausalConv1d(4, 4, 3, dilation=9, groups=2, bias=False), (4,)),
    "strided conv": Case(lambda: CausalConv1d(3, 5, 8, stride=4), (3,), unit=4, ratio=1 / 4),
    "strided conv that looks ahead": Case(lambda: CausalConv1d(3, 5, 9, stride=2, look_ahead=3), (3,), -1, 2, 1 / 2),
    "centred conv": Case(lambda: CausalConv1d(3, 5, 7, dilation=2, look_ahead=6), (3,)),
    "transposed conv": Case(lambda: CausalConvTranspose1d(3, 5, 16, stride=8), (3,), ratio=8),
    "transposed conv without overlap": Case(lambda: CausalConvTranspose1d(3, 5, 4, stride=4), (3,), ratio=4),
    "long transposed conv": Case(lambda: CausalConvTranspose1d(4, 6, 11, stride=2, groups=2), (4,), ratio=2),
    "dilated transposed conv": Case(lambda: CausalConvTranspose1d(3, 5, 3, stride=2, dilation=3), (3,), ratio=2),
    "centred transposed conv": Case(lambda: CausalConvTranspose1d(3, 5, 16, stride=8, skip=4), (3,), ratio=8),
    "delay line": Case(lambda: DelayLine(3), (2,), idles=True),
    "delay line of nothing": Case(lambda: DelayLine(0, dim=1), (2,), 1),
    "causal attention": Case(lambda: BandedSelfAttention(8, 2, left=6), (8,), 1),
    "attention that looks ahead": Case(lambda: BandedSelfAttention(8, 2, left=12, right=4), (8,), 1),
    "attention to itself": Case(lambda: BandedSelfAttention(8, 2, left=0), (8,), 1),
    "overlap-add": Case(lambda: OverlapAdd(12, 4), (12,), 1, ratio=4),
    "centred overlap-add": Case(lambda: OverlapAdd(12, 4, skip=4), (12,), 1, ratio=4),
    "spectra": Case(lambda: StreamingSTFT(12, 4), (), 1, 4, 1 / 4),
    "spectra that look ahead": Case(lambda: StreamingSTFT(12, 4, look_ahead=6), (), 1, 4, 1 / 4),
    "inverse spectra": Case(lambda: Complex(StreamingISTFT(12, 4)), (14,), 1, ratio=4),
}


class Complex(nn.Module):
    """Real and imaginary parts side by side in front of a layer of complex input."""

    def __init__(self, layer: StreamingISTFT) -> None:
        super().__init__()
        self.layer = layer
        self.look_ahead = layer.look_ahead

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(torch.complex(*x.chunk(2, dim=-1)))

    def initial_state(self, batch: int = 1) -> Any:
        return self.layer.initial_state(batch)

    def push(self, x: Tensor, state: Any) -> Any:
        return self.layer.push(torch.complex(*x.chunk(2, dim=-1)), state)


@pytest.fixture(params=list(CASES.values()), ids=list(CASES))
def case(request: pytest.FixtureRequest) -> Case:
    torch.manual_seed(0)
    return request.param  # type: ignore[no-any-return]


def stream(stage: Stage, x: Tensor, lengths: list[int], dim: int) -> Tensor:
    return torch.cat([stage.push(piece) for piece in x.split(lengths, dim=dim)], dim=dim)


@torch.inference_mode()
def settled(layer: Any, case: Case, x: Tensor) -> Tensor:
    """The offline output of every step whose future lies within `x`."""
    offline: Tensor = layer(x)
    complete = (x.shape[case.dim] - layer.look_ahead) * case.ratio
    return offline.narrow(case.dim, 0, int(max(complete, 0)))


@torch.inference_mode()
@pytest.mark.parametrize("steps", [1, 2, 5, 10])
def test_stream_equals_offline_from_its_first_step(case: Case, steps: int) -> None:
    layer, x = case.make(), case.signal(STEPS)

    joined = stream(Streamed(layer, 50.0), x, [steps * case.unit] * (STEPS // steps), case.dim)

    torch.testing.assert_close(joined, settled(layer, case, x), atol=1e-5, rtol=0)


@torch.inference_mode()
def test_uneven_and_empty_pieces_make_no_difference(case: Case) -> None:
    layer, x = case.make(), case.signal(10)
    lengths = [0, 1, 3, 0, 0, 2, 4, 0]

    joined = stream(Streamed(layer, 50.0), x, [case.unit * length for length in lengths], case.dim)

    torch.testing.assert_close(joined, settled(layer, case, x), atol=1e-5, rtol=0)


@torch.inference_mode()
def test_reset_gives_the_same_again(case: Case) -> None:
    stage, x = Streamed(case.make(), 50.0), case.signal(20)
    first = stream(stage, x, [10 * case.unit] * 2, case.dim)

    stage.reset()

    assert torch.equal(stream(stage, x, [10 * case.unit] * 2, case.dim), first)


@torch.inference_mode()
def test_two_streams_of_one_layer_do_not_hear_each_other(case: Case) -> None:
    layer, x, noise = case.make(), case.signal(12), case.signal(12)
    alone = stream(Streamed(layer, 50.0), x, [3 * case.unit] * 4, case.dim)
    one, other = Streamed(layer, 50.0), Streamed(layer, 50.0)

    pieces = []
    for piece, disturbance in zip(x.split(3 * case.unit, case.dim), noise.split(3 * case.unit, case.dim), strict=True):
        pieces.append(one.push(piece))
        other.push(disturbance)

    assert torch.equal(torch.cat(pieces, dim=case.dim), alone)


@torch.inference_mode()
def test_an_impulse_is_first_heard_the_stated_delay_before_its_own_place(case: Case) -> None:
    rate, place = 100.0, 40 * case.unit
    layer, x = case.make(), case.signal(STEPS)
    struck = x.clone()
    struck.narrow(case.dim, place + case.unit - 1, 1).add_(10.0)
    other_dims = [d for d in range(layer(x).dim()) if d != case.dim % layer(x).dim()]

    delay = Streamed(layer, rate).delay
    changed = (layer(struck) - layer(x)).abs().amax(other_dims) > 1e-6

    first = int(changed.nonzero()[0])
    used = 0.0 if case.idles else delay
    last_moment = (place + case.unit - used * rate) * case.ratio  # end of the step that waits for the impulse
    assert last_moment - max(case.ratio, 1) <= first < last_moment + 1


@torch.inference_mode()
def test_output_comes_exactly_the_stated_delay_late(case: Case) -> None:
    rate = 100.0
    layer, x = case.make(), case.signal(STEPS)
    stage = Streamed(layer, rate)

    returned = 0
    for pushed, piece in enumerate(x.split(case.unit, case.dim), 1):
        returned += stage.push(piece).shape[case.dim]

        assert returned == int(max(pushed * case.unit - stage.delay * rate, 0) * case.ratio + 1e-6)


@torch.inference_mode()
def test_the_state_of_a_long_stream_stays_small() -> None:
    layer = BandedSelfAttention(8, 2, left=6, right=2)
    state = layer.initial_state()

    for length in [1, 7, 3] * 40:
        _, state = layer.push(torch.randn(1, length, 8), state)

    assert state.keys.shape[2] == state.values.shape[2] == 8
    assert state.queries.shape[2] == 2
    assert len(state.masks) <= 64


@torch.inference_mode()
def test_a_stream_of_attention_may_look_less_far_ahead_than_its_weights_allow() -> None:
    layer, x = BandedSelfAttention(8, 2, left=6, right=4), torch.randn(1, 30, 8)
    state = layer.initial_state(right=1)

    y, _ = layer.push(x, state)

    torch.testing.assert_close(y, layer(x, right=1)[:, :29], atol=1e-5, rtol=0)
    assert (layer(x, right=4) - layer(x, right=1)).abs().max() > 1e-3


@torch.inference_mode()
def test_a_residual_around_a_layer_that_looks_ahead_goes_through_a_delay_line() -> None:
    layer, line, x = CausalConv1d(3, 3, 5, look_ahead=2), DelayLine(2), torch.randn(1, 3, 20)
    inner, around = Streamed(layer, 50.0), Streamed(line, 50.0)

    joined = torch.cat([inner.push(piece) + around.push(piece) for piece in x.split(3, dim=-1)], dim=-1)

    torch.testing.assert_close(joined, (layer(x) + x)[..., :18], atol=1e-5, rtol=0)


def test_offline_layers_can_be_trained() -> None:
    net = nn.Sequential(CausalConv1d(2, 4, 4, stride=2), CausalConvTranspose1d(4, 2, 4, stride=2, skip=1))

    net(torch.randn(3, 2, 16)).square().sum().backward()

    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in net.parameters())


@pytest.mark.parametrize(
    "make",
    [
        lambda: CausalConv1d(1, 1, 3, stride=4),
        lambda: CausalConv1d(1, 1, 3, look_ahead=3),
        lambda: CausalConvTranspose1d(1, 1, 2, stride=4),
        lambda: CausalConvTranspose1d(1, 1, 4, stride=2, skip=3),
        lambda: OverlapAdd(4, 8),
        lambda: StreamingSTFT(8, 4, look_ahead=5),
        lambda: StreamingISTFT(8, 8),
        lambda: BandedSelfAttention(4, 1, left=2, right=1).initial_state(right=2),
    ],
)
def test_sizes_that_cannot_stream_are_refused(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"cannot|leaves no|leave no|is not"):
        make()


@torch.inference_mode()
@pytest.mark.parametrize("steps", [1, 8, 9])
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_convolutions_are_those_of_torch(steps: int, groups: int) -> None:
    ours, x = CausalConv1d(4, 4, 3, stride=2, dilation=2, groups=groups), torch.randn(2, 4, 2 * steps)
    spread, bare = CausalConvTranspose1d(4, 4, 3, stride=2, dilation=2, groups=groups), torch.randn(2, 4, steps)

    padded = nn.functional.pad(x, (3, 0))
    theirs = nn.functional.conv1d(padded, ours.weight, ours.bias, 2, 0, 2, groups)
    wide = nn.functional.conv_transpose1d(bare, spread.weight, spread.bias, 2, 0, 0, groups, 2)

    torch.testing.assert_close(ours(x), theirs, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(spread(bare), wide[..., : 2 * steps], atol=1e-6, rtol=1e-5)
