"""Compiled steps: the same numbers as the plain network, and a plain step where compiling is not possible."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from models.compiled import CompiledNetwork, CompiledStep, PlainStep


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
    with torch.inference_mode():
        return torch.cat([step.run(piece)[0] for piece in pieces])


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
    piece = torch.ones(1, 4)

    one = first.run(piece)[0]
    first.run(piece)
    other = second.run(piece)[0]
    first.reset()

    torch.testing.assert_close(other, one)
    torch.testing.assert_close(first.run(piece)[0], one)


def test_network_that_cannot_be_exported_runs_as_it_is(caplog) -> None:
    compiled = CompiledNetwork(Unexportable(), [torch.zeros(1, 4)], [torch.zeros(1, 4)])

    assert isinstance(compiled.open(), PlainStep) and not compiled.is_compiled
    assert "uncompiled" in caplog.text
    assert run(compiled, [torch.ones(1, 4)]).shape == (1, 4)


def test_compiled_network_with_other_numbers_is_not_used(caplog) -> None:
    compiled = CompiledNetwork(Deceiver(), [torch.zeros(1, 4)], [torch.zeros(1, 4)])

    assert not compiled.is_compiled
    assert "other numbers" in caplog.text
