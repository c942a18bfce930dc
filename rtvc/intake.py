"""What happens to each block of the microphone: copied, counted, and its punctuality measured."""

from collections.abc import Sequence

import numpy as np

from rtvc.meter import falling_peak
from rtvc.resample import Samples
from rtvc.ring import Ring
from rtvc.shared import SharedStatus

PAST = 0.2  # seconds
STRETCH = 1.0  # seconds over which arrivals are compared


class Intake:
    """The callback side of ring A, one for each lane, and of `copies` of what they get; `take` only copies and counts.

    A lane is given what comes from the moment its engine is ready, and `past` seconds from before it: about as much
    lies between a sound and its conversion, and so need not be waited for. Nothing older is part of any stream.
    """

    def __init__(
        self, rings: Sequence[Ring], rate: int, shared: SharedStatus, copies: Sequence[Ring] = (), past: float = PAST
    ) -> None:
        self._lanes = tuple(zip(rings, shared.lanes, strict=False))
        self._rate, self._copies, self._audio = rate, tuple(copies), shared.audio
        self._given: tuple[Ring, ...] = ()
        self._most = round(past * rate)
        self._past: Samples = np.zeros(0, np.float32)
        self.last_time = 0.0  # monotonic, of the last block
        self.arrivals = Arrivals(rate)

    def restart(self) -> None:
        """A new stream begins; for any thread."""
        self.arrivals.restart()
        self._past = np.zeros(0, np.float32)

    def take(self, samples: Samples, now: float, overflowed: bool = False) -> None:
        """Take a block [n] that arrived at `now`; `overflowed` when the system has dropped something before it."""
        self.last_time = now
        self.arrivals.note(len(samples), now)
        self._audio["level_in"] = falling_peak(self._audio["level_in"], samples, self._rate)
        lanes = tuple(ring for ring, engine in self._lanes if engine["ready"])
        before, self._given = self._given, (*lanes, *self._copies) if lanes else ()
        for ring in self._given:
            if ring not in before:
                ring.write(self._past)
        lost = [ring.write(samples) for ring in self._given]
        if lanes:
            self._audio.add("lost", any(lost[: len(lanes)]) or overflowed)
        self._past = np.concatenate([self._past, samples])[-self._most :] if self._most else self._past


class Arrivals:
    """How late blocks arrive against the most punctual ones of the last second, and how long they are.

    Both are averages over samples, in seconds: `lateness` of a block's end, `block` such that a sample comes on
    average half of it before the end.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._origin: float | None = None
        self._count = self._samples = self._block_sum = 0
        self._late_sum, self._least = 0.0, float("inf")
        self.lateness = self.block = 0.0

    def restart(self) -> None:
        """Begin anew, as a stream does."""
        self.lateness = self.block = 0.0
        self._count = 0
        self._origin = None
        self._begin_stretch()

    def note(self, count: int, now: float) -> None:
        """A block of `count` samples arrived at `now`, in seconds."""
        self._count += count
        if self._origin is None:
            self._origin = now - self._count / self._rate
        lateness = now - self._count / self._rate - self._origin
        self._least = min(self._least, lateness)
        self._late_sum += count * lateness
        self._block_sum += count * count
        self._samples += count
        if self._samples >= STRETCH * self._rate:
            self.lateness = self._late_sum / self._samples - self._least
            self.block = self._block_sum / self._samples / self._rate
            self._begin_stretch()

    def _begin_stretch(self) -> None:
        self._late_sum, self._least = 0.0, float("inf")
        self._samples = self._block_sum = 0
