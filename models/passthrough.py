"""Family `passthrough`: the signal itself, to try devices, delays and programs without a network.

A card of this family needs no weights. Its key `look_ahead_ms` (default 0) lets the voice wait for that much
of the future, as a real one does; the sound stays as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.base import Param, Stage, StreamSpec
from models.errors import ModelError
from models.steps import Array

RATE = 16000
HOP = 320
GAIN = Param("gain_db", "Gain", -24.0, 24.0, 0.0, "dB", help="Level of the output against the input.")
MOST_LOOK_AHEAD_MS = 10_000.0


class PassthroughStage:
    """Wav [1, 1, n] times the gain; the last `look_ahead` samples are held until their future has come."""

    def __init__(self, values: Mapping[str, float], look_ahead: int) -> None:
        self._values = values
        self._look_ahead = look_ahead
        self._waiting = np.zeros((1, 1, 0), np.float32)

    @property
    def delay(self) -> float:
        """Seconds of future the stage waits for."""
        return self._look_ahead / RATE

    def push(self, x: Array) -> Array:
        """Take the next samples and return those that are old enough."""
        heard = np.concatenate([self._waiting, x], axis=-1)
        ready = max(heard.shape[-1] - self._look_ahead, 0)
        self._waiting = heard[..., ready:]
        gain = np.float32(10.0 ** (self._values[GAIN.name] / 20.0))
        made: Array = heard[..., :ready] * gain
        return made

    def reset(self) -> None:
        """Forget the samples that wait."""
        self._waiting = self._waiting[..., :0]


@dataclass(frozen=True)
class PassthroughModel:
    """A voice that changes nothing but the level; `look_ahead` in samples."""

    look_ahead: int = 0
    input_rate: int = RATE
    output_rate: int = RATE
    hop: int = HOP
    params: tuple[Param, ...] = (GAIN,)

    def open(self, spec: StreamSpec, values: Mapping[str, float]) -> list[Stage]:
        """Return one fresh stage; `spec` makes no difference to it."""
        return [PassthroughStage(values, self.look_ahead)]


def load(card: Mapping[str, Any], weights: Path | None, device: str = "cpu") -> PassthroughModel:
    """Return the voice of a card; raises ModelError where `look_ahead_ms` is no time from 0 to 10 s."""
    look_ahead_ms = card.get("look_ahead_ms", 0.0)
    if not isinstance(look_ahead_ms, int | float) or not 0.0 <= look_ahead_ms <= MOST_LOOK_AHEAD_MS:
        raise ModelError(f"look_ahead_ms is {look_ahead_ms!r}, it must be a number from 0 to {MOST_LOOK_AHEAD_MS:.0f}")
    return PassthroughModel(round(look_ahead_ms * RATE / 1000.0))
