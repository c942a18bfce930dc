"""Stages of tensors, streamed as arrays."""

import numpy as np
import torch
from torch import Tensor

from models.base import Stage
from models.tensor_stage import TensorStage


class Halving:
    """Half of what it hears, in half precision, with a word about it."""

    delay = 0.25
    remarks = ("it is quiet",)

    def __init__(self) -> None:
        self.resets = 0
        self.weight = torch.full((1,), 0.5, dtype=torch.bfloat16, requires_grad=True)

    def push(self, x: Tensor) -> Tensor:
        return self.weight * x.bfloat16()

    def reset(self) -> None:
        self.resets += 1


def test_stage_of_tensors_is_one_of_arrays() -> None:
    inner = Halving()
    stage = TensorStage(inner)

    made = stage.push(np.ones((1, 1, 4), np.float32))
    stage.reset()

    assert isinstance(stage, Stage)
    assert made.dtype == np.float32 and made.tolist() == [[[0.5] * 4]]
    assert (stage.delay, stage.remarks, stage.name, inner.resets) == (0.25, ("it is quiet",), "Halving", 1)
