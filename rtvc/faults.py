"""The book of faults: what is wrong now, how often what was, and what was mended."""

from collections import Counter
from dataclasses import dataclass, field

TOLD_AFTER = 0.5  # seconds, by when the cause is known better than at the first sign
REMEMBERED = 10.0  # seconds that a mended fault is still told of
CAUSES = ("server", "gone", "feedback", "moved", "suspended", "hung", "died", "crashed", "refused", "silent", "ended")
"""From the cause to the mere sign: where several are seen in one outage, the first of these is counted."""


@dataclass
class Outage:
    """One part out of order since `began`: what was last said about it, and what was said of each kind of fault."""

    began: float
    now: str = ""
    words: dict[str, str] = field(default_factory=dict)
    counted: str = ""

    @property
    def kind(self) -> str:
        """The cause, as far as it is known."""
        return min(self.words, key=CAUSES.index)


class FaultBook:
    """Keeps what is out of order, by part; counts each outage once, and each return to order as one recovery."""

    def __init__(self) -> None:
        self._open: dict[str, Outage] = {}
        self._told: set[str] = set()
        self._mended = ("", float("-inf"))
        self.counts: Counter[str] = Counter()
        self.recoveries = 0

    @property
    def is_open(self) -> bool:
        """Whether anything is out of order."""
        return bool(self._open)

    def note(self, part: str, kind: str, words: str, now: float) -> None:
        """A part is out of order, for this kind of reason."""
        outage = self._open.setdefault(part, Outage(now))
        outage.now = outage.words[kind] = words

    def mend(self, part: str, now: float) -> None:
        """A part is in order again, or still."""
        outage = self._open.pop(part, None)
        if outage is None:
            return
        self._count(part, outage)
        if not self._open:
            self._told.clear()
            self.recoveries += 1
            self._mended = (
                f"mended after {now - outage.began:.1f} s: {outage.words[outage.kind].partition(';')[0]}",
                now,
            )

    def take_over(self, other: "FaultBook") -> None:
        """Count what another book has counted."""
        self.counts.update(other.counts)
        self.recoveries += other.recoveries

    def remark(self, words: str, now: float) -> None:
        """Something was wrong that is over already, and counted elsewhere."""
        self._mended = (words, now)

    def tick(self, now: float) -> None:
        """Count what has lasted."""
        for part, outage in self._open.items():
            if now - outage.began > TOLD_AFTER:
                self._count(part, outage)

    def message(self, now: float) -> str:
        """Return in words what is wrong, or what was until a moment ago."""
        if self._open:
            return next(iter(self._open.values())).now
        words, when = self._mended
        return words if now - when < REMEMBERED else ""

    def _count(self, part: str, outage: Outage) -> None:
        name = _name(part, outage.kind)
        if outage.counted == name:
            return
        if outage.counted:
            self.counts[outage.counted] -= 1
        outage.counted = name
        if name not in self._told:
            self._told.add(name)
            self.counts[name] += 1


def _name(part: str, kind: str) -> str:
    """What a fault is counted as: a server's outage is one, however many streams it ends."""
    return "sound server gone" if kind == "server" else f"{part} {kind}"
