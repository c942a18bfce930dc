"""The contract between networks and everything that feeds them audio."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from models.steps import Array


@dataclass(frozen=True)
class StreamSpec:
    """How a voice is streamed; all times in seconds.

    `hop` is the piece the engine hands over at a time; `left`, `right` and `fade` are the
    context and the seam of windowed families, `right` also the look-ahead of families that leave it open, None for
    the voice's own. A stateful family ignores what it does not need.
    """

    hop: float = 0.02
    left: float = 0.0
    right: float | None = None
    fade: float = 0.0


@dataclass(frozen=True)
class Param:
    """One live control of a voice: what a window needs to draw it and a program to check it.

    `step` is the distance between neighbouring values; 0 means continuous.
    """

    name: str
    label: str
    low: float
    high: float
    default: float
    unit: str = ""
    step: float = 0.0
    help: str = ""


@runtime_checkable
class Stage(Protocol):
    """A piece of a streaming chain: whole steps in, whatever is ready out.

    The pieces that `push` returns, joined, are the offline result from its first sample on: at the start
    of a stream a stage returns less than it was given, `delay` seconds less, and never anything made up.
    """

    @property
    def delay(self) -> float:
        """Seconds of future the stage waits for before it can return a sample."""

    def push(self, x: Array) -> Array:
        """Take the next steps [1, 1, n] and return what they complete [1, 1, m]."""

    def reset(self) -> None:
        """Forget everything heard, so that the same input gives the same output again."""


class VoiceModel(Protocol):
    """A loaded voice: constant after loading, opened once per stream."""

    @property
    def input_rate(self) -> int:
        """Samples per second that `Stage.push` of the first stage takes."""

    @property
    def output_rate(self) -> int:
        """Samples per second that the last stage returns."""

    @property
    def hop(self) -> int:
        """Samples at the input rate in one step; pushes are whole multiples of it."""

    @property
    def params(self) -> tuple[Param, ...]:
        """The live controls of this voice."""

    def open(self, spec: StreamSpec, values: Mapping[str, float]) -> list[Stage]:
        """Return fresh stages, from wav [1, 1, n] at `input_rate` to wav [1, 1, m] at `output_rate`.

        `values` holds a number for every `Param`; it is read anew at each push, so a change is
        heard with the next step.
        """
