"""Compiled networks: what they compute, when they are taken, and that nobody is told of it."""

import subprocess
import sys
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from models import graph
from models.graph import Fixed, Graph, fixed
from models.integer import with_integers


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(1)
        self.conv, self.linear = nn.Conv1d(16, 32, 5, padding=4, dilation=2), nn.Linear(32, 64)

    def forward(self, x: Tensor, added: Tensor) -> Tensor:
        return self.linear(nn.functional.leaky_relu(self.conv(x) + added, 0.1).transpose(1, 2))


class Sorting(nn.Module):
    """What has no counterpart there."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.linalg.eigvals(x.reshape(4, 4)).real


@pytest.fixture
def network() -> nn.Module:
    return Network().eval().requires_grad_(False)


@pytest.fixture
def examples() -> list[Tensor]:
    return [torch.randn(1, 16, 40, generator=torch.Generator().manual_seed(2)), torch.ones(32, 1)]


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However short and however slow."""
    monkeypatch.setattr(graph, "SHORT", 0.0)
    monkeypatch.setattr(graph, "WORTH", 0.0)


def distance(found: Tensor, wanted: Tensor) -> float:
    return float((found - wanted).norm() / wanted.norm())


def test_a_graph_computes_what_the_network_does(network: nn.Module, examples: list[Tensor]) -> None:
    made = Graph(network, examples, torch.float32, 1)
    others = [example * 0.3 + 0.1 for example in examples]

    first, second = made(*examples), made(*others)

    torch.testing.assert_close(first, network(*examples), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(second, network(*others), atol=1e-5, rtol=1e-4)


def test_weights_in_8_bits_stay_so(examples: list[Tensor], network: nn.Module) -> None:
    twin = with_integers(network)

    made = Graph(twin, examples, torch.float32, 1)(*examples)

    assert 0 < distance(made, network(*examples)) < 0.02
    assert distance(made, twin(*examples)) < 0.02


def test_inputs_of_other_shapes_are_computed_plainly(network: nn.Module, examples: list[Tensor]) -> None:
    def refuse(*inputs: Tensor) -> Tensor:
        raise AssertionError(f"not for {[one.shape for one in inputs]}")

    made = Fixed(network, Graph(network, examples, torch.float32, 1))
    longer = torch.randn(1, 16, 41)

    assert torch.equal(made(longer, examples[1]), network(longer, examples[1]))
    torch.testing.assert_close(
        Fixed(refuse, Graph(network, examples, torch.float32, 1))(*examples), network(*examples), atol=1e-5, rtol=1e-4
    )


@pytest.mark.usefixtures("always")
def test_one_that_agrees_and_is_faster_is_taken(network: nn.Module, examples: list[Tensor]) -> None:
    assert fixed(network, network, examples, torch.float32).is_compiled


def test_one_that_is_short_or_not_faster_is_left(
    network: nn.Module, examples: list[Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not fixed(network, network, examples, torch.float32).is_compiled  # some microseconds

    monkeypatch.setattr(graph, "SHORT", 0.0)
    monkeypatch.setattr(graph, "WORTH", 1e9)
    assert not fixed(network, network, examples, torch.float32).is_compiled


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("change", [lambda x: x + x.abs().max(), lambda x: x * float("nan")])
def test_one_that_strays_is_left(
    network: nn.Module,
    examples: list[Tensor],
    change: Callable[[Tensor], Tensor],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    call = Graph.__call__
    monkeypatch.setattr(Graph, "__call__", lambda self, *inputs: change(call(self, *inputs)))

    assert not fixed(network, network, examples, torch.float32).is_compiled
    assert "compiling changes Network" in caplog.text


@pytest.mark.usefixtures("always")
def test_what_cannot_be_compiled_runs_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    network, x = Sorting(), torch.arange(16.0)

    made = fixed(network, network, [x], torch.float32)

    assert not made.is_compiled
    assert "Sorting is not compiled" in caplog.text
    assert torch.equal(made(x), network(x))


@pytest.mark.usefixtures("always")
def test_without_the_library_all_runs_as_it_is(
    network: nn.Module, examples: list[Tensor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph, "can_compile", lambda: False)

    assert not fixed(network, network, examples, torch.float32).is_compiled


def test_no_telemetry_is_loaded() -> None:
    code = (
        "import sys, torch; from models.graph import Graph;"
        "made = Graph(torch.nn.Linear(4, 4), [torch.ones(1, 4)], torch.float32, 1); made(torch.ones(1, 4));"
        "print('openvino' in sys.modules, sys.modules['openvino_telemetry'],"
        " [name for name in sys.modules if name.startswith('openvino_telemetry.')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.split("\n")[0] == "True None []"
