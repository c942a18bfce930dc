"""What it costs to wait for less of the future than flow and decoder look at, as a ratio of signal to error.

Blocks of a stream are computed as if the signal ended `right` frames behind them, and compared with the whole. The past
is there in full, as it is in a stream.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.hifigan_stream import segments, span
from models.synthesizer import Synthesizer

RIGHTS = (0, 2, 4, 8, 12, 16, 24)
"""Frames of 20 ms."""
BLOCK = 8
BLOCKS = 3
SMALLEST_POWER = 1e-30

Piece = Callable[[Tensor, int, int], Tensor]
"""Frames [1, C, T], and the first and the end of those wanted -> what becomes of these, taking T for the end of all."""


@dataclass(frozen=True)
class Ratio:
    """Signal to error in dB: of a whole block, and of its last frame, which is the worst."""

    block: float
    last: float


@dataclass(frozen=True)
class Truncation:
    """What is left of the signal's truth with `right` frames of future."""

    right: int
    flow: Ratio
    decoder: Ratio
    both: Ratio


def truncations(
    model: Synthesizer, style: Tensor, latents: Tensor, frames: Tensor | None = None, rights: Sequence[int] = RIGHTS
) -> list[Truncation]:
    """Return what each right context gives for a speaker of style [1, gin, 1].

    `latents` [1, 192, T] are the prior's, `frames` [1, 192, T] the decoder's, those that the flow makes of the former
    where there are none. Raises ValueError where there are too few of them.
    """
    conditions, parts = model.flow.conditions(style), segments(model.dec, model.dec.condition(style))
    hop, flow_reach, reach = model.dec.hop, model.flow.reach, model.dec.reach

    def flowed(x: Tensor, first: int, end: int) -> Tensor:
        start = max(first - flow_reach, 0)
        made = model.flow.inverse(x[..., start : end + flow_reach], conditions)
        return made[..., first - start : end - start]

    def decoded(z: Tensor, first: int, end: int) -> Tensor:
        start = max(first - reach, 0)
        return span(parts, z[..., start : end + reach], (first - start) * hop, (end - start) * hop)

    def spoken(x: Tensor, first: int, end: int) -> Tensor:
        start, stop = max(first - reach, 0), min(end + reach, x.shape[-1])
        return decoded(flowed(x, start, stop), first - start, end - start)

    z = model.flow.inverse(latents, conditions) if frames is None else frames
    ways: tuple[tuple[Piece, Tensor], ...] = ((flowed, latents), (decoded, z), (spoken, latents))
    wholes = [piece(x, 0, x.shape[-1]) for piece, x in ways]
    return [
        Truncation(right, *(_ratio(piece, x, whole, right) for (piece, x), whole in zip(ways, wholes, strict=True)))
        for right in rights
    ]


def _ratio(piece: Piece, x: Tensor, whole: Tensor, right: int) -> Ratio:
    """Signal to error over blocks that are spread over the signal and have all their future in it."""
    length, rate = x.shape[-1], whole.shape[-1] // x.shape[-1]
    room = length - BLOCK - max(right, *RIGHTS)
    if room < 0:
        raise ValueError(f"{length} frames are too few; it takes {length - room} or more")
    wanted, errors = [], []
    for i in range(1, BLOCKS + 1):
        first = room * i // BLOCKS
        truth = whole[..., first * rate : (first + BLOCK) * rate]
        wanted.append(truth)
        errors.append(piece(x[..., : first + BLOCK + right], first, first + BLOCK) - truth)
    truth, error = torch.cat(wanted), torch.cat(errors)  # [blocks, C, n]
    return Ratio(_decibels(truth, error), _decibels(truth[..., -rate:], error[..., -rate:]))


def _decibels(signal: Tensor, error: Tensor) -> float:
    powers = [float(x.double().square().sum().clamp(min=SMALLEST_POWER)) for x in (signal, error)]
    return 10 * float(torch.tensor(powers[0] / powers[1], dtype=torch.float64).log10())
