"""Networks without the time that their random start takes, for weights that come from elsewhere."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import torch
from torch import nn

P = ParamSpec("P")
M = TypeVar("M", bound=nn.Module)


def unfilled(build: Callable[P, M], *args: P.args, **kwargs: P.kwargs) -> M:
    """Return `build(...)` on the CPU with numbers that mean nothing; every tensor of it must then be loaded.

    `build` must keep no tensors besides parameters and persistent buffers, whose numbers would be lost.
    """
    with torch.device("meta"):
        module = build(*args, **kwargs)
    return module.to_empty(device="cpu")
