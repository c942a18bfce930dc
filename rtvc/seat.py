"""One voice in an engine process of its own."""

from collections.abc import Mapping
from time import monotonic
from typing import Any

from rtvc.keeper import Keeper
from rtvc.library import Voice
from rtvc.params import TALKER_FACTS
from rtvc.presets import StreamTimes
from rtvc.shared import Fields

LEAVING_SECONDS = 0.2  # an engine that is no longer heard goes on for so long: its sound is faded out
ENDING_SECONDS = 3.0


class Seat:
    """A voice, what it is set to, and the keeper of its process on a lane; changes wait until the process is ready."""

    def __init__(self, voice: Voice, values: Mapping[str, float], times: StreamTimes, is_dry: bool, lane: int) -> None:
        self.voice, self.times, self.is_dry, self.lane = voice, times, is_dry, lane
        self.values = dict(values)
        self.learned: dict[str, float] = {}
        self.keeper: Keeper | None = None
        self.was_ready = False
        self._changes: dict[str, tuple[Any, ...]] = {}

    def set_value(self, name: str, value: float) -> None:
        """Set a control."""
        self.values = {**self.values, name: value}
        self._changes[f"value {name}"] = ("value", name, value)

    def set_dry(self, is_dry: bool) -> None:
        """Let the microphone's own sound through, or the voice."""
        self.is_dry = is_dry
        self._changes["dry"] = ("dry", is_dry)

    def set_times(self, times: StreamTimes) -> None:
        """Let the engine open its stream anew."""
        self.times = times
        self._changes["times"] = ("times", times)

    def take_changes(self) -> list[tuple[Any, ...]]:
        """Return what the process does not know yet; it is known from now on."""
        changes, self._changes = list(self._changes.values()), {}
        return changes

    def again(self, times: StreamTimes) -> "Seat":
        """Return the same voice, as it is set and with what it has learned, to be streamed otherwise."""
        return Seat(self.voice, {**self.values, **self.learned}, times, self.is_dry, self.lane)

    def hear_of_talker(self, learned: Mapping[str, float], is_same: bool) -> None:
        """Take over what a voice has learned: all of it from the same one, else as far as it is true for any."""
        known = {name: value for name, value in learned.items() if is_same or name in TALKER_FACTS}
        self.learned = known | self.learned

    def converts(self, engine: Fields) -> bool:
        """Whether its process is there and ready, as `engine`, the group of its lane, shows."""
        is_ready = self.keeper is not None and self.keeper.has_begun and engine["ready"] > 0
        self.was_ready = self.was_ready or is_ready
        return is_ready


class Leaver:
    """Ends a process that is heard no longer, without waiting for it."""

    def __init__(self, keeper: Keeper, lane: int) -> None:
        self.lane = lane
        self._keeper = keeper
        self._stop_at = monotonic() + LEAVING_SECONDS
        self._is_told = False

    def tick(self, now: float, stop: str) -> bool:
        """Do what is due; True while there is still a process."""
        if now >= self._stop_at and not self._is_told:
            self._is_told = True
            self._keeper.send(stop)
        if self._keeper.is_alive and now < self._stop_at + ENDING_SECONDS:
            return True
        self.kill()
        return False

    def kill(self) -> None:
        """End it at once."""
        self._keeper.kill()
