"""What follows from trying hops on a machine: which are safe, and how much margin each needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rtvc.library import Voice
from rtvc.presets import read_presets
from rtvc.status import Load

MOST_USUAL_LOAD, MOST_RARE_LOAD = 0.7, 0.9  # p50 and p95 that leave room for other programs
LEAST_MARGIN = MARGIN_STEP = RESERVE = 0.005
"""Seconds; the reserve goes beyond the margin that has done for seconds, as a minute shows worse than seconds."""
LEAST_SLACK = 0.002  # seconds by which every hop of a trial must have been in time
BLOCKS = 2  # of an output that slack is known by
LONGEST_HOP = 0.4
PLAIN_HOPS = (0.01, 0.02, 0.04, 0.06, 0.08, 0.12, 0.16, 0.2, 0.3, 0.4)
"""Seconds to try for a voice whose card does not say the step of its hop."""


@dataclass(frozen=True)
class Trial:
    """How a hop did at a margin: times in seconds, the slacks of its stretches, and the device's block."""

    hop: float
    load: Load
    slacks: tuple[float, ...]
    late: int
    block: float = 0.0

    @property
    def is_in_time(self) -> bool:
        """Whether every hop came early enough."""
        return not self.late and all(slack >= LEAST_SLACK for slack in self.slacks)

    @property
    def is_safe(self) -> bool:
        """Whether this machine can keep up."""
        return not self.late and self.load.p50 <= MOST_USUAL_LOAD and self.load.p95 <= MOST_RARE_LOAD

    @property
    def lateness(self) -> float:
        """By how much a hop surely came later than usual: by the rare load, or by the output's slack.

        An output sees its slack once in a block, the usual one and the least, so that it may be two blocks off.
        """
        lost_slack = median(self.slacks) - min(self.slacks) if self.slacks else 0.0
        return max((self.load.p99 - self.load.p50) * self.hop, lost_slack - BLOCKS * self.block)

    @property
    def margin(self) -> float:
        """The least margin that may keep every hop in time."""
        steps = 1
        while kept_slack(self.hop, steps * MARGIN_STEP) < self.lateness - 1e-9:
            steps += 1
        return steps * MARGIN_STEP

    @property
    def wait(self) -> float:
        """What it makes of the delay: hop, margin and computing."""
        return self.hop + self.margin + self.load.p50 * self.hop

    @property
    def words(self) -> str:
        """What was found, in a sentence without its end."""
        if self.late:
            return f"{self._told}, and {self.late} came too late"
        if not self.is_safe:
            return f"{self._told}: too much for this machine"
        return f"{self._told}, and came up to {_ms(self.lateness)} later than usual"

    def words_with(self, margin: float) -> str:
        """What was found, where this margin was the least that did."""
        return f"{self._told}; with {_ms(margin)} of margin every one was in time, {_ms(RESERVE)} more are a reserve"

    @property
    def _told(self) -> str:
        return f"a hop of {_ms(self.hop)} takes {self.load.p50:.0%} of its time, now and then {self.load.p99:.0%}"


@dataclass(frozen=True)
class LatencyChoice:
    """The lowest safe hop and margin in seconds, why, and all that was tried."""

    hop: float
    margin: float
    words: str
    trials: tuple[Trial, ...]


def hops_of(voice: Voice) -> tuple[float, ...]:
    """Return the hops in seconds that a voice can have, shortest first."""
    presets = read_presets(voice)
    if presets is None:
        return PLAIN_HOPS
    low, high = presets.ranges.get("hop_ms", (presets.step_ms, LONGEST_HOP * 1000))
    count = math.floor((min(high, LONGEST_HOP * 1000) - low) / presets.step_ms + 1e-9) + 1
    return tuple((low + place * presets.step_ms) / 1000 for place in range(max(count, 1)))


def kept_slack(hop: float, margin: float) -> float:
    """Return the least slack in seconds that a stream has with a margin, while no hop comes later than usual.

    An output begins with margin and hop, less half of the shorter one (`rtvc.playout`), and nothing pulls it away from
    where it rests above half of its aim (`rtvc.drift`).
    """
    return margin - min(hop, margin) / 2


def next_hop(hops: Sequence[float], trials: Sequence[Trial]) -> float | None:
    """Return the hop to try next, None where no other can be better.

    A longer hop takes no less computing than a shorter one did, which rules out those that are still too short; and
    its own length alone adds to the delay, which rules out those that are longer than the best wait so far.
    """
    computing = max((trial.load.p50 * trial.hop for trial in trials), default=0.0)
    tried = {trial.hop for trial in trials}
    best = min((trial.wait for trial in trials if trial.is_safe), default=math.inf)
    for hop in hops:
        is_too_short = computing / hop > MOST_USUAL_LOAD
        if hop not in tried and not is_too_short and hop + LEAST_MARGIN + computing < best:
            return hop if not tried or hop > max(tried) else None
    return None


def best_of(trials: Sequence[Trial]) -> Trial | None:
    """Return the safe trial with the least wait, None where none is safe."""
    return min((trial for trial in trials if trial.is_safe), key=lambda trial: trial.wait, default=None)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
