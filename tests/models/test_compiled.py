"""Compiled steps: the same numbers as the plain network, and a plain step where compiling is not possible."""

import sys
from collections.abc import Sequence

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import models.probe
from models.compiled import CompiledNetwork, PlainStep
from models.steps import CompiledStep


class Accumulator(nn.Module):
    """Adds a projection of what it hears to what it has."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.project = nn.Linear(4, 4)

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        total = state[0] + self.project(inputs[0])
        return [torch.tanh(total)], [total]


class Unexportable(Accumulator):
    """Asks its numbers what to do, and counts on it."""

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        if torch.onnx.is_in_onnx_export():
            raise RuntimeError("cannot be exported")
        return super().push_flat(inputs, state)


class Deceiver(Accumulator):
    """Gives other numbers when exported."""

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        outputs, after = super().push_flat(inputs, state)
        return ([outputs[0] + 0.5], after) if torch.onnx.is_in_onnx_export() else (outputs, after)


def run(network: CompiledNetwork, pieces: list[Tensor]) -> Tensor:
    step = network.open()
    return torch.from_numpy(np.concatenate([step.run(piece.numpy())[0].copy() for piece in pieces]))


def test_compiled_step_gives_the_numbers_of_the_network() -> None:
    pieces = [torch.randn(1, 4) for _ in range(5)]
    network = Accumulator()

    compiled = CompiledNetwork(network, [torch.zeros(1, 4)], [torch.zeros(1, 4)])
    total, wanted = torch.zeros(1, 4), []
    with torch.inference_mode():
        for piece in pieces:
            outputs, (total,) = network.push_flat([piece], [total])
            wanted += outputs

    assert isinstance(compiled.open(), CompiledStep)
    torch.testing.assert_close(run(compiled, pieces), torch.cat(wanted), atol=1e-6, rtol=1e-5)


def test_streams_keep_their_state_apart_and_reset_it() -> None:
    compiled = CompiledNetwork(Accumulator(), [torch.zeros(1, 4)], [torch.zeros(1, 4)])
    first, second = compiled.open(), compiled.open()
    piece = np.ones((1, 4), np.float32)

    one = first.run(piece)[0].copy()
    first.run(piece)
    other = second.run(piece)[0]
    first.reset()

    np.testing.assert_array_equal(other, one)
    np.testing.assert_array_equal(first.run(piece)[0], one)


@pytest.mark.parametrize("kind", [Accumulator, Unexportable])
def test_a_peek_is_the_next_step_and_leaves_no_trace(kind: type) -> None:
    step = CompiledNetwork(kind(), [torch.zeros(1, 4)], [torch.zeros(1, 4)]).open()
    first, second, other = (np.full((1, 4), x, np.float32) for x in (1.0, 0.3, -2.0))
    step.run(first)

    peeked = step.peek(second)[0].copy()
    step.peek(other)

    np.testing.assert_array_equal(step.run(second)[0], peeked)


def test_network_that_cannot_be_exported_runs_as_it_is(caplog) -> None:
    compiled = CompiledNetwork(Unexportable(), [torch.zeros(1, 4)], [torch.zeros(1, 4)])

    assert isinstance(compiled.open(), PlainStep) and not compiled.is_compiled
    assert "uncompiled" in caplog.text
    assert run(compiled, [torch.ones(1, 4)]).shape == (1, 4)


def test_compiled_network_with_other_numbers_is_not_used(caplog) -> None:
    compiled = CompiledNetwork(Deceiver(), [torch.zeros(1, 4)], [torch.zeros(1, 4)])

    assert not compiled.is_compiled
    assert "other numbers" in caplog.text


class Line(nn.Module):
    """Sums the last frames of a line, which comes back one frame longer than it went in."""

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        line = torch.cat([state[0], inputs[0]])
        return [line.sum(0, keepdim=True)], [line]


@pytest.mark.parametrize("kind", [CompiledStep, PlainStep])
def test_the_end_of_a_longer_state_goes_on(kind: type) -> None:
    network, start = Line(), [torch.zeros(2, 4)]
    compiled = CompiledNetwork(network, [torch.zeros(1, 4)], start)
    step = compiled.open() if kind is CompiledStep else PlainStep(network, start)

    sums = [float(step.run(np.full((1, 4), i, np.float32))[0][0, 0]) for i in (1, 2, 4, 8, 16)]

    assert isinstance(step, kind)
    assert sums == [1, 3, 7, 14, 28]


class Layers(Accumulator):
    """Layers that are large enough for 8 bits; the last output is a choice."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(4, 96)
        self.wide, self.narrow = nn.Linear(96, 100), nn.Linear(100, 4, bias=False)
        self.choices = nn.Linear(4, 1024)

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        total = state[0] + self.narrow(F.gelu(self.wide(torch.tanh(self.project(inputs[0])))))
        return [torch.tanh(total), self.choices(total).argmax(-1).float()], [total]


def test_weights_of_8_bits_are_close_and_not_the_same() -> None:
    pieces, network = [torch.randn(1, 4) for _ in range(20)], Layers()

    whole, short = (CompiledNetwork(network, [torch.ones(1, 4)], [torch.zeros(1, 4)], q) for q in (False, True))

    assert short.is_quantized and not whole.is_quantized
    wanted, found = run(whole, pieces), run(short, pieces)
    assert 0 < float((found - wanted).square().mean()) < 1e-3 * float(wanted.square().mean())


@pytest.mark.parametrize("limit", ["QUANTIZED_TOLERANCE", "SLOWEST"])
def test_weights_of_8_bits_that_stray_or_are_slow_are_not_used(limit: str, monkeypatch, caplog) -> None:
    monkeypatch.setattr(models.probe, limit, 0.0)

    network = CompiledNetwork(Layers(), [torch.ones(1, 4)], [torch.zeros(1, 4)], is_quantized=True)

    assert network.is_compiled and not network.is_quantized
    assert "keeps its whole weights" in caplog.text


def test_without_the_runtime_the_network_runs_as_it_is(monkeypatch, caplog) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)

    network = CompiledNetwork(Accumulator(), [torch.zeros(1, 4)], [torch.zeros(1, 4)], is_quantized=True)

    assert isinstance(network.open(), PlainStep)
    assert "uncompiled" in caplog.text
