"""Stages that compute with tensors, as those who stream them want them: arrays in, arrays out."""

from typing import Any, Protocol

import torch
from torch import Tensor

from models.steps import Array


class OnTensors(Protocol):
    """A stage whose `push` takes and gives tensors."""

    @property
    def delay(self) -> float:
        """As of a `Stage`."""

    def push(self, x: Tensor) -> Tensor:
        """As of a `Stage`."""

    def reset(self) -> None:
        """As of a `Stage`."""


class TensorStage:
    """A stage of arrays [1, 1, n] around one of tensors, which runs without gradients."""

    def __init__(self, inner: OnTensors) -> None:
        self.inner = inner
        self.name = type(inner).__name__

    @property
    def delay(self) -> float:
        """Seconds of future the stage waits for."""
        return self.inner.delay

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the stage has to say about how it gets along, in sentences."""
        said: tuple[str, ...] = getattr(self.inner, "remarks", ())
        return said

    def push(self, x: Array) -> Array:
        """Take the next steps and return what they complete."""
        with torch.inference_mode():
            made: Any = self.inner.push(torch.from_numpy(x)).float().cpu().numpy()
        done: Array = made
        return done

    def reset(self) -> None:
        """Forget everything heard."""
        with torch.inference_mode():
            self.inner.reset()
