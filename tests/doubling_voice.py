"""A toy voice for tests of the engine: twice the rate, a sample late, with something to set and to remember."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.base import Param, Stage, StreamSpec
from models.steps import Array


class DoublingStage:
    """Linear interpolation to twice the rate."""

    delay = 1 / 16_000

    def __init__(self) -> None:
        self.learned = {"talker_hz": 118.0}
        self.reset()

    def reset(self) -> None:
        self._last = np.zeros((1, 1, 0), np.float32)

    def push(self, x: Array) -> Array:
        x = np.concatenate([self._last, x], axis=-1)
        self._last = x[..., -1:]
        return np.stack([x[..., :-1], (x[..., :-1] + x[..., 1:]) / 2], axis=-1).reshape(1, 1, -1)


@dataclass(frozen=True)
class DoublingModel:
    """16 kHz in, 32 kHz out, one sample of look-ahead, a control in whole numbers and a remembered value."""

    input_rate: int = 16_000
    output_rate: int = 32_000
    hop: int = 160
    params: tuple[Param, ...] = (Param("books", "Books", 1, 8, 8, step=1),)
    remembered: tuple[str, ...] = ("talker_hz",)

    def open(self, spec: StreamSpec, values: Mapping[str, float]) -> list[Stage]:
        return [DoublingStage()]
