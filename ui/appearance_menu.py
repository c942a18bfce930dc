"""The menu that chooses between light and dark."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton

from ui.theme import Appearance

CHOICES: dict[Appearance, str] = {"system": "As the &desktop", "light": "&Light", "dark": "Dar&k"}


class AppearanceMenu(QToolButton):
    """A button with a menu of the window's appearances.

    Signals: `appearance_chosen(str)`, one of "system", "light" and "dark".
    """

    appearance_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setText("◐")
        self.setToolTip("Light or dark")
        self.setAccessibleName("Appearance")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._group = QActionGroup(self)
        self.actions_by_choice = {choice: self._added(choice, words) for choice, words in CHOICES.items()}
        self.setMenu(self._menu)

    def show_appearance(self, appearance: Appearance) -> None:
        """Tick the one that is in use."""
        self.actions_by_choice[appearance].setChecked(True)

    def _added(self, choice: Appearance, words: str) -> QAction:
        action = self._menu.addAction(words)
        action.setCheckable(True)
        self._group.addAction(action)
        action.triggered.connect(lambda: self.appearance_chosen.emit(choice))
        return action
