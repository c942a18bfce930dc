"""When a converted hop may go out: after the time that a hop usually takes, even where it took less.

A voice that is computed in windows takes next to nothing for silence and most of a hop for speech. If silence went
out at once, the output would wait for no more than that, and each first word would come too late.
"""

from collections import deque

REMEMBERED = 64
"""Hops with speech; more would keep a stumble in mind for longer than it matters."""
QUICK = 0.5
"""Hops that take less of the usual time tell nothing about those with speech."""
NOTICED = 0.005
"""Seconds; less is not worth waiting for, and no voice that takes a step at a time ever needs more."""


class Pace:
    """The time that a hop may well need: the longest of the last ones with speech; all in seconds."""

    def __init__(self, hop: float) -> None:
        self._hop = hop
        self._recent: deque[float] = deque(maxlen=REMEMBERED)
        self.usual = 0.0

    def note(self, took: float) -> None:
        """A hop took so long to convert."""
        if took < QUICK * self.usual:
            return
        self._recent.append(took)
        self.usual = min(max(self._recent), self._hop)

    def wait(self, took: float) -> float:
        """Return how long a hop that took so long is to be held back yet."""
        left = self.usual - took
        return left if left > NOTICED else 0.0
