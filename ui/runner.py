"""One session, driven from the window without ever waiting for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal

from rtvc.errors import RtvcError
from rtvc.library import Voice
from rtvc.presets import StreamTimes
from rtvc.status import Levels, State, Status
from ui.background import Background, Failed

if TYPE_CHECKING:
    from rtvc.session import SessionOptions

T = TypeVar("T")
Wanted = tuple[Voice, str, int]
"""A voice, the device that computes it, and with how many threads."""
ACTIVE = (State.LOADING, State.RUNNING, State.RECOVERING, State.STOPPING)


class LiveSession(Protocol):
    """What the window asks of a session; `rtvc.session.Session` is one."""

    def prepare(self, voice: Voice, device: str, threads: int) -> None:
        """Load a voice ahead of the next start."""

    def start(self, options: SessionOptions) -> None:
        """Begin, or begin anew."""

    def stop(self) -> None:
        """End the run."""

    def set_value(self, name: str, value: float) -> None:
        """Set a control of the voice."""

    def set_voice(self, voice: Voice, values: Mapping[str, float], times: StreamTimes) -> None:
        """Let another voice take over."""

    def set_mute(self, muted: bool) -> None:
        """Silence all outputs, or no longer."""

    def set_passthrough(self, passthrough: bool) -> None:
        """Let the microphone through, or no longer."""

    def set_margin(self, margin: float) -> None:
        """Change the spare time in seconds."""

    def set_total(self, total: float | None) -> None:
        """Hold a whole delay in seconds, or no longer."""

    def set_windows(self, times: StreamTimes) -> None:
        """Change hop, past, future and seam."""

    def status(self) -> Status:
        """Return a snapshot at once."""

    def levels(self) -> Levels:
        """Return what a meter shows, at once."""

    def stats(self) -> dict[str, Any]:
        """Return the figures of the run."""

    def history(self) -> list[Mapping[str, Any]]:
        """Return the counters of the last minutes."""

    def close(self) -> None:
        """Stop and let go of everything."""


class Wish(Enum):
    """What was asked of the session and is not done yet."""

    NONE = "none"
    START = "start"
    STOP = "stop"
    TRIAL = "trial"


class Runner(QObject):
    """Starts, stops and changes a session in a thread of its own; the session is made when it is first needed.

    `fault` is why the last start did not come to pass, empty when it did.

    Signals: `trouble_found(str)`, why a change could not be made.
    """

    trouble_found = Signal(str)

    def __init__(self, make_session: Callable[[], LiveSession]) -> None:
        super().__init__()
        self.fault = ""
        self._make_session = make_session
        self._session: LiveSession | None = None
        self._wishes: list[Wish] = []
        self._switches = 0
        self._background = Background("session")

    @property
    def wish(self) -> Wish:
        """The newest thing asked for and not done yet."""
        return self._wishes[-1] if self._wishes else Wish.NONE

    @property
    def is_active(self) -> bool:
        """Whether something runs or is about to."""
        if self._wishes:
            return self.wish is Wish.START
        return self.status().state in ACTIVE

    @property
    def is_switching(self) -> bool:
        """Whether a voice was chosen that the session does not know of yet."""
        return self._switches > 0

    def status(self) -> Status:
        """Return the session's snapshot, that of an idle one before the first start."""
        return self._session.status() if self._session is not None else Status()

    def levels(self) -> Levels:
        """Return what a meter shows, silence before the first start."""
        return self._session.levels() if self._session is not None else Levels()

    def prepare(self, find: Callable[[], Wanted]) -> None:
        """Make the session and load a voice ahead of the next start, which will tell what is wrong with it."""
        if not self.is_active:
            self._background.run(lambda: self._opened().prepare(*find()))

    def start(self, make_options: Callable[[], SessionOptions], muted: bool, passthrough: bool) -> None:
        """Begin a run, or begin anew; `make_options` may wait and may raise RtvcError."""

        def job() -> None:
            options = make_options()
            session = self._opened()
            session.start(options)
            session.set_mute(muted)
            session.set_passthrough(passthrough)

        self.fault = ""
        self._ask(Wish.START, job)

    def stop(self) -> None:
        """End the run."""
        self.fault = ""
        self._ask(Wish.STOP, lambda: self._opened().stop())

    def change(self, act: Callable[[LiveSession], None]) -> None:
        """Do something to the session while it runs; nothing where none runs."""
        if self.is_active:
            self._background.run(lambda: act(self._opened()), failed=lambda error: self.trouble_found.emit(str(error)))

    def switch(self, act: Callable[[LiveSession], None]) -> None:
        """Let another voice take over where a session runs; `act` may wait and may raise RtvcError."""
        if not self.is_active:
            return

        def settle(trouble: str = "") -> None:
            self._switches -= 1
            if trouble:
                self.trouble_found.emit(trouble)

        self._switches += 1
        self._background.run(
            lambda: act(self._opened()), done=lambda _: settle(), failed=lambda error: settle(str(error))
        )

    def ask(self, act: Callable[[LiveSession], T], done: Callable[[T], None], failed: Failed) -> None:
        """Ask the session something, whether it runs or not; `act` may wait."""
        self._background.run(lambda: act(self._opened()), done, failed)

    def lend(
        self, act: Callable[[LiveSession], T], done: Callable[[T], None], failed: Callable[[RtvcError], None]
    ) -> None:
        """Stop, and do something with a fresh session that is closed afterwards; `act` may take its time."""

        def job() -> T:
            self._opened().stop()
            session = self._make_session()
            try:
                return act(session)
            finally:
                session.close()

        def settled(result: T) -> None:
            self._settle()
            done(result)

        def refused(error: RtvcError) -> None:
            self._settle()
            failed(error)

        self.fault = ""
        self._wishes.append(Wish.TRIAL)
        self._background.run(job, settled, refused)

    def close(self, limit: float) -> bool:
        """End everything; False where that takes longer than `limit` seconds."""
        self._background.run(self._end)
        return self._background.close(limit)

    def _opened(self) -> LiveSession:
        if self._session is None:
            self._session = self._make_session()
        return self._session

    def _end(self) -> None:
        if self._session is not None:
            self._session.close()

    def _ask(self, wish: Wish, job: Callable[[], None]) -> None:
        self._wishes.append(wish)
        self._background.run(job, done=lambda _: self._settle(), failed=self._fail)

    def _settle(self) -> None:
        self._wishes.pop(0)

    def _fail(self, error: RtvcError) -> None:
        self._settle()
        self.fault = str(error)
