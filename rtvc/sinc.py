"""Resampling of whole recordings by a Hann-windowed sinc over six zero crossings (Smith, "Digital Audio Resampling").

Styles of speakers were learned from recordings that passed this very filter; the live path has one of its own.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

CROSSINGS = 6
ROLLOFF = 0.99
"""The filter's edge, as a part of half the lower rate."""
MOST_TAPS = 1 << 24


def resample(samples: Tensor, rate_in: int, rate_out: int) -> Tensor:
    """Samples [n] -> [ceil(n * rate_out / rate_in)] in the same type.

    Raises ValueError for rates with so little in common that the filter would be huge.
    """
    common = math.gcd(rate_in, rate_out)
    downs, ups = rate_in // common, rate_out // common
    if downs == ups:
        return samples
    edge = min(downs, ups) * ROLLOFF
    side = math.ceil(CROSSINGS * downs / edge)
    if ups * (2 * side + downs) > MOST_TAPS:
        raise ValueError(f"{rate_in} Hz and {rate_out} Hz have too little in common")
    padded = F.pad(samples, (side, side + downs))[None, None]
    made = F.conv1d(padded, _filters(downs, ups, side, edge).to(samples.dtype), stride=downs)
    return made[0].T.reshape(-1)[: math.ceil(samples.shape[-1] * ups / downs)]


def _filters(downs: int, ups: int, side: int, edge: float) -> Tensor:
    """One filter for each of the outputs that `downs` inputs give: [ups, 1, 2 side + downs]."""
    inputs = torch.arange(-side, side + downs, dtype=torch.float64) / downs
    outputs = torch.arange(ups, dtype=torch.float64) / ups
    crossings = ((inputs - outputs[:, None]) * edge).clamp(-CROSSINGS, CROSSINGS)
    window = torch.cos(crossings * (math.pi / 2 / CROSSINGS)).square()
    return (torch.sinc(crossings) * window * (edge / downs))[:, None]
