"""Steps of networks as graphs without weights, which come out of a voice file: no tensors and no export are needed.

A template was made once from networks of the same sizes (`models.template_building`). It holds the graph for ONNX
Runtime, as it is and with its linear layers in 8 bits, and for each array that depends on the weights a recipe: which
tensors of a voice file it is made of, and how.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from models.quantized import CODES, SCALES, blockwise
from models.steps import Array, Graph

Arrays = Mapping[str, NDArray[Any]]
Recipe = Callable[..., NDArray[Any]]


def _taps(weight: Array, count: int) -> Array:
    """As `models.frames.Depthwise` places a kernel [C, 1, K] under `count` rows: [count, K + count - 1, C]."""
    taps = weight[:, 0].T
    return np.stack([np.pad(taps, ((i, count - 1 - i), (0, 0))) for i in range(count)])


RECIPES: Mapping[str, Recipe] = {
    "as it is": lambda x: x,
    "as a matrix": lambda x: x.transpose(0, 2, 1).reshape(len(x), -1),
    "taps of 1": lambda x: _taps(x, 1),
    "taps of 2": lambda x: _taps(x, 2),
    "doubled": lambda x: 2 * x,
    "squares": lambda x: -np.square(x).sum(1),
    "scaled": lambda x, scale: x * scale,
    "scaled rows": lambda x, scale: x * scale[:, None],
    **{f"first {n}": lambda x, n=n: x[:, :n] for n in range(1, 64)},
}
"""What arrays of graphs are made of tensors by; those of linear layers as [out, in]."""


class Made(NamedTuple):
    """How an array is made: the name of its recipe, the tensors that takes, its shape, and its runs in 8 bits or 0."""

    recipe: str
    tensors: tuple[str, ...]
    shape: tuple[int, ...]
    block: int = 0

    def array(self, tensors: Arrays) -> Array:
        """Make it of tensors whose shapes are right."""
        given = [np.asarray(tensors[name], np.float32) for name in self.tensors]
        made: Array = np.ascontiguousarray(RECIPES[self.recipe](*given), np.float32).reshape(self.shape)
        return made


@dataclass(frozen=True)
class Template:
    """A step: its graph as it is and in 8 bits, its arrays, and how many of its inputs are no state.

    `tensors` are the names and shapes of all tensors that its networks have in a voice file.
    """

    graph: bytes
    graph_in_8_bits: bytes
    made: Mapping[str, Made]
    fixed: Mapping[str, Array]
    inputs: int
    tensors: Mapping[str, tuple[int, ...]]

    def arrays(self, tensors: Arrays) -> dict[str, Array]:
        """Return what the recipes make of a voice's tensors, which have the names and shapes of the template's."""
        return {name: made.array(tensors) for name, made in self.made.items()}

    def in_8_bits(self, arrays: Mapping[str, Array]) -> dict[str, NDArray[Any]]:
        """Return arrays that were made for the step, those of linear layers in 8 bits."""
        made: dict[str, NDArray[Any]] = {}
        for name, array in arrays.items():
            if block := self.made[name].block:
                made[name + CODES], made[name + SCALES] = blockwise(array, block)
            else:
                made[name] = array
        return made

    def opened(self, arrays: Arrays, in_8_bits: bool) -> Graph:
        """Open the step with what its arrays are, or are in 8 bits; whatever the runtime raises goes through."""
        return Graph(self.graph_in_8_bits if in_8_bits else self.graph, {**self.fixed, **arrays})


class Templates:
    """The templates of a file that `models.template_building` wrote, read when they are asked for."""

    def __init__(self, path: Path) -> None:
        """OSError or BadZipFile where there is no such file."""
        self._file = ZipFile(path)

    def get(self, name: str) -> Template:
        """Return a template; KeyError where there is none of that name."""
        facts = json.loads(self._file.read(f"{name}.json"))
        fixed = {key: self._array(where) for key, where in facts["fixed"].items()}
        made = {key: Made(r, tuple(t), tuple(s), block) for key, (r, t, s, block) in facts["made"].items()}
        tensors = {key: tuple(shape) for key, shape in facts["tensors"].items()}
        whole, light = (self._file.read(f"{name}{end}.onnx") for end in ("", ".8bit"))
        return Template(whole, light, made, fixed, facts["inputs"], tensors)

    def _array(self, where: str) -> Array:
        with self._file.open(f"{where}.npy") as file:
            array: Array = np.lib.format.read_array(file, allow_pickle=False)
            return array
