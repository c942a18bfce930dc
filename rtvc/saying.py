"""What the levels of a microphone say about it, after somebody was asked to speak."""

from collections.abc import Sequence
from enum import Enum

NOISE = 10 ** (-70 / 20)  # what no microphone that is switched on stays below
SOFT = 10 ** (-34 / 20)  # speech whose loudest sounds stay below this is lost in a room's noise
FULL = 0.985
MOST_FULL = 2  # levels at full scale that may be a knock on the table
LISTENED = 4.0  # seconds: a sentence
LOUDEST = 0.05  # the part of all levels that counts as the loudest sounds


class Verdict(Enum):
    """What was heard."""

    HEARD = "heard"
    QUIET = "quiet"
    CLIPPING = "clipping"
    NOTHING = "nothing"


def verdict_of(levels: Sequence[float]) -> Verdict:
    """Judge the peaks, linear from 0 to 1, of a few seconds' pieces of 20 to 100 ms."""
    falling = sorted(levels, reverse=True)
    if not falling or falling[0] < NOISE:
        return Verdict.NOTHING
    if sum(level >= FULL for level in falling) > MOST_FULL:
        return Verdict.CLIPPING
    return Verdict.HEARD if falling[round(LOUDEST * (len(falling) - 1))] >= SOFT else Verdict.QUIET
