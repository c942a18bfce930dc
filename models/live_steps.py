"""The steps of a live voice out of its file and the templates that come with the program, without PyTorch."""

import importlib
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from models.arrays import arrays_of, read_raw, texts_of
from models.content_sizes import POWER_BINS as CONTENT_POWER_BINS
from models.content_sizes import ContentConfig
from models.generator_sizes import GeneratorConfig
from models.kept_steps import KeptStep, KeptSteps
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
THREADS = 2
"""That open the steps of a voice: on two cores 0.26 s where one takes 0.37, and four take as much as two."""
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


Trusted: TypeAlias = tuple[ReadyNetwork, Probe]
Lighter: TypeAlias = tuple[Mapping[str, NDArray[Any]], Graph]


class VoiceFile:
    """The tensors of a voice file that has been read; they are parsed when they are first asked for."""

    def __init__(self, raw: bytes, path: Path) -> None:
        self._raw, self._path = raw, path
        self._tensors: Arrays | None = None

    @property
    def tensors(self) -> Arrays:
        """By name; CheckpointError where the file is damaged."""
        if self._tensors is None:
            self._tensors, self._raw = arrays_of(self._raw, self._path), b""
        return self._tensors


class ReadySteps:
    """The three steps of a voice; the encoder's is opened for each look-ahead when it is asked for.

    What is `kept` of the file from another time is opened as it is, all else is made of its tensors, and kept.
    """

    def __init__(self, templates: Templates, file: VoiceFile, sizes: LiveSizes, kept: KeptSteps | None = None) -> None:
        """KeyError where no template has these sizes, ValueError where the tensors are not those of the templates."""
        self._templates, self._file, self._sizes, self._kept = templates, file, sizes, kept
        names = name_of_content(sizes.content, sizes.look_ahead), name_of_generator(sizes.generator), name_of_pitch()
        opened = self._remembered(names)
        if opened is None:
            wanted = {name: shape for one in names for name, shape in templates.get(one).tensors.items()}
            _check(wanted, file.tensors)
            opened = self._made(names)
        content, self.generator, self.pitch = opened
        self._contents = {sizes.look_ahead: content}

    def content_at(self, look_ahead: int) -> ReadyNetwork:
        """Return the encoder's step that looks so many frames of 20 ms ahead."""
        if look_ahead not in self._contents:
            names = [name_of_content(self._sizes.content, look_ahead)]
            (self._contents[look_ahead],) = self._remembered(names) or self._made(names)
        return self._contents[look_ahead]

    def _remembered(self, names: Sequence[str]) -> list[ReadyNetwork] | None:
        """Open steps that are kept, all at the same time; None where one is not."""
        kept = self._kept
        if kept is None:
            return None
        try:
            templates = [self._templates.get(name) for name in names]
            with ThreadPoolExecutor(THREADS) as pool:
                return list(pool.map(lambda name, template: _kept_step(template, kept.get(name)), names, templates))
        except Exception as error:  # noqa: BLE001 - the runtime raises all kinds, and all of it can be made anew
            logger.info("made anew: %s", error)
            return None

    def _made(self, names: Sequence[str]) -> list[ReadyNetwork]:
        """Open steps, all at the same time, in 8 bits where that is close enough; the first one is an encoder's."""
        templates, tensors = [self._templates.get(name) for name in names], self._file.tensors
        with ThreadPoolExecutor(THREADS) as pool:
            arrays = pool.map(lambda template: template.arrays(tensors), templates)
            both = list(zip(templates, arrays, strict=True))
            whole = [pool.submit(_trusted, *one, rests=one is both[0]) for one in both]
            light = [pool.submit(_in_8_bits, *one) for one in both]
            return [self._chosen(*one) for one in zip(names, whole, light, strict=True)]

    def _chosen(self, name: str, trusted: Future[Trusted], lighter: Future[Lighter]) -> ReadyNetwork:
        """The step in 8 bits, which is kept then, where it is like the one with whole weights; else that one."""
        whole, probe = trusted.result()
        try:
            filled, graph = lighter.result()
            probe.check_8_bits(CompiledStep(graph, whole.initial), probe.seconds)
        except Exception as error:  # noqa: BLE001 - as above
            logger.warning("the network keeps its whole weights: %s", error)
            return whole
        if self._kept is not None:
            self._kept.put(name, filled, whole.initial)
        return ReadyNetwork(graph, whole.initial)


def ready_steps(weights: Path, kept_in: Path | None = None) -> tuple[ReadySteps, LiveSizes] | None:
    """Return the steps of a voice file and its sizes; None where they have to be compiled from the networks.

    What is in the folder `kept_in` saves time. Raises CheckpointError where the file cannot be read.
    """
    with ThreadPoolExecutor(1) as pool:
        pool.submit(importlib.import_module, "onnxruntime")  # where that fails, opening a graph does too
        raw = read_raw(weights)
        kept = KeptSteps(kept_in, raw, TEMPLATES) if kept_in is not None else None
        file = VoiceFile(raw, weights)
        if kept is None or not kept.has_any:
            _ = file.tensors  # what is damaged is refused before anything else is said of it
    sizes = read_sizes(texts_of(raw), weights)
    try:
        return ReadySteps(Templates(TEMPLATES), file, sizes, kept), sizes
    except Exception as error:  # noqa: BLE001 - the runtime raises all kinds; the networks say better what is wrong
        logger.info("%s needs its networks: %s", weights, error)
        return None


def _check(wanted: Mapping[str, tuple[int, ...]], tensors: Arrays) -> None:
    """ValueError where a tensor is missing, unknown, misshapen or no float; the networks say which."""
    given = {name: array.shape for name, array in tensors.items() if array.dtype.kind == "f"}
    needed = {name: shape for name, shape in wanted.items() if not name.endswith(ONLY_LEARNING)}
    if len(given) != len(tensors) or not needed.items() <= given.items() <= wanted.items():
        raise ValueError("its tensors are not those of the templates")


def _kept_step(template: Template, kept: KeptStep | None) -> ReadyNetwork:
    """Open a step that was made another time; KeyError where it was not."""
    if kept is None:
        raise KeyError("not all steps are kept")
    return ReadyNetwork(template.opened(kept.filled, in_8_bits=True), kept.initial)


def _trusted(template: Template, arrays: Arrays, rests: bool) -> Trusted:
    """Open a step with whole weights, which starts after a long silence or with zeros, and look at what it does."""
    graph = template.opened(arrays, in_8_bits=False)
    initial = [np.zeros(shape, np.float32) for _, shape in graph.inputs[template.inputs :]]
    if rests:
        initial = _rested(graph, SILENCE, initial)
    inputs = [np.ones(shape, np.float32) for _, shape in graph.inputs[: template.inputs]]
    return ReadyNetwork(graph, initial), Probe(inputs, CompiledStep(graph, initial))


def _in_8_bits(template: Template, arrays: Arrays) -> Lighter:
    """Open a step with weights in 8 bits; what it is filled with, and the graph."""
    filled = template.in_8_bits(arrays)
    return filled, template.opened(filled, in_8_bits=True)


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
