"""The steps of a live voice out of its file and the templates that come with the program, without PyTorch."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from models.arrays import read_arrays
from models.content_sizes import POWER_BINS as CONTENT_POWER_BINS
from models.content_sizes import ContentConfig
from models.generator_sizes import GeneratorConfig
from models.live import ONLY_LEARNING, LiveSizes, read_sizes
from models.pitch_sizes import FRAMES
from models.probe import Probe
from models.step_template import Arrays, Template, Templates
from models.steps import Array, CompiledStep, Graph, Step

logger = logging.getLogger(__name__)

TEMPLATES = Path(__file__).with_name("live_steps.zip")
AT_REST = 1e-6
"""Largest change of a state, as a part of its largest number, that has come to rest."""
MOST_ROUNDS = 100
SILENCE = (np.zeros((FRAMES, CONTENT_POWER_BINS), np.float32),)
"""What an encoder's step is given of silence."""


def name_of_pitch() -> str:
    """What the pitch tracker's template is called."""
    return "pitch"


def name_of_content(config: ContentConfig, look_ahead: int) -> str:
    """What the template of an encoder of these sizes is called that looks so many frames ahead."""
    return f"content-{_sizes(config)}-{look_ahead}"


def name_of_generator(config: GeneratorConfig) -> str:
    """What the template of a generator of these sizes is called; the target's pitch is none of them."""
    return f"generator-{_sizes(config)}"


def _sizes(config: ContentConfig | GeneratorConfig) -> str:
    return "-".join(str(size) for name, size in vars(config).items() if name != "mean_hz")


class ReadyNetwork:
    """A step whose graph is open, and the state at the start of its streams."""

    def __init__(self, graph: Graph, initial: list[Array]) -> None:
        self.graph, self.initial = graph, initial

    def open(self) -> Step:
        """Return a step at the start of a stream."""
        return CompiledStep(self.graph, self.initial)


class ReadySteps:
    """The three steps of a voice; the encoder's is opened for each look-ahead when it is asked for."""

    def __init__(self, templates: Templates, tensors: Arrays, sizes: LiveSizes) -> None:
        """KeyError where no template has these sizes, ValueError where the tensors are not those of the templates."""
        self._templates, self._tensors, self._sizes = templates, tensors, sizes
        names = name_of_pitch(), name_of_generator(sizes.generator), name_of_content(sizes.content, sizes.look_ahead)
        pitch, generator, content = map(templates.get, names)
        _check({**pitch.tensors, **generator.tensors, **content.tensors}, tensors)
        self.pitch, self.generator = _opened(pitch, tensors), _opened(generator, tensors)
        self._contents = {sizes.look_ahead: _opened(content, tensors, SILENCE)}

    def content_at(self, look_ahead: int) -> ReadyNetwork:
        """Return the encoder's step that looks so many frames of 20 ms ahead."""
        if look_ahead not in self._contents:
            template = self._templates.get(name_of_content(self._sizes.content, look_ahead))
            self._contents[look_ahead] = _opened(template, self._tensors, SILENCE)
        return self._contents[look_ahead]


def ready_steps(weights: Path) -> tuple[ReadySteps, LiveSizes] | None:
    """Return the steps of a voice file and its sizes; None where they have to be compiled from the networks.

    Raises CheckpointError where the file cannot be read.
    """
    tensors, metadata = read_arrays(weights)
    sizes = read_sizes(metadata, weights)
    try:
        return ReadySteps(Templates(TEMPLATES), tensors, sizes), sizes
    except Exception as error:  # noqa: BLE001 - the runtime raises all kinds; the networks say better what is wrong
        logger.info("%s needs its networks: %s", weights, error)
        return None


def _check(wanted: Mapping[str, tuple[int, ...]], tensors: Arrays) -> None:
    """ValueError where a tensor is missing, unknown, misshapen or no float; the networks say which."""
    given = {name: array.shape for name, array in tensors.items() if array.dtype.kind == "f"}
    needed = {name: shape for name, shape in wanted.items() if not name.endswith(ONLY_LEARNING)}
    if len(given) != len(tensors) or not needed.items() <= given.items() <= wanted.items():
        raise ValueError("its tensors are not those of the templates")


def _opened(template: Template, tensors: Arrays, silence: Sequence[Array] = ()) -> ReadyNetwork:
    """Open a step, in 8 bits where that is close enough; it starts after a long `silence`, or with zeros."""
    arrays = template.arrays(tensors)
    whole = template.opened(arrays, in_8_bits=False)
    initial = [np.zeros(shape, np.float32) for _, shape in whole.inputs[template.inputs :]]
    if silence:
        initial = _rested(whole, silence, initial)
    inputs = [np.ones(shape, np.float32) for _, shape in whole.inputs[: template.inputs]]
    probe = Probe(inputs, CompiledStep(whole, initial))
    try:
        light = template.opened(arrays, in_8_bits=True)
        probe.check_8_bits(CompiledStep(light, initial), probe.seconds)
    except Exception as error:  # noqa: BLE001 - as above
        logger.warning("the network keeps its whole weights: %s", error)
        return ReadyNetwork(whole, initial)
    return ReadyNetwork(light, initial)


def _rested(graph: Graph, silence: Sequence[Array], state: list[Array]) -> list[Array]:
    """The state after a silence that is longer than all pasts.

    The input is always the same by then, and so are all rows of a past: each round of one step tells the newest row,
    which is put into the place of them all, and is right one layer further on.
    """
    for _ in range(MOST_ROUNDS):
        made = graph.run([*silence, *state])[-len(state) :]
        rested = [np.ascontiguousarray(np.broadcast_to(x[-1:], y.shape)) for x, y in zip(made, state, strict=True)]
        moved = max(float(np.abs(x - y).max() / max(np.abs(x).max(), 1.0)) for x, y in zip(rested, state, strict=True))
        state = rested
        if moved <= AT_REST:
            return state
    raise ValueError("the encoder does not come to rest in silence")
