"""The menu of what concerns the program as a whole."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton

from ui.theme import Appearance

CHOICES: dict[Appearance, str] = {"system": "As the &desktop", "light": "&Light", "dark": "Dar&k"}


class SettingsMenu(QToolButton):
    """A button with a menu: appearance, undo, reset, how the program starts.

    Signals: `appearance_chosen(str)`, one of "system", "light" and "dark"; `undo_asked`, `reset_asked`,
    `welcome_asked`; `minimised_chosen(bool)`.
    """

    appearance_chosen = Signal(str)
    undo_asked = Signal()
    reset_asked = Signal()
    welcome_asked = Signal()
    minimised_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setText("☰")
        self.setToolTip("Settings")
        self.setAccessibleName("Settings")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self.actions_by_choice = {choice: self._choice(choice, words) for choice, words in CHOICES.items()}
        self._menu.addSeparator()
        self.undo = self._menu.addAction("&Undo the last change of settings")
        self.undo.setShortcut(QKeySequence.StandardKey.Undo)
        self.undo.setEnabled(False)
        self.undo.triggered.connect(self.undo_asked)
        self.addAction(self.undo)  # its keys work while the menu is closed
        self.reset = self._menu.addAction("&Reset all settings")
        self.reset.triggered.connect(self.reset_asked)
        self._menu.addSeparator()
        self.minimised = self._menu.addAction("Start &minimised")
        self.minimised.setCheckable(True)
        self.minimised.triggered.connect(self.minimised_chosen)
        self.welcome = self._menu.addAction("&First steps …")
        self.welcome.triggered.connect(self.welcome_asked)
        self.setMenu(self._menu)

    def show_settings(self, appearance: Appearance, minimised: bool) -> None:
        """Tick what is in use."""
        self.actions_by_choice[appearance].setChecked(True)
        self.minimised.setChecked(minimised)

    def _choice(self, choice: Appearance, words: str) -> QAction:
        action = self._menu.addAction(words)
        action.setCheckable(True)
        self._group.addAction(action)
        action.triggered.connect(lambda: self.appearance_chosen.emit(choice))
        return action
