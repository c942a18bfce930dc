"""A whole delay that was chosen, and is held: for pictures that are delayed as much, so that lips and voice agree."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rtvc.shared import Fields

LEAST_MARGIN = 0.005  # seconds that are kept even where the chosen total is as short as can be
SETTLING = 3  # stretches of half a second until a delay is known
SMOOTHING = 0.2  # a new measurement's part of the average
NEAR = 0.001  # seconds from the chosen total that are near enough
FAR = 0.015  # and those that are mended at once, by a short fade, not slowly
FAR_STRETCHES = 8


class HeldDelay:
    """Sets margin and aim of a session such that the whole delay is what was chosen.

    The margin, by which the output begins, is set once for each stream that is opened; then the aim of the steering,
    which nobody hears, takes away what is left. `tick` is to be called often; while the total cannot be held,
    `fault` says why, and it is tried again.
    """

    def __init__(self, total: float, session: Fields) -> None:
        self.total = total
        self.fault = ""
        self._session = session
        self._epoch = -1.0
        self._seen = self._stretches = self._far = 0
        self._error = 0.0
        self._is_set = False

    def tick(self, delay: Mapping[str, float], epoch: float, stretches: int) -> None:
        """Look at the delay by part."""
        if epoch != self._epoch:
            self._epoch, self._is_set = epoch, False
            self._wait(stretches)
        if not delay or stretches == self._seen:
            return
        self._seen = stretches
        if stretches - self._stretches < SETTLING:
            return
        if self._is_set:
            self._trim(self.total - sum(delay.values()), stretches)
        else:
            self._set(delay, stretches)

    def _set(self, delay: Mapping[str, float], stretches: int) -> None:
        self.fault = refused(self.total, delay)
        if self.fault:
            return
        self._is_set = True
        self._error = 0.0
        self._session["margin"] = self._session["aim"] = self.total - least_delay(delay)
        self._wait(stretches)

    def _trim(self, error: float, stretches: int) -> None:
        self._error += SMOOTHING * (error - self._error)
        self._far = self._far + 1 if abs(self._error) > FAR else 0
        if self._far > FAR_STRETCHES:
            self._is_set = False
            self._wait(stretches - SETTLING)
        elif abs(self._error) > NEAR:
            self._session["aim"] = max(self._session["aim"] + SMOOTHING * self._error, LEAST_MARGIN)

    def _wait(self, stretches: int) -> None:
        """What is measured from here on counts once it has settled."""
        self._stretches, self._far = stretches, 0


def least_delay(delay: Mapping[str, float]) -> float:
    """Return the seconds that would be left with no margin at all."""
    return sum(delay.values()) - delay.get("margin", 0.0)


def refused(total: float, delay: Mapping[str, float]) -> str:
    """Return in a sentence why a whole delay cannot be as short as that; empty where it can."""
    least = least_delay(delay) + LEAST_MARGIN
    if total >= least:
        return ""
    return (
        f"a whole delay of {total * 1000:.0f} ms cannot be held, this voice and these devices take at least "
        f"{least * 1000:.0f} ms; choose more, or a shorter hop"
    )
