"""One step of a streaming network, compiled for one CPU thread.

At pieces of 10-20 ms the cost of a network is not its arithmetic but the dispatch of its small operations and the
memory that its weights are read from. A step whose shapes never change is therefore exported once, when a voice is
loaded, and run by ONNX Runtime, with its weights in 8 bits where that is asked for and close enough. Where the
runtime is missing or its result differs, the step runs as it is.
"""

import io
import logging
import warnings
from collections.abc import Sequence
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn

from models.probe import Probe
from models.quantized import quantized
from models.steps import Array, CompiledStep, Graph, Step

logger = logging.getLogger(__name__)


class StepNetwork(Protocol):
    """A network whose `push_flat` maps inputs and a flat state to outputs and the next state, all shapes constant.

    A state may come back longer along its first axis than it went in: its end is what goes into the next step. So
    a line of past frames needs no more than one `cat` with the new ones. Outputs after the first may hang on choices
    that rounding can turn, as of codes.
    """

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Take one step."""


class PlainStep(Step):
    """The network as it is, on whatever device it lies."""

    def __init__(self, network: StepNetwork, initial: Sequence[Tensor]) -> None:
        self._network, self._initial = network, list(initial)
        self._state = list(initial)

    def run(self, *inputs: Array) -> list[Array]:
        """Take one step and return its outputs."""
        outputs, after = self._ran(inputs)
        self._state = [x[len(x) - len(start) :] for x, start in zip(after, self._initial, strict=True)]
        return outputs

    def peek(self, *inputs: Array) -> list[Array]:
        """Return what a step would give, without taking it."""
        return self._ran(inputs)[0]

    def reset(self) -> None:
        """Go back to the state at the start of a stream."""
        self._state = list(self._initial)

    def _ran(self, inputs: Sequence[Array]) -> tuple[list[Array], list[Tensor]]:
        device = self._initial[0].device
        with torch.inference_mode():
            tensors = [torch.from_numpy(x).to(device) for x in inputs]
            outputs, after = self._network.push_flat(tensors, self._state)
            return [x.cpu().numpy() for x in outputs], after


class CompiledNetwork:
    """A step network with its start state; opens steps, compiled where that works and on the CPU only."""

    def __init__(
        self,
        network: StepNetwork,
        inputs: Sequence[Tensor],
        initial: Sequence[Tensor],
        is_quantized: bool = False,
    ) -> None:
        """`inputs` are examples of the right shapes; `initial` is the state at the start of a stream.

        With `is_quantized` the weights of linear layers are brought to 8 bits where that stays close.
        """
        self._network, self._initial = network, [x.detach() for x in initial]
        self.is_quantized = False
        self._graph: Graph | None = None
        if all(x.device.type == "cpu" for x in initial):
            self._compile([x.detach() for x in inputs], is_quantized)

    @property
    def is_compiled(self) -> bool:
        """Whether ONNX Runtime is used."""
        return self._graph is not None

    def open(self) -> Step:
        """Return a step at the start of a stream."""
        if self._graph is None:
            return PlainStep(self._network, self._initial)
        return CompiledStep(self._graph, [x.numpy() for x in self._initial])

    def _compile(self, inputs: Sequence[Tensor], is_quantized: bool) -> None:
        probe = Probe([x.numpy() for x in inputs], PlainStep(self._network, self._initial))
        try:
            exported = export(self._network, inputs, self._initial)
            self._graph = _opened(exported, inputs, self._initial)
            seconds = probe.check_all(self.open())
        except Exception as error:  # noqa: BLE001 - exporter and runtime raise all kinds; the plain step does as well
            self._graph = None
            logger.warning("the network runs uncompiled: %s", error)
            return
        exact = self._graph
        try:
            if is_quantized:
                self._graph = _opened(quantized(exported), inputs, self._initial)
                probe.check_8_bits(self.open(), seconds)
                self.is_quantized = True
        except Exception as error:  # noqa: BLE001 - as above
            self._graph = exact
            logger.warning("the network keeps its whole weights: %s", error)


class _Flat(nn.Module):
    """A step with tensors only, as the exporter wants it."""

    def __init__(self, network: nn.Module, inputs: int) -> None:
        super().__init__()
        self.network, self.inputs = network, inputs

    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Inputs and state -> outputs and next state."""
        outputs, state = cast(StepNetwork, self.network).push_flat(tensors[: self.inputs], tensors[self.inputs :])
        return (*outputs, *state)


def _opened(exported: bytes, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> Graph:
    """Open what was exported; ValueError where it takes other shapes."""
    graph = Graph(exported)
    if [shape for _, shape in graph.inputs] != [tuple(x.shape) for x in (*inputs, *state)]:
        raise ValueError("the exported step takes other shapes")
    return graph


def export(network: StepNetwork, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> bytes:
    """Return a step as a graph [ONNX] from inputs and state to outputs and the next state."""
    file: Any = io.BytesIO()
    example = tuple(x.detach().clone() for x in (*inputs, *state))
    names = [f"in{i}" for i in range(len(example))]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Flat(cast(nn.Module, network), len(inputs)),
            example,
            file,
            input_names=names,
            dynamo=False,
            opset_version=17,
            verbose=False,
        )
    exported: bytes = file.getvalue()
    return exported
