"""Networks without the time that their random start takes, for weights that come from elsewhere."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

P = ParamSpec("P")
M = TypeVar("M", bound=nn.Module)


def _same(tensor: Tensor, *_: Any, **__: Any) -> Tensor:
    return tensor


def _lengths(tensor: Tensor, *_: Any, dim: tuple[int, ...], keepdim: bool, **__: Any) -> Tensor:
    """What a norm that keeps its dimensions gives."""
    assert keepdim
    return tensor.new_empty([1 if i in dim else size for i, size in enumerate(tensor.shape)])


def _empty(tensor: Tensor, device: str, **_: Any) -> Tensor:
    return torch.empty(tensor.shape, dtype=tensor.dtype, device=device)


_STAND_INS: dict[Any, Callable[..., Tensor]] = {
    torch.Tensor.normal_: _same,
    torch.Tensor.uniform_: _same,
    torch.Tensor.mul: _same,  # by a number
    torch.Tensor.norm: _lengths,
    torch.linalg.vector_norm: _lengths,
    torch.randn: torch.empty,
    torch.empty_like: _empty,
}


class _NoNumbers(TorchFunctionMode):
    """Puts results of the right shape in the place of those computations that fill a new network.

    On "meta" there are no numbers to compute, but torch imports its compiler for them, which takes seconds.
    """

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        is_filler = getattr(func, "__module__", None) == "torch.nn.init"
        return (_same if is_filler else _STAND_INS.get(func, func))(*args, **(kwargs or {}))


def unfilled(build: Callable[P, M], *args: P.args, **kwargs: P.kwargs) -> M:
    """Return `build(...)` on the CPU with numbers that mean nothing; every tensor of it must then be loaded.

    `build` must keep no tensors besides parameters and persistent buffers, whose numbers would be lost.
    """
    sketch = sketched(build, *args, **kwargs)
    with _NoNumbers():
        return sketch.to_empty(device="cpu")


def sketched(build: Callable[P, M], *args: P.args, **kwargs: P.kwargs) -> M:
    """Return `build(...)` on no device: names and shapes of its tensors, and no numbers."""
    with torch.device("meta"), _NoNumbers():
        return build(*args, **kwargs)
