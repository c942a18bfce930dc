"""Where speech is in a recording: stretches louder than its pauses, joined to pieces of 1.5 to 12 s."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rtvc.preparing.decoding import RATE, as_floats

FRAME = RATE // 100
SHORTEST, LONGEST = 1.5, 12.0
"""Seconds of a piece."""
LEAST_RUN, LONGEST_BRIDGE, MARGIN = 0.12, 0.3, 0.12
"""Seconds of a sound to be counted, of a pause that is none, and of silence left around speech."""
ABOVE_FLOOR, BELOW_TOP, LEAST_RANGE = 9.0, 40.0, 12.0
"""dB by which speech is above the pauses, at most below the loudest speech, and at least wherever the floor is."""
SILENT = -70.0
QUIETEST = -100.0
LEVELS_AT_ONCE = 6000

Span = tuple[int, int]


@dataclass(frozen=True)
class Cut:
    """What was found in a recording: `pieces`, each of stretches in samples; levels in dBFS of its speech and pauses.

    `speech` [T] tells which frames of 10 ms are speech, `levels` [T] their levels.
    """

    pieces: list[list[Span]]
    levels: NDArray[np.float32]
    speech: NDArray[np.bool_]


def cut(samples: NDArray[np.int16]) -> Cut:
    """Find the speech of a recording at 16 kHz [n], which may lie on disk."""
    levels = frame_levels(samples)
    speech = find_speech(levels)
    return Cut(_pieces(_spans(speech), levels), levels, speech)


def frame_levels(samples: NDArray[np.int16]) -> NDArray[np.float32]:
    """Levels in dBFS of the whole frames of 10 ms [T]."""
    frames = len(samples) // FRAME
    made = [np.zeros(0, np.float32)]
    for first in range(0, frames, LEVELS_AT_ONCE):
        last = min(first + LEVELS_AT_ONCE, frames)
        piece = as_floats(samples[first * FRAME : last * FRAME]).reshape(-1, FRAME)
        piece = piece - piece.mean(-1, keepdims=True)
        made.append((10 * np.log10(np.square(piece).mean(-1) + 10 ** (QUIETEST / 10))).astype(np.float32))
    return np.concatenate(made)


def find_speech(levels: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Tell the frames with speech [T] from their levels: short pauses belong to it, short clicks do not."""
    if not len(levels):
        return np.zeros(0, np.bool_)
    floor, top = np.percentile(levels, [10, 95])
    threshold = max(min(max(floor + ABOVE_FLOOR, top - BELOW_TOP), top - LEAST_RANGE), SILENT)
    speech = levels > threshold
    speech = _without_runs(speech, True, LEAST_RUN)
    return _without_runs(speech, False, LONGEST_BRIDGE)


def _without_runs(mask: NDArray[np.bool_], value: bool, seconds: float) -> NDArray[np.bool_]:
    """Turn runs of `value` shorter than so many seconds into their opposite; pauses at the ends stay."""
    out = mask.copy()
    for start, end in _runs(mask == value):
        is_inside = start > 0 and end < len(mask)
        if end - start < 100 * seconds and (value or is_inside):
            out[start:end] = not value
    return out


def _runs(mask: NDArray[np.bool_]) -> list[Span]:
    """The runs of True as (first, after last)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _spans(speech: NDArray[np.bool_]) -> list[Span]:
    """Stretches of speech in frames, with a little silence around them."""
    margin = round(100 * MARGIN)
    spans: list[Span] = []
    for start, end in _runs(speech):
        first, last = max(start - margin, 0), min(end + margin, len(speech))
        if spans and first <= spans[-1][1]:
            first = spans.pop()[0]
        spans.append((first, last))
    return spans


def _pieces(spans: list[Span], levels: NDArray[np.float32]) -> list[list[Span]]:
    """Join stretches to pieces of a right length, in samples; long ones are parted where they are quietest."""
    pieces: list[list[Span]] = []
    waiting: list[Span] = []
    for span in (part for one in spans for part in _parted(one, levels)):
        if waiting and _length([*waiting, span]) > 100 * LONGEST:
            _keep_rest(pieces, waiting)
            waiting = []
        waiting.append(span)
        if _length(waiting) >= 100 * SHORTEST:
            pieces.append(waiting)
            waiting = []
    _keep_rest(pieces, waiting)
    return [[(FRAME * start, FRAME * end) for start, end in piece] for piece in pieces]


def _keep_rest(pieces: list[list[Span]], rest: list[Span]) -> None:
    """What is too short for a piece goes to the one before it, or away."""
    if pieces and rest and _length([*pieces[-1], *rest]) <= 100 * LONGEST:
        pieces[-1] += rest


def _parted(span: Span, levels: NDArray[np.float32]) -> Iterator[Span]:
    start, end = span
    longest = round(100 * LONGEST)
    while end - start > longest:
        low = start + longest // 2
        at = low + int(np.argmin(np.convolve(levels[low : start + longest], np.ones(10) / 10, "same")))
        yield start, at
        start = at
    yield start, end


def _length(piece: list[Span]) -> int:
    return sum(end - start for start, end in piece)
