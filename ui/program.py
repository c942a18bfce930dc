"""Joins what concerns the program as a whole: settings as such, the icon beside the clock, the first steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from ui.autostart import Autostart
from ui.kept_settings import KeptSettings
from ui.runner import Runner
from ui.state_words import Shown
from ui.theme import chosen_theme, palette, style_sheet
from ui.tray import Tray
from ui.window import Window

if TYPE_CHECKING:
    from ui.hotkey_desk import HotkeyDesk

HOTKEYS_MS = 500  # after the window, which nobody is to wait for


class Program(QObject):
    """Appearance, undo and reset, the tray, the way the program starts, keys that work everywhere.

    `notices` gets what of that cannot be. Signals: `replaced`, when all settings are to be shown anew.
    """

    replaced = Signal()

    def __init__(self, window: Window, settings: KeptSettings, runner: Runner, notices: dict[str, str]) -> None:
        super().__init__()
        self._window, self._settings, self._runner, self._notices = window, settings, runner, notices
        self.tray = Tray(self)
        self._hotkeys: HotkeyDesk | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.hotkeys)
        self._autostart = Autostart(window.menu, notices, settings.path)
        menu, tray, transport = window.menu, self.tray, window.transport
        menu.appearance_chosen.connect(self._on_appearance_chosen)
        menu.language_chosen.connect(lambda chosen: settings.change("window", language=chosen))
        menu.minimised_chosen.connect(lambda chosen: settings.change("window", minimised=chosen))
        menu.undo_asked.connect(lambda: self._replace(settings.undo()))
        menu.reset_asked.connect(lambda: self._replace(settings.reset()))
        menu.hotkeys_asked.connect(lambda: self.hotkeys().open())
        menu.welcome_asked.connect(lambda: window.welcome.show_step(0))
        menu.welcome_asked.connect(window.welcome.show)
        settings.steps_changed.connect(menu.undo.setEnabled)
        tray.show_asked.connect(self.show_window)
        tray.start_asked.connect(transport.start_asked)
        tray.stop_asked.connect(transport.stop_asked)
        tray.mute_chosen.connect(transport.mute.setChecked)
        tray.passthrough_chosen.connect(transport.passthrough.setChecked)
        tray.quit_asked.connect(window.close)
        transport.mute.toggled.connect(tray.mute.setChecked)
        transport.passthrough.toggled.connect(tray.passthrough.setChecked)
        QApplication.styleHints().colorSchemeChanged.connect(self.show_appearance)
        self._join_welcome()

    def open(self) -> None:
        """Show the window the way that was chosen, and the first steps to who is here for the first time."""
        self.tray.appear()
        if self.tray.is_there:
            QApplication.setQuitOnLastWindowClosed(False)
            self._window.closed.connect(QApplication.quit)
        config = self._settings.config
        if config.hotkeys.enabled:
            self._later.start(HOTKEYS_MS)
        if not config.window.minimised:
            self._window.show()
            if self._settings.is_new:
                self._window.drawn.connect(self._window.welcome.show)
        elif not self.tray.is_there:
            self._window.showMinimized()

    def hotkeys(self) -> HotkeyDesk:
        """Return who hears the keys, made when it is first needed."""
        from ui.hotkey_desk import HotkeyDesk  # most people need it never

        if self._hotkeys is None:
            self._hotkeys = HotkeyDesk(self._window, self._settings, self._runner, self._notices)
            self.replaced.connect(self._hotkeys.listen)
        return self._hotkeys

    def close(self, limit: float) -> bool:
        """Hear no keys any more; False where that takes longer than `limit` seconds."""
        self._later.stop()
        return self._hotkeys is None or self._hotkeys.close(limit)

    def show_window(self) -> None:
        """Bring the window to the front, as large as it was."""
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()

    def show_state(self, shown: Shown, is_running: bool) -> None:
        """Colour the icon."""
        self.tray.show_state(shown.mood, shown.headline, is_running)

    def show_appearance(self) -> None:
        """Draw the window as chosen, or as the desktop is."""
        chosen = self._settings.config.window
        theme = chosen_theme(chosen.appearance)
        QApplication.setPalette(palette(theme))
        self._window.setStyleSheet(style_sheet(theme))
        self._window.menu.show_settings(chosen.appearance, chosen.language, chosen.minimised)

    def _replace(self, has_changed: bool) -> None:
        if has_changed:
            self.replaced.emit()

    def _on_appearance_chosen(self, appearance: str) -> None:
        self._settings.change("window", appearance=appearance)
        self.show_appearance()

    def _join_welcome(self) -> None:
        window, welcome = self._window, self._window.welcome
        welcome.hear_asked.connect(lambda: window.voices.preview_asked.emit(window.voices.chosen or ""))
        welcome.start_asked.connect(window.transport.start.click)
        welcome.virtual_asked.connect(window.sound.virtual.click)
        welcome.calibrate_asked.connect(window.trials.calibrate.click)
        welcome.input.device_chosen.connect(window.input.choose)
        window.input.device_chosen.connect(welcome.input.choose)
