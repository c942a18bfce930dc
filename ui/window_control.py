"""Lets other programs of the same user do what can be done in the window."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from rtvc.control import one_window
from rtvc.control.actions import ACTIONS
from rtvc.control.place import Place
from rtvc.control.server import ControlServer
from rtvc.errors import ControlError, RtvcError, VoiceError
from rtvc.nearest import hint
from rtvc.params import check_values
from rtvc.status import Status
from ui.kept_settings import KeptSettings
from ui.runner import Runner
from ui.window import Window

T = TypeVar("T")
PATIENCE = 5.0  # seconds
FAREWELL_MS = 200  # for the answer to go out before the program ends
DRIVERS, LATER_STARTS = "control", "start"
"""Who is listened to: other programs of the user's, and those who start the program again."""


class WindowControl(QObject):
    """A `Controlled` for a control server, whose threads call it; every call is handed to the window's thread.

    What is asked for goes through the window's own widgets, so that they show it and it is kept. Whether others may
    drive the window is a switch in its menu, and a setting; `notices` gets why nobody can although that is wanted.

    Signals: none for others.
    """

    _asked = Signal(object)

    def __init__(
        self,
        window: Window,
        settings: KeptSettings,
        runner: Runner,
        show: Callable[[], None],
        notices: dict[str, str],
    ) -> None:
        super().__init__()
        self._window, self._settings, self._runner = window, settings, runner
        self._show, self._notices = show, notices
        self._servers: dict[str, ControlServer] = {}
        self._asked.connect(lambda call: call())
        window.menu.control_chosen.connect(self._on_control_chosen)

    def follow(self) -> None:
        """Listen to other programs, or no longer, as the settings say."""
        is_wanted = self._settings.config.control.enabled
        self._window.menu.show_control(is_wanted)
        if not is_wanted:
            self._deafen(DRIVERS)
        elif DRIVERS not in self._servers:
            self.open()

    def open(self, place: Place | None = None) -> None:
        """Listen to other programs, as far as no other rtvc does."""
        self._listen(DRIVERS, place, ACTIONS)

    def answer_later_starts(self, place: Place) -> None:
        """Let a second start of the program bring the window to the front; it needs nobody's leave."""
        self._listen(LATER_STARTS, place, one_window.ACTIONS)

    def close(self) -> None:
        """Listen no more; safe to call again."""
        for name in tuple(self._servers):
            self._deafen(name)

    def start(self) -> None:
        """Begin to convert, where nothing runs."""
        self._do(lambda: None if self._runner.is_active else self._window.transport.start_asked.emit())

    def stop(self) -> None:
        """End converting."""
        self._do(self._window.transport.stop_asked.emit)

    def set_mute(self, muted: bool) -> None:
        """Silence all outputs, or no longer; now or from the next start on."""
        self._do(lambda: self._window.transport.mute.setChecked(muted))

    def set_passthrough(self, passthrough: bool) -> None:
        """Let the microphone's own sound through, or the voice; now or from the next start on."""
        self._do(lambda: self._window.transport.passthrough.setChecked(passthrough))

    def set_voice(self, name: str) -> None:
        """Choose a voice; VoiceError where the list has none of this name, or one that cannot be used."""
        self._do(lambda: self._choose(name))

    def set_value(self, name: str, value: float) -> None:
        """Move a control of the chosen voice; RtvcError where it has none of this name or of this range."""
        self._do(lambda: self._move(name, value))

    def show(self) -> None:
        """Bring the window to the front."""
        self._do(self._show)

    def quit(self) -> None:
        """Close the window, once this is answered."""
        self._do(lambda: QTimer.singleShot(FAREWELL_MS, self._window.close))

    def status(self) -> Status:
        """Return a snapshot; muted and passed through is what the window's buttons say."""
        found: list[Status] = []
        self._do(lambda: found.append(self._snapshot()))
        return found[0]

    def history(self) -> Sequence[Mapping[str, Any]]:
        """Return the last minutes' counters."""
        found: Future[Sequence[Mapping[str, Any]]] = Future()
        self._asked.emit(
            lambda: self._runner.ask(lambda session: session.history(), found.set_result, found.set_exception)
        )
        return _waited(found)

    def _listen(self, name: str, place: Place | None, allowed: Collection[str]) -> None:
        self._notices.pop(name, None)
        try:
            self._servers[name] = ControlServer(self, place, allowed)
        except ControlError as error:
            self._notices[name] = str(error)

    def _deafen(self, name: str) -> None:
        self._notices.pop(name, None)
        if (server := self._servers.pop(name, None)) is not None:
            server.close()

    def _on_control_chosen(self, chosen: bool) -> None:
        self._settings.change("control", enabled=chosen)
        self.follow()

    def _do(self, act: Callable[[], object]) -> None:
        """Act in the window's thread, and wait until it is done; its RtvcError is raised here."""
        done: Future[None] = Future()

        def call() -> None:
            try:
                act()
            except RtvcError as error:
                done.set_exception(error)
            else:
                done.set_result(None)

        self._asked.emit(call)
        _waited(done)

    def _snapshot(self) -> Status:
        transport = self._window.transport
        return replace(
            self._runner.status(), muted=transport.mute.isChecked(), passthrough=transport.passthrough.isChecked()
        )

    def _choose(self, name: str) -> None:
        voices = self._window.voices
        found = voices.item(name)
        if found is None:
            raise VoiceError(f"no voice {name!r}{hint(name, voices.names)}")
        if found.fault:
            raise VoiceError(found.fault)
        voices.choose(name)

    def _move(self, name: str, value: float) -> None:
        rows = self._window.controls.rows
        check_values([row.control for row in rows.values()], {name: value})
        rows[name].set_value(value)


def _waited(answer: Future[T]) -> T:
    try:
        return answer.result(PATIENCE)
    except TimeoutError:
        raise ControlError("the window does not answer; it may be ending or hang") from None
