"""A voice whose output is no number while its gain is at the top."""

from collections.abc import Mapping

import numpy as np

from models.base import Param, Stage, StreamSpec
from models.passthrough import GAIN, PassthroughModel
from models.steps import Array
from rtvc.library import Voice


class BreakingStage:
    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = values

    @property
    def delay(self) -> float:
        return 0.0

    def push(self, x: Array) -> Array:
        return np.full_like(x, np.nan) if self._values[GAIN.name] == GAIN.high else x

    def reset(self) -> None:
        pass


class BreakingModel:
    def __init__(self) -> None:
        self._sound = PassthroughModel()
        self.input_rate, self.output_rate, self.hop = self._sound.input_rate, self._sound.output_rate, self._sound.hop
        self.params: tuple[Param, ...] = self._sound.params

    def open(self, spec: StreamSpec, values: Mapping[str, float]) -> list[Stage]:
        return [*self._sound.open(spec, values), BreakingStage(values)]


def load(voice: Voice, device: str, threads: int) -> BreakingModel:
    return BreakingModel()
