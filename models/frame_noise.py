"""Noise that is a function of a seed and a place in time alone, so that overlapping windows draw the same."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

LATENTS = 192
KEY_RANGE = 1 << 128
COUNTER_RANGE = 1 << 128
REMEMBERED = 1024
"""Frames whose noise is not drawn again: windows of one stream overlap by nearly all of theirs."""


def frame_noise(seed: int, first: int, count: int, channels: int = LATENTS) -> Tensor:
    """Return normal numbers [channels, count] for frames `first` to `first + count - 1`.

    A counter-based generator (Salmon et al. 2011) is keyed by `seed`; a frame is the upper half of its counter, so no
    two frames share numbers. Frames before 0 have theirs too.
    """
    rows = np.empty((count, channels), dtype=np.float32)
    for row, frame in zip(rows, range(first, first + count), strict=True):
        row[:] = _drawn(seed, frame, channels)
    return torch.from_numpy(rows.T)


@lru_cache(maxsize=REMEMBERED)
def _drawn(seed: int, frame: int, channels: int) -> npt.NDArray[np.float32]:
    bits = np.random.Philox(key=seed % KEY_RANGE, counter=frame % COUNTER_RANGE * COUNTER_RANGE)
    return np.random.Generator(bits).standard_normal(channels, dtype=np.float32)
