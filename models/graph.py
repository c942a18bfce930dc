"""Networks compiled by OpenVINO for one shape of their inputs: what a processor runs a window's networks fastest with.

Weights are put into the order that the processor's instructions want once, and what follows a product is computed
while it is in the cache. A graph is taken only where it is there, agrees with the network, and is faster.
"""

import importlib
import importlib.util
import logging
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from models.precision import is_near, pays

logger = logging.getLogger(__name__)

Plain = Callable[..., Tensor]
TELEMETRY = "openvino_telemetry"
INTEGER_GROUP = 768
"""Inputs of a product with 8-bit weights that share a scale, which is found at run time; more cost no speed."""
WORTH = 1.0
"""A graph must be so many times faster to be taken."""
TRIES = 6
SHORT = 0.002
"""Seconds; networks that take less are not worth the time to compile them."""


def can_compile() -> bool:
    """Whether OpenVINO is installed."""
    return importlib.util.find_spec("openvino") is not None


class Graph:
    """A network [Tensor, ... -> Tensor] for inputs of the shapes of `examples`, all in single precision."""

    def __init__(self, network: nn.Module, examples: Sequence[Tensor], dtype: torch.dtype, threads: int) -> None:
        """Compute in `dtype` where the processor can; raises whatever OpenVINO does for what it does not know."""
        openvino = _openvino()
        model = _converted(network, examples)
        for one, example in zip(model.inputs, examples, strict=True):
            one.get_node().set_partial_shape(openvino.PartialShape(list(example.shape)))
        model.validate_nodes_and_infer_types()
        settings = {
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if dtype == torch.bfloat16 else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": INTEGER_GROUP,
        }
        self.shapes = tuple(example.shape for example in examples)
        self._request = openvino.Core().compile_model(model, "CPU", settings).create_infer_request()

    def __call__(self, *inputs: Tensor) -> Tensor:
        """As the network's own."""
        found = self._request.infer([one.contiguous().numpy() for one in inputs], share_inputs=True)
        return torch.from_numpy(next(iter(found.values())))


class Fixed:
    """A network that is nearly always called with inputs of the same shapes: by a graph for those, plainly else."""

    def __init__(self, plain: Plain, graph: Graph | None = None) -> None:
        self._plain, self._graph = plain, graph

    @property
    def is_compiled(self) -> bool:
        """Whether there is a graph."""
        return self._graph is not None

    def __call__(self, *inputs: Tensor) -> Tensor:
        """As the network's own."""
        if self._graph is not None and self._graph.shapes == tuple(one.shape for one in inputs):
            return self._graph(*inputs)
        return self._plain(*inputs)


def fixed(plain: Plain, network: nn.Module, examples: Sequence[Tensor], dtype: torch.dtype) -> Fixed:
    """Return `plain` with a graph of `network` for inputs like `examples`, where one is worth it.

    `plain` may be a lighter twin of the network, which in its turn computes in single precision.
    """
    if not can_compile() or any(one.device.type != "cpu" for one in examples):
        return Fixed(plain)
    if min(_seconds(plain, examples) for _ in range(TRIES)) < SHORT:
        return Fixed(plain)
    name = type(network).__name__
    try:
        with torch.inference_mode():
            wanted = network(*examples)
        graph = Graph(network, examples, dtype, torch.get_num_threads())
        if is_near(graph(*examples), wanted, f"compiling changes {name}") and _pays(plain, graph, examples):
            return Fixed(plain, graph)
    except Exception as error:  # noqa: BLE001 (whatever a compiler stumbles over: all works without it)
        logger.warning("%s is not compiled: %s", name, str(error).splitlines()[0])
    return Fixed(plain)


def _pays(plain: Plain, graph: Graph, examples: Sequence[Tensor]) -> bool:
    return pays(lambda: _seconds(plain, examples), lambda: _seconds(graph, examples), WORTH, TRIES)


@torch.inference_mode()
def _seconds(run: Plain, examples: Sequence[Tensor]) -> float:
    begin = time.perf_counter()
    run(*examples)
    return time.perf_counter() - begin


def _openvino() -> Any:
    """OpenVINO without the part of it that tells its makers what it is used for."""
    sys.modules.setdefault(TELEMETRY, None)  # type: ignore[arg-type]
    return importlib.import_module("openvino")


def _converted(network: nn.Module, examples: Sequence[Tensor]) -> Any:
    """Network -> OpenVINO's model of it, with constants multiplied out."""
    frontend = importlib.import_module("openvino.frontend").FrontEndManager().load_by_framework("pytorch")
    decoding = importlib.import_module("openvino.frontend.pytorch.ts_decoder")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of shapes taken for constants, which they are
        traced = torch.jit.trace(network, tuple(examples), check_trace=False)
    decoder = decoding.TorchScriptPythonDecoder(traced, example_input=tuple(examples))
    model = frontend.convert(frontend.load(decoder))
    importlib.import_module("openvino._offline_transformations").apply_moc_transformations(model, False)
    return model
