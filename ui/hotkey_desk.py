"""Joins the keys that work everywhere to their settings, their dialog and what they do in the window."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from rtvc.config import HotkeysConfig
from rtvc.hotkeys.bindings import MUTE, PASS_THROUGH, START, TALK, VOICES, Fault, read_bindings
from rtvc.hotkeys.listening import make_listener, obstacle
from rtvc.nearest import hint
from ui.hotkey_dialog import HotkeyDialog
from ui.hotkey_ear import HotkeyEar, Make
from ui.hotkey_words import ACTIONS, FAULTS, OBSTACLES
from ui.kept_settings import KeptSettings
from ui.language import translate
from ui.runner import Runner
from ui.window import Window

NOTICE = "hotkeys"


class HotkeyDesk(QObject):
    """Hears the keys while they are switched on; what they do goes through the window's own widgets.

    `notices` gets why keys that are switched on are not heard. Signals: none.
    """

    def __init__(
        self,
        window: Window,
        settings: KeptSettings,
        runner: Runner,
        notices: dict[str, str],
        make: Make = make_listener,
        window_system: str = "",
    ) -> None:
        super().__init__()
        self._window, self._settings, self._runner, self._notices = window, settings, runner, notices
        self._obstacle = obstacle(window_system or QGuiApplication.platformName())
        self._dialog: HotkeyDialog | None = None
        self._taken: frozenset[str] = frozenset()
        self._fault = ""
        self._ear = HotkeyEar(make)
        self._ear.opened.connect(self._on_opened)
        self._ear.heard.connect(self._on_heard)
        self._ear.failed.connect(self._on_failed)
        self.listen()

    @property
    def config(self) -> HotkeysConfig:
        """What is chosen."""
        return self._settings.config.hotkeys

    def listen(self) -> None:
        """Hear what the settings say, or nothing where they say so or it cannot be."""
        self._taken, self._fault = frozenset(), ""
        is_wanted = self.config.enabled and self._obstacle is None
        self._ear.listen(read_bindings(self.config.keys).keys if is_wanted else {})
        self._tell()

    def open(self) -> None:
        """Show the dialog."""
        if self._dialog is None:
            dialog = self._dialog = HotkeyDialog(self._window)
            dialog.enabled_chosen.connect(self._on_enabled_chosen)
            dialog.keys_chosen.connect(self._on_keys_chosen)
            dialog.recording.connect(self._on_recording)
        self._tell()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    def close(self, limit: float) -> bool:
        """Hear nothing more; False where that takes longer than `limit` seconds."""
        return self._ear.close(limit)

    def _tell(self) -> None:
        """Say in the dialog and, of keys that are switched on, in the window what is wrong."""
        faults = self._faults()
        why = translate("rtvc", OBSTACLES[self._obstacle]) if self._obstacle is not None else self._fault
        strange = [name for name, fault in faults.items() if fault is Fault.NO_ACTION]
        if strange and not why:
            why = translate("rtvc", "The settings have keys for {name!r}, which is no action{hint}").format(
                name=strange[0], hint=hint(strange[0], (*ACTIONS, *VOICES))
            )
        self._notices[NOTICE] = why if self.config.enabled else ""
        if self._dialog is not None:
            self._dialog.show_settings(self.config.enabled, self.config.keys)
            words = {action: translate("rtvc", FAULTS[fault]) for action, fault in faults.items()}
            self._dialog.show_faults(why, self._obstacle is None, words)

    def _faults(self) -> dict[str, Fault]:
        return read_bindings(self.config.keys).faults | dict.fromkeys(self._taken, Fault.TAKEN)

    def _on_enabled_chosen(self, is_wanted: bool) -> None:
        self._settings.change("hotkeys", enabled=is_wanted)
        self.listen()

    def _on_keys_chosen(self, action: str, keys: str) -> None:
        chosen = {name: one for name, one in self.config.keys.items() if name != action}
        self._settings.change("hotkeys", keys=chosen | ({action: keys} if keys else {}))
        self._taken -= {action}
        self._tell()

    def _on_recording(self, is_waiting: bool) -> None:
        """Leave the keys to a field that waits for some, since nobody else would get them."""
        if is_waiting:
            self._ear.rest()
        else:
            self.listen()

    def _on_opened(self, taken: list[str]) -> None:
        self._taken = frozenset(taken)
        if TALK in read_bindings(self.config.keys).keys and TALK not in taken:
            self._window.transport.mute.setChecked(True)
        self._tell()

    def _on_failed(self, words: str) -> None:
        self._fault = words[:1].upper() + words[1:]
        self._tell()

    def _on_heard(self, action: str, is_down: bool) -> None:
        transport = self._window.transport
        if action == TALK:
            transport.mute.setChecked(not is_down)
        elif not is_down:
            return
        elif action == START:
            (transport.stop_asked if self._runner.is_active else transport.start_asked).emit()
        elif action == MUTE:
            transport.mute.toggle()
        elif action == PASS_THROUGH:
            transport.passthrough.toggle()
        else:
            self._choose(VOICES.index(action))

    def _choose(self, place: int) -> None:
        """Choose a voice by its place in the list, where there are so many."""
        for name in self._window.voices.names[place : place + 1]:
            self._window.voices.choose(name)
