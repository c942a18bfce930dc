"""A normed convolution is that of torch, and a folded one the same."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.utils.parametrizations import weight_norm

from models.construction import unfilled
from models.weight_norm import NormedConv1d, NormedConv2d, NormedConvTranspose1d, folded, with_old_names

CASES = pytest.mark.parametrize(
    ("ours", "theirs", "shape"),
    [
        (NormedConv1d(4, 6, 5, 2, 3, 2, 2), nn.Conv1d(4, 6, 5, 2, 3, 2, 2), (2, 4, 30)),
        (NormedConv2d(3, 5, (5, 1), (3, 1), (2, 0)), nn.Conv2d(3, 5, (5, 1), (3, 1), (2, 0)), (2, 3, 30, 4)),
        (NormedConvTranspose1d(4, 3, 16, 8, 4), nn.ConvTranspose1d(4, 3, 16, 8, 4), (2, 4, 11)),
    ],
    ids=["conv", "picture", "upsampling"],
)


@CASES
def test_it_is_the_norm_of_torch(ours: nn.Module, theirs: nn.Module, shape: tuple[int, ...]) -> None:
    theirs = weight_norm(copy.deepcopy(theirs))
    ours.load_state_dict(with_old_names(theirs.state_dict()))
    one, other = torch.randn(shape, requires_grad=True), torch.zeros(shape, requires_grad=True)
    other.data.copy_(one.data)

    ours(one).square().sum().backward()
    theirs(other).square().sum().backward()

    torch.testing.assert_close(ours(one), theirs(one), atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(one.grad, other.grad)
    gradient = theirs.get_parameter("parametrizations.weight.original1").grad
    torch.testing.assert_close(ours.get_parameter("weight_v").grad, gradient, atol=1e-4, rtol=1e-4)


@torch.inference_mode()
@CASES
def test_a_folded_one_is_plain_and_the_same(ours: nn.Module, theirs: nn.Module, shape: tuple[int, ...]) -> None:
    x = torch.randn(shape)

    plain = folded(ours)

    assert type(plain) is type(theirs)
    assert plain.state_dict().keys() == {"weight", "bias"}
    torch.testing.assert_close(plain(x), ours(x), atol=1e-6, rtol=0)


def test_what_needs_no_folding_is_shared() -> None:
    module = nn.Sequential(nn.Linear(3, 3), NormedConv1d(3, 3, 1), nn.ModuleList([NormedConv1d(3, 3, 1)]))

    plain = folded(module.eval())

    assert plain[0].weight is module[0].weight
    assert plain[0] is not module[0]
    assert isinstance(module[1], NormedConv1d)
    assert plain.state_dict().keys() == {f"{i}.{part}" for i in ("0", "1", "2.0") for part in ("weight", "bias")}
    assert not any(part.training for part in plain.modules())


def test_an_unfilled_network_has_its_shapes_and_takes_weights() -> None:
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))

    empty = unfilled(nn.Sequential, nn.Linear(3, 4), nn.BatchNorm1d(4))
    empty.load_state_dict(module.state_dict())

    x = torch.randn(5, 3)
    assert all(value.device.type == "cpu" for value in empty.state_dict().values())
    torch.testing.assert_close(empty.eval()(x), module.eval()(x))
