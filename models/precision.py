"""Which precision a device computes large networks in fastest, found by trying.

Half the bits are twice the speed where the processor has instructions for them (AVX-512 BF16, AMX, any recent
graphics card) and several times slower where it has not, so nothing but a measurement tells.
The same goes for what it costs: a network whose halved twin overflows or strays is computed in single precision.
"""

import copy
import logging
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import torch
from torch import Tensor, nn

logger = logging.getLogger(__name__)
M = TypeVar("M", bound=nn.Module)

ROWS, WIDTH, INNER = 128, 768, 3072
WORTH = 1.25
"""A half precision must be so many times faster to be taken for what it costs in accuracy."""
TRIES = 12
"""Of both precisions in turn: on a busy machine one of them alone may meet nothing but interruptions."""
MOST_ERROR = 0.15
"""Largest error of a lighter network against the whole one, as a share of its output."""


@lru_cache(maxsize=8)
def fastest_dtype(device: str) -> torch.dtype:
    """Return float32, or the device's half precision where it is clearly faster on a transformer's matrices."""
    half = torch.float16 if torch.device(device).type == "cuda" else torch.bfloat16
    is_worth_it = pays(lambda: _seconds(device, torch.float32), lambda: _seconds(device, half), WORTH)
    return half if is_worth_it else torch.float32


def pays(usual: Callable[[], float], lighter: Callable[[], float], worth: float, tries: int = TRIES) -> bool:
    """Whether the `lighter` way takes so many times less than the `usual` one; both return the seconds of one try.

    False where the lighter one cannot be had: it raises RuntimeError.
    """
    try:
        both = [(usual(), lighter()) for _ in range(tries)]
    except RuntimeError:  # a build or a card without it
        return False
    slow, fast = (min(times) for times in zip(*both, strict=True))
    return slow > worth * fast


def _seconds(device: str, dtype: torch.dtype) -> float:
    """Seconds for one product of the size of a feed-forward layer, the better of two."""
    x = torch.ones(ROWS, WIDTH, device=device, dtype=dtype)
    weight = torch.ones(INNER, WIDTH, device=device, dtype=dtype)
    times = []
    for _ in range(2):
        begin = time.perf_counter()
        _finish(torch.nn.functional.linear(x, weight))
        times.append(time.perf_counter() - begin)
    return min(times)


def halved(network: M, dtype: torch.dtype, run: Callable[[M, torch.dtype], Tensor]) -> M:
    """Return a twin of `network` in `dtype`, or the network itself where the twin's output is another.

    `run` computes something with a network of the given precision.
    """
    if dtype == torch.float32:
        return network
    twin = copy.deepcopy(network).to(dtype)
    with torch.inference_mode():
        wanted, found = run(network, torch.float32).float(), run(twin, dtype).float()
    return twin if is_near(found, wanted, f"half precision changes {type(network).__name__}") else network


def is_near(found: Tensor, wanted: Tensor, what: str) -> bool:
    """Whether a lighter twin of a network still computes what the network does; a warning says `what` if not."""
    error = float((found - wanted).norm() / wanted.norm().clamp(min=1e-12))
    if error <= MOST_ERROR:  # False for NaN
        return True
    logger.warning("%s by %.0f %%; it is not used", what, 100 * error)
    return False


class Between(nn.Module):
    """A network in a precision of its own among others: what goes in and comes out is in theirs."""

    def __init__(self, network: nn.Module, dtype: torch.dtype) -> None:
        super().__init__()
        self.network = network.to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        """As the network's own."""
        made: Tensor = self.network(x.to(next(self.network.parameters()).dtype))
        return made.to(x.dtype)


def _finish(x: Tensor) -> None:
    """Wait until a result is there."""
    if x.device.type == "cuda":
        torch.cuda.synchronize(x.device)
