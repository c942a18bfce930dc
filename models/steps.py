"""Steps of compiled streaming networks: state in and out, one CPU thread, no tensors."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


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


class StepSource(Protocol):
    """What opens steps of one network, each for a stream of its own."""

    def open(self) -> Step:
        """Return a step at the start of a stream."""


class Graph:
    """An exported step: the session of ONNX Runtime, shared by all streams of a loaded voice."""

    def __init__(self, exported: bytes, given: Mapping[str, Array] | None = None) -> None:
        """Open, with the arrays that the graph leaves open; whatever the runtime raises goes through."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._given = [onnxruntime.OrtValue.ortvalue_from_numpy(array) for array in (given or {}).values()]
        if given:
            options.add_external_initializers(list(given), self._given)
        self.session = onnxruntime.InferenceSession(exported, options, providers=["CPUExecutionProvider"])
        self.inputs = [(entry.name, tuple(entry.shape)) for entry in self.session.get_inputs()]
        self.outputs = [(entry.name, tuple(entry.shape)) for entry in self.session.get_outputs()]

    def run(self, given: Sequence[Array]) -> list[Array]:
        """Return all outputs, each a new array."""
        made: list[Array] = self.session.run(None, {name: x for (name, _), x in zip(self.inputs, given, strict=True)})
        return made


class CompiledStep(Step):
    """The exported network on the CPU.

    Every array that the runtime reads or writes stays where it is: the state goes to and fro between two sets of
    arrays, with a binding for each direction.
    """

    def __init__(self, graph: Graph, initial: Sequence[Array]) -> None:
        self._run = graph.session.run_with_iobinding
        self._initial = list(initial)
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
