"""Mutes a monitor that the microphone hears."""

from typing import TYPE_CHECKING, Protocol

from rtvc.ring import Ring
from rtvc.shared import Fields

if TYPE_CHECKING:
    from rtvc.resample import Samples

HEARD = "the microphone hears the monitor, which is muted before it howls; take headphones, then switch it on again"


class Guard(Protocol):
    """What knows whether the one sound is in the other."""

    def push(self, heard: "Samples", played: "Samples") -> bool:
        """Take what came in and went out; True once it is."""

    def reset(self) -> None:
        """Forget what was found."""


class MonitorGuard:
    """The reading side of two rings: what the microphone hears and what is played, from the same moment on.

    `words` say why the monitor is muted, empty while nothing was found.
    """

    def __init__(self, heard: Ring, played: Ring, rates: tuple[int, int], session: Fields) -> None:
        """`rates` of what is heard and played in Hz; the mute is written to `session`."""
        from rtvc.howl import HowlGuard  # late: a session without a monitor does without numpy

        self._rings, self._session = (heard, played), session
        self._guard: Guard = HowlGuard(*rates)
        self.words = ""

    @property
    def names(self) -> tuple[str, str]:
        """The names of both rings."""
        return self._rings[0].name, self._rings[1].name

    def tick(self) -> None:
        """Look at what has come."""
        heard, played = (_all_of(ring) for ring in self._rings)
        if not self.words and self._guard.push(heard, played):
            self.words = HEARD
            self._session["monitor_mute"] = 1.0

    def set_mute(self, muted: bool) -> None:
        """Mute the monitor or let it be heard again, watched anew."""
        self._guard.reset()
        self.words = ""
        self._session["monitor_mute"] = float(muted)


def _all_of(ring: Ring) -> "Samples":
    import numpy as np

    samples = np.zeros(ring.fill, np.float32)
    ring.read_into(samples)
    return samples
