"""Makes the templates of `models.step_template` for the sizes that voices of the family `live` have.

    python -m models.template_building

writes `models/live_steps.zip`. It is to be run again whenever a step network changes; a test tells.

Each step is exported twice, from networks of different random weights. What is the same in both belongs to the graph;
everything else must be what one of the recipes makes of some tensors, of the first networks and of the second.
"""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from models.compiled import export
from models.content_sizes import ContentConfig
from models.generator_sizes import RATES, GeneratorConfig
from models.live import MOST_AHEAD
from models.live_networks import LiveNetworks, StepWithStart, content_step, generator_step, pitch_step
from models.live_steps import TEMPLATES, name_of_content, name_of_generator, name_of_pitch
from models.quantized import CODES, SCALES, linear_blocks, quantized
from models.step_template import RECIPES, Made, Template
from models.steps import Array

SMALL = 64
"""Arrays of fewer numbers that do not depend on weights stay in the graph."""
PAIRS = {"scaled": ".scale", "scaled rows": ".scale"}
"""Recipes of two tensors of one module, and the end of the second one's name."""


StepOf: TypeAlias = tuple[StepWithStart, LiveNetworks]
"""A step, and the networks that it is of."""


def build() -> dict[str, Template]:
    """Return the templates of every step, by name."""
    first, second = _networks(1), _networks(2)
    both = (pitch_step(first), first), (pitch_step(second), second)
    made = {name_of_pitch(): _template(*both, "pitch.")}
    for ahead in range(MOST_AHEAD + 1):
        both = (content_step(first, ahead), first), (content_step(second, ahead), second)
        name = name_of_content(first.content.config, ahead)
        made[name] = _template(*both, "content.", "quantizer.")
    for rate in RATES:
        one, other = _networks(1, rate), _networks(2, rate)
        both = (generator_step(one), one), (generator_step(other), other)
        made[name_of_generator(one.generator.config)] = _template(*both, "generator.")
    return made


def _networks(seed: int, rate: int = RATES[0]) -> LiveNetworks:
    """Networks of the usual sizes whose tensors are all different."""
    torch.manual_seed(seed)
    networks = LiveNetworks(ContentConfig(), replace(GeneratorConfig(), rate=rate)).eval().requires_grad_(False)
    for tensor in networks.state_dict().values():
        if tensor.is_floating_point():
            tensor.normal_()
    return networks


def _template(one: StepOf, other: StepOf, *parts: str) -> Template:
    """Return the template of a step; `parts` are the networks that its weights come from."""
    exported = export(*one[0])
    arrays, others = (_arrays(onnx.load_from_string(graph)) for graph in (exported, export(*other[0])))
    tensors, tensors_of_other = (_tensors(networks, parts) for _, networks in (one, other))
    linear = linear_blocks(onnx.load_from_string(exported).graph)
    made, fixed = {}, {}
    for name, array in arrays.items():
        if np.array_equal(array, others[name]):
            if array.size >= SMALL and array.dtype == np.float32:
                fixed[name] = array
            continue
        found = _recipe(array, tensors, others[name], tensors_of_other)
        made[name] = found._replace(block=linear.get(name, 0))
    whole, light = (_emptied(graph, {*made, *fixed}) for graph in (exported, quantized(exported)))
    shapes = {name: tensor.shape for name, tensor in tensors.items()}
    return Template(whole, light, made, fixed, len(one[0][1]), shapes)


def _tensors(networks: LiveNetworks, parts: tuple[str, ...]) -> dict[str, Array]:
    return {
        name: tensor.numpy()
        for name, tensor in networks.state_dict().items()
        if name.startswith(parts) and tensor.is_floating_point()
    }


def _recipe(array: Array, tensors: Mapping[str, Array], other: Array, tensors_of_other: Mapping[str, Array]) -> Made:
    """Find what makes an array; ValueError where nothing does."""
    for made in _candidates(array, tensors):
        try:
            is_it = all(
                np.allclose(made.array(given), wanted, rtol=1e-5, atol=1e-6)
                for given, wanted in ((tensors, array), (tensors_of_other, other))
            )
        except (ValueError, IndexError):
            continue
        if is_it:
            return made
    raise ValueError(f"no recipe makes an array of shape {array.shape}")


def _candidates(array: Array, tensors: Mapping[str, Array]) -> Iterator[Made]:
    for recipe, name in product(RECIPES, tensors):
        names: tuple[str, ...] = (name,)
        if recipe in PAIRS:
            scale = name.rpartition(".")[0].rpartition(".")[0] + PAIRS[recipe]
            if scale not in tensors:
                continue
            names = (name, scale)
        if recipe.startswith("first") and not recipe.endswith(f" {array.shape[-1]}"):
            continue
        yield Made(recipe, names, array.shape)


def _arrays(model: Any) -> dict[str, Any]:
    """Initializers and constants of a graph by the names that its nodes call them."""
    found = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant":
            found[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    return found


def _emptied(exported: bytes, names: set[str]) -> bytes:
    """Return a graph in which these arrays, or their 8 bits, are left for whoever opens it."""
    model = onnx.load_from_string(exported)
    left = names | {name + end for name in names for end in (CODES, SCALES)}
    arrays = {name: array for name, array in _arrays(model).items() if name in left}
    nodes = [node for node in model.graph.node if node.op_type != "Constant" or node.output[0] not in left]
    kept = [one for one in model.graph.initializer if one.name not in left]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend([*kept, *(_open(name, array) for name, array in arrays.items())])
    serialized: bytes = model.SerializeToString()
    return serialized


def _open(name: str, array: Any) -> Any:
    tensor = onnx.TensorProto(name=name, dims=array.shape, data_type=helper.np_dtype_to_tensor_dtype(array.dtype))
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="a voice")
    return tensor


def write_templates(path: Path, templates: Mapping[str, Template]) -> None:
    """Write a file that `Templates` reads; arrays that several have are written once."""
    with ZipFile(path, "w", ZIP_DEFLATED) as file:

        def put(name: str, data: bytes) -> None:
            if name not in file.namelist():
                file.writestr(ZipInfo(name), data, ZIP_DEFLATED)  # of no date: the same templates, the same file

        for name, template in templates.items():
            places = {}
            for key, array in template.fixed.items():
                places[key] = hashlib.sha256(array.tobytes() + str(array.shape).encode()).hexdigest()[:16]
                put(f"{places[key]}.npy", _npy(array))
            put(f"{name}.onnx", template.graph)
            put(f"{name}.8bit.onnx", template.graph_in_8_bits)
            facts = {"fixed": places, "made": template.made, "inputs": template.inputs, "tensors": template.tensors}
            put(f"{name}.json", json.dumps(facts).encode())


def _npy(array: Array) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, allow_pickle=False)
    return file.getvalue()


if __name__ == "__main__":
    write_templates(Path(TEMPLATES), build())
    print(f"{TEMPLATES}: {TEMPLATES.stat().st_size / 1e6:.2f} MB")
