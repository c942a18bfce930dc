"""A session without a window, as other programs drive it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rtvc.errors import ControlError, RtvcError
from rtvc.params import COMMON_CONTROLS, TALKER_FACTS, check_values, read_controls
from rtvc.plan import SessionOptions
from rtvc.session import Session
from rtvc.status import State, Status


class SessionControl:
    """Drives a session on behalf of others; what they set lasts from one start to the next.

    `is_over` once the program is to end.
    """

    def __init__(self, session: Session, options: SessionOptions, options_of: Callable[[str], SessionOptions]) -> None:
        """`options_of` gives what the session would do with the voice of a name, and raises RtvcError for none."""
        self._session, self._options, self._options_of = session, options, options_of
        self._lock = threading.Lock()
        self.is_over = False

    def start(self) -> None:
        """Begin, where nothing runs."""
        with self._lock:
            if self._session.status().state in (State.IDLE, State.FAILED):
                self._session.start(_with_new_files(self._options))

    def stop(self) -> None:
        """End the run, and wait for another start."""
        with self._lock:
            self._session.stop()

    def set_mute(self, muted: bool) -> None:
        """Silence all outputs, or no longer."""
        self._session.set_mute(muted)

    def set_passthrough(self, passthrough: bool) -> None:
        """Let the microphone's own sound through, or the voice."""
        self._session.set_passthrough(passthrough)

    def set_voice(self, name: str) -> None:
        """Speak with another voice, now or from the next start on."""
        wanted = self._options_of(name)
        with self._lock:
            self._options = replace(self._options, voice=wanted.voice, values=wanted.values, **vars(wanted.times))
            self._session.set_voice(wanted.voice, wanted.values, wanted.times)

    def set_value(self, name: str, value: float) -> None:
        """Set a control of the voice, now and for the next start."""
        with self._lock:
            if controls := read_controls(self._options.voice.card):
                check_values((*COMMON_CONTROLS, *controls), {name: value}, TALKER_FACTS)
            self._session.set_value(name, value)
            self._options = replace(self._options, values={**self._options.values, name: value})

    def show(self) -> None:
        """There is no window."""
        raise ControlError("this rtvc runs without a window")

    def quit(self) -> None:
        """Let the program end."""
        self.is_over = True

    def status(self) -> Status:
        """Return a snapshot."""
        return self._session.status()

    def history(self) -> Sequence[Mapping[str, Any]]:
        """Return the last minutes' counters."""
        return self._session.history()


def _with_new_files(options: SessionOptions) -> SessionOptions:
    """The options with recordings that do not exist yet: a number is added to the name where there is one."""
    return replace(options, record=_new(options.record), record_input=_new(options.record_input))


def _new(path: Path | None) -> Path | None:
    if path is None or not path.exists():
        return path
    for number in range(2, 10_000):
        if not (other := path.with_stem(f"{path.stem}-{number}")).exists():
            return other
    raise RtvcError(f"there are too many recordings like {path}")
