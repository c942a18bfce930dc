"""One stream that is wanted: opened by the device's exact name, watched, and opened again when it breaks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from rtvc.errors import DeviceError
from rtvc.pulse import View

SILENT_AFTER = 0.5  # seconds without a callback
SERVED_SILENT_AFTER = 1.5  # where a server says that all is well: it may only be short of time
FIRST_SILENT_AFTER = 2.0  # seconds that a stream may take to begin
FIRST_PAUSE = 0.1  # seconds before it is opened again, doubled each time up to LAST_PAUSE
LAST_PAUSE = 2.0
WORDS = {"input": "microphone", "output": "output", "monitor": "monitor"}


class Stream(Protocol):
    """An open stream."""

    @property
    def has_ended(self) -> bool:
        """Whether the system has ended it."""

    @property
    def wait(self) -> float:
        """Seconds between a block's callback and its sound, as the system says."""

    def close(self) -> None:
        """End it; returns within a second or raises HungError."""


class BlockSide(Protocol):
    """What a stream's callback belongs to."""

    last_time: float
    """When it was last called, on the monotonic clock."""

    def restart(self) -> None:
        """Blocks come again after a pause; for any thread."""


class HungError(Exception):
    """A stream cannot be closed; only the end of the process helps."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a port: a word to count it by, and a sentence."""

    kind: str
    words: str


class Port:
    """Keeps one stream open at the device that was chosen, never at another.

    `tick` is to be called many times a second. `is_flowing` is true while samples pass; `is_misplaced` while the
    server has the stream at another device, and nothing may be heard.
    """

    def __init__(self, name: str, device: str, open_stream: Callable[[], Stream], *sides: BlockSide) -> None:
        """The first of `sides` takes the stream's blocks; all are restarted when blocks come again."""
        self.name, self.device = name, device
        self._open_stream, self._sides = open_stream, sides
        self._stream: Stream | None = None
        self._opened = 0.0
        self._pause, self._retry = FIRST_PAUSE, 0.0
        self.fault: Fault | None = None
        self.is_flowing = self.is_misplaced = False

    @property
    def wait(self) -> float:
        """Seconds between a block's callback and its sound, as the system says; 0 while there is no stream."""
        return self._stream.wait if self._stream is not None else 0.0

    def tick(self, now: float, view: View | None) -> None:
        """Look after the stream; `view` is what the sound server shows, None where there is none to ask."""
        if self._stream is None:
            if now >= self._retry:
                self._try_to_open(now, view)
            return
        trouble = self._trouble(now, view)
        if trouble is None:
            self._note_flow(now)
        elif trouble.kind == "suspended":  # the stream goes on by itself
            self.fault, self.is_flowing = trouble, False
        else:
            self.fault, self.is_flowing = trouble, False
            self.is_misplaced = trouble.kind in ("moved", "feedback")
            self.close()
            self._wait(now)

    def close(self) -> None:
        """Close the stream, if there is one; HungError when that does not work."""
        stream, self._stream = self._stream, None
        self.is_flowing = False
        if stream is not None:
            stream.close()

    def _note_flow(self, now: float) -> None:
        if self._sides[0].last_time <= self._opened:
            return
        if not self.is_flowing:
            for side in self._sides:
                side.restart()
        self.fault, self.is_flowing, self.is_misplaced = None, True, False
        if now - self._opened > LAST_PAUSE:
            self._pause = FIRST_PAUSE

    def _try_to_open(self, now: float, view: View | None) -> None:
        missing = self._missing(view)
        if missing is not None:
            self.fault = missing
            self._retry = now + FIRST_PAUSE
            return
        try:
            self._stream = self._open_stream()
            self._opened = now
        except DeviceError as error:
            self.fault = Fault("refused", f"{self._title} cannot be opened: {error}")
            self._wait(now)

    def _wait(self, now: float) -> None:
        self._retry = now + self._pause
        self._pause = min(2 * self._pause, LAST_PAUSE)

    def _trouble(self, now: float, view: View | None) -> Fault | None:
        last = self._sides[0].last_time
        quiet = now - max(last, self._opened)
        has_ended = self._stream is not None and self._stream.has_ended
        if view is not None and view.taken > self._opened and (misplaced := self._misplaced(view)):
            return misplaced
        missing = self._missing(view)
        if missing is not None and (missing.kind != "server" or has_ended or quiet > SILENT_AFTER):
            return missing  # while samples pass there is a server, however slow to answer
        if has_ended:
            return Fault("ended", f"{self._title} was ended by the system; it is opened again")
        if quiet > SILENT_AFTER and self._devices(view).get(self.device):
            return Fault("suspended", f"{self._title} is suspended by the sound server")
        patience = SILENT_AFTER if view is None else SERVED_SILENT_AFTER
        if quiet > (patience if last > self._opened else FIRST_SILENT_AFTER):
            return Fault("silent", f"{self._title} has stopped without a word; it is opened again")
        return None

    def _misplaced(self, view: View) -> Fault | None:
        placement = view.placements.get(self.name)
        if placement is None or placement.device == self.device:
            return None
        source = view.sources.get(placement.device)
        if self.name == "input" and source is not None and source.is_monitor:
            return Fault(
                "feedback",
                f"the sound server moved the microphone to {placement.device}, which hears an output; "
                f"muted until {self.device} is back",
            )
        return Fault("moved", f"{self._title} was moved to {placement.device}; muted until it is back")

    def _missing(self, view: View | None) -> Fault | None:
        if view is None:
            return None
        if not view.is_alive:
            return Fault("server", "the sound server does not answer; it is waited for")
        if self.device not in self._devices(view):
            return Fault("gone", f"{self._title} is gone; it is taken again when it comes back")
        return None

    def _devices(self, view: View | None) -> dict[str, bool]:
        """The server's devices of this port's kind, and whether each is suspended."""
        if view is None:
            return {}
        devices = view.sources if self.name == "input" else view.sinks
        return {name: one.is_suspended for name, one in devices.items()}

    @property
    def _title(self) -> str:
        return f"{WORDS[self.name]} {self.device}"
