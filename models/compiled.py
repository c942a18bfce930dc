"""One step of a streaming network, compiled for one CPU thread.

At pieces of 10-20 ms the cost of a network is not its arithmetic but the dispatch of its hundreds of small operations.
A step whose shapes never change is therefore exported once, when a voice is loaded, and run by ONNX Runtime;
measured on the generator: 0.53 ms instead of 1.74. Where that is not possible or its result differs, the step
runs as it is.
"""

import io
import logging
import warnings
from collections.abc import Sequence
from typing import Any, Protocol, cast

import numpy as np
import torch
from torch import Tensor, nn

logger = logging.getLogger(__name__)

TOLERANCE = 1e-3
"""Largest relative difference between compiled and plain step that is taken for rounding."""


class StepNetwork(Protocol):
    """A network whose `push` maps inputs and a flat state to outputs and the next state, all shapes constant."""

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Take one step."""


class Step:
    """Runs a step network over a stream; holds the state of that one stream."""

    def run(self, *inputs: Tensor) -> list[Tensor]:
        """Take one step and return its outputs."""
        raise NotImplementedError

    def reset(self) -> None:
        """Go back to the state at the start of a stream."""
        raise NotImplementedError


class PlainStep(Step):
    """The network as it is, on whatever device it lies."""

    def __init__(self, network: StepNetwork, initial: Sequence[Tensor]) -> None:
        self._network, self._initial = network, list(initial)
        self._state = list(initial)

    def run(self, *inputs: Tensor) -> list[Tensor]:
        """Take one step and return its outputs."""
        outputs, self._state = self._network.push_flat(inputs, self._state)
        return outputs

    def reset(self) -> None:
        """Go back to the state at the start of a stream."""
        self._state = list(self._initial)


class Graph:
    """An exported step: the session of ONNX Runtime, shared by all streams of a loaded voice."""

    def __init__(self, network: nn.Module, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> None:
        """Export and open; whatever the exporter or the runtime raises goes through."""
        import onnxruntime

        exported = _export(network, inputs, state)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(exported, options, providers=["CPUExecutionProvider"])
        self.names = [entry.name for entry in self.session.get_inputs()]
        self.outputs = len(self.session.get_outputs()) - len(state)


class CompiledStep(Step):
    """The exported network on the CPU."""

    def __init__(self, graph: Graph, initial: Sequence[Tensor]) -> None:
        self._graph = graph
        self._initial = [x.numpy().copy() for x in initial]
        self._state = list(self._initial)

    def run(self, *inputs: Tensor) -> list[Tensor]:
        """Take one step and return its outputs."""
        arrays = [*(np.ascontiguousarray(x.numpy()) for x in inputs), *self._state]
        results = self._graph.session.run(None, dict(zip(self._graph.names, arrays, strict=True)))
        self._state = results[self._graph.outputs :]
        return [torch.from_numpy(x) for x in results[: self._graph.outputs]]

    def reset(self) -> None:
        """Go back to the state at the start of a stream."""
        self._state = list(self._initial)


class CompiledNetwork:
    """A step network with its start state; opens steps, compiled where that works and on the CPU only."""

    def __init__(self, network: StepNetwork, inputs: Sequence[Tensor], initial: Sequence[Tensor]) -> None:
        """`inputs` are examples of the right shapes; `initial` is the state at the start of a stream."""
        self._network, self._initial = network, [x.detach() for x in initial]
        self._graph = self._compiled(inputs) if all(x.device.type == "cpu" for x in initial) else None

    @property
    def is_compiled(self) -> bool:
        """Whether ONNX Runtime is used."""
        return self._graph is not None

    def open(self) -> Step:
        """Return a step at the start of a stream."""
        if self._graph is None:
            return PlainStep(self._network, self._initial)
        return CompiledStep(self._graph, self._initial)

    def _compiled(self, inputs: Sequence[Tensor]) -> Graph | None:
        assert isinstance(self._network, nn.Module)
        try:
            graph = Graph(self._network, inputs, self._initial)
        except Exception as error:  # noqa: BLE001 - exporter and runtime raise all kinds; the plain step does as well
            logger.warning("the network runs uncompiled: %s", error)
            return None
        ours, theirs = PlainStep(self._network, self._initial), CompiledStep(graph, self._initial)
        with torch.inference_mode():
            for _ in range(3):
                for a, b in zip(ours.run(*inputs), theirs.run(*inputs), strict=True):
                    if float((a - b).abs().max()) > TOLERANCE * max(1.0, float(a.abs().max())):
                        logger.warning("the network runs uncompiled: the compiled one gives other numbers")
                        return None
        return graph


class _Flat(nn.Module):
    """A step with tensors only, as the exporter wants it."""

    def __init__(self, network: nn.Module, inputs: int) -> None:
        super().__init__()
        self.network, self.inputs = network, inputs

    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Inputs and state -> outputs and next state."""
        outputs, state = cast(StepNetwork, self.network).push_flat(tensors[: self.inputs], tensors[self.inputs :])
        return (*outputs, *state)


def _export(network: nn.Module, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> bytes:
    file: Any = io.BytesIO()
    example = tuple(x.detach().clone() for x in (*inputs, *state))
    names = [f"in{i}" for i in range(len(example))]
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Flat(network, len(inputs)), example, file, input_names=names, dynamo=False, opset_version=17, verbose=False
        )
    exported: bytes = file.getvalue()
    return exported
