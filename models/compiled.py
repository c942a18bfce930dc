"""One step of a streaming network, compiled for one CPU thread.

At pieces of 10-20 ms the cost of a network is not its arithmetic but the dispatch of its small operations and the
memory that its weights are read from. A step whose shapes never change is therefore exported once, when a voice is
loaded, and run by ONNX Runtime, with its weights in 8 bits where that is asked for and close enough. Where the
runtime is missing or its result differs, the step runs as it is.
"""

import io
import logging
import warnings
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.quantized import quantized

logger = logging.getLogger(__name__)

Array = NDArray[np.float32]

TOLERANCE = 1e-3
"""Largest relative difference between compiled and plain step that is taken for rounding."""
QUANTIZED_TOLERANCE = 0.05
"""Largest relative error (root mean square) of the first output that weights in 8 bits may bring."""
SLOWEST = 5.0
"""Times a quantised step may take of the whole one's: usually half, 20 where the processor lacks the instructions."""
PROBES = 8
"""Steps that are compared; the fastest one is their time, so that a busy machine decides nothing."""


class StepNetwork(Protocol):
    """A network whose `push_flat` maps inputs and a flat state to outputs and the next state, all shapes constant.

    A state may come back longer along its first axis than it went in: its end is what goes into the next step. So
    a line of past frames needs no more than one `cat` with the new ones. Outputs after the first may hang on choices
    that rounding can turn, as of codes.
    """

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Take one step."""


class Step:
    """Runs a step network over a stream; holds the state of that one stream."""

    def run(self, *inputs: Array) -> list[Array]:
        """Take one step and return its outputs, which hold until the next step."""
        raise NotImplementedError

    def peek(self, *inputs: Array) -> list[Array]:
        """Return what a step would give, without taking it."""
        raise NotImplementedError

    def reset(self) -> None:
        """Go back to the state at the start of a stream."""
        raise NotImplementedError


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


class Graph:
    """An exported step: the session of ONNX Runtime, shared by all streams of a loaded voice."""

    def __init__(self, exported: bytes, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> None:
        """Open; whatever the runtime raises goes through."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(exported, options, providers=["CPUExecutionProvider"])
        self.inputs = [(entry.name, tuple(entry.shape)) for entry in self.session.get_inputs()]
        self.outputs = [(entry.name, tuple(entry.shape)) for entry in self.session.get_outputs()]
        if [shape for _, shape in self.inputs] != [tuple(x.shape) for x in (*inputs, *state)]:
            raise ValueError("the exported step takes other shapes")


class CompiledStep(Step):
    """The exported network on the CPU.

    Every array that the runtime reads or writes stays where it is: the state goes to and fro between two sets of
    arrays, with a binding for each direction.
    """

    def __init__(self, graph: Graph, initial: Sequence[Tensor]) -> None:
        self._run = graph.session.run_with_iobinding
        self._initial = [x.numpy() for x in initial]
        given, made = len(graph.inputs) - len(initial), len(graph.outputs) - len(initial)
        self._given = [np.zeros(shape, np.float32) for _, shape in graph.inputs[:given]]
        self._made = [np.zeros(shape, np.float32) for _, shape in graph.outputs[:made]]
        sides = [[np.zeros(shape, np.float32) for _, shape in graph.outputs[made:]] for _ in range(2)]
        ends = [[x[len(x) - len(start) :] for x, start in zip(side, self._initial, strict=True)] for side in sides]
        self._ends, self._sides = ends, sides  # the sides are held so that their memory lives
        self._turn = 0
        self._bindings = [_binding(graph, [*self._given, *ends[i]], [*self._made, *sides[1 - i]]) for i in range(2)]
        self.reset()

    def run(self, *inputs: Array) -> list[Array]:
        """Take one step and return its outputs."""
        made = self.peek(*inputs)
        self._turn = 1 - self._turn
        return made

    def peek(self, *inputs: Array) -> list[Array]:
        """Return what a step would give, without taking it: what it writes as the next state is written over."""
        for held, given in zip(self._given, inputs, strict=True):
            np.copyto(held, given)
        self._run(self._bindings[self._turn])
        return self._made

    def reset(self) -> None:
        """Go back to the state at the start of a stream."""
        self._turn = 0
        for held, start in zip(self._ends[0], self._initial, strict=True):
            np.copyto(held, start)


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
        return CompiledStep(self._graph, self._initial)

    def _compile(self, inputs: Sequence[Tensor], is_quantized: bool) -> None:
        probe = _Probe(self._network, inputs, self._initial)
        try:
            exported = _export(cast(nn.Module, self._network), inputs, self._initial)
            self._graph = Graph(exported, inputs, self._initial)
            seconds = probe.check_all(self.open())
        except Exception as error:  # noqa: BLE001 - exporter and runtime raise all kinds; the plain step does as well
            self._graph = None
            logger.warning("the network runs uncompiled: %s", error)
            return
        exact = self._graph
        try:
            if is_quantized:
                self._graph = Graph(quantized(exported), inputs, self._initial)
                probe.check_first(self.open(), SLOWEST * seconds)
                self.is_quantized = True
        except Exception as error:  # noqa: BLE001 - as above
            self._graph = exact
            logger.warning("the network keeps its whole weights: %s", error)


class _Probe:
    """The plain network's first steps, which those of compiled ones are held against."""

    def __init__(self, network: StepNetwork, inputs: Sequence[Tensor], initial: Sequence[Tensor]) -> None:
        self._inputs = [x.numpy() for x in inputs]
        self._wanted, _ = self._steps(PlainStep(network, initial))

    def check_all(self, step: Step) -> float:
        """Seconds of the fastest step; ValueError where an output differs by more than rounding."""
        found, seconds = self._steps(step)
        for a, b in zip((x for one in self._wanted for x in one), (x for one in found for x in one), strict=True):
            if not float(np.abs(a - b).max()) <= TOLERANCE * max(1.0, float(np.abs(a).max())):
                raise ValueError("the compiled one gives other numbers")
        return seconds

    def check_first(self, step: Step, most_seconds: float) -> None:
        """ValueError where the first output strays too far, or the step takes too long."""
        found, seconds = self._steps(step)
        wanted, heard = (np.concatenate([one[0] for one in steps]) for steps in (self._wanted, found))
        error = float(np.sqrt(np.square(heard - wanted).sum() / max(float(np.square(wanted).sum()), 1e-12)))
        if not error <= QUANTIZED_TOLERANCE:
            raise ValueError(f"in 8 bits it gives other numbers ({error:.3f})")
        if seconds > most_seconds:
            raise ValueError("this processor is slow with 8 bits")

    def _steps(self, step: Step) -> tuple[list[list[Array]], float]:
        outputs, seconds = [], []
        for _ in range(PROBES):
            start = perf_counter()
            made = step.run(*self._inputs)
            seconds.append(perf_counter() - start)
            outputs.append([x.copy() for x in made])
        return outputs, min(seconds)


class _Flat(nn.Module):
    """A step with tensors only, as the exporter wants it."""

    def __init__(self, network: nn.Module, inputs: int) -> None:
        super().__init__()
        self.network, self.inputs = network, inputs

    def forward(self, *tensors: Tensor) -> tuple[Tensor, ...]:
        """Inputs and state -> outputs and next state."""
        outputs, state = cast(StepNetwork, self.network).push_flat(tensors[: self.inputs], tensors[self.inputs :])
        return (*outputs, *state)


def _binding(graph: Graph, inputs: Sequence[Array], outputs: Sequence[Array]) -> Any:
    binding = graph.session.io_binding()
    for bind, names, arrays in (
        (binding.bind_input, graph.inputs, inputs),
        (binding.bind_output, graph.outputs, outputs),
    ):
        _bind(bind, names, arrays)
    return binding


def _bind(bind: Callable[..., None], names: Sequence[tuple[str, tuple[int, ...]]], arrays: Sequence[Array]) -> None:
    for (name, _), array in zip(names, arrays, strict=True):
        bind(name, "cpu", 0, np.float32, array.shape, array.ctypes.data)


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
