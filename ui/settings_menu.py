"""The menu of what concerns the program as a whole."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QToolButton

from ui.language import Language, marked, translate
from ui.theme import Appearance

CHOICES: dict[Appearance, str] = {
    "system": marked("rtvc", "As the &desktop"),
    "light": marked("rtvc", "&Light"),
    "dark": marked("rtvc", "Dar&k"),
}
LANGUAGES: dict[Language, str] = {"system": marked("rtvc", "&System default"), "en": "&English", "zh": "&中文"}
CONTROL_HELP = marked(
    "rtvc",
    "A Stream Deck, scripts of yours and “rtvc ctl” may start, stop, mute and change voices. Only programs that run "
    "under your own name on this computer can.",
)


class SettingsMenu(QToolButton):
    """A button with a menu: appearance, language, undo, reset, who else may drive it, how it starts.

    Signals: `appearance_chosen(str)`, one of "system", "light" and "dark"; `language_chosen(str)`, one of
    "system", "en" and "zh"; `undo_asked`, `reset_asked`, `hotkeys_asked`, `welcome_asked`; `minimised_chosen(bool)`,
    `autostart_chosen(bool)`, `control_chosen(bool)`; `opening`, when the menu is about to be seen.
    """

    appearance_chosen = Signal(str)
    language_chosen = Signal(str)
    undo_asked = Signal()
    reset_asked = Signal()
    welcome_asked = Signal()
    minimised_chosen = Signal(bool)
    autostart_chosen = Signal(bool)
    control_chosen = Signal(bool)
    hotkeys_asked = Signal()
    opening = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setText("☰")
        self.setToolTip(translate("rtvc", "Settings"))
        self.setAccessibleName(translate("rtvc", "Settings"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._group = QActionGroup(self)
        self.actions_by_choice = {choice: self._choice(choice, words) for choice, words in CHOICES.items()}
        self._menu.addSeparator()
        self.languages = self._language_menu()
        self._menu.addSeparator()
        self.undo = self._menu.addAction(translate("rtvc", "&Undo the last change of settings"))
        self.undo.setShortcut(QKeySequence.StandardKey.Undo)
        self.undo.setEnabled(False)
        self.undo.triggered.connect(self.undo_asked)
        self.addAction(self.undo)  # its keys work while the menu is closed
        self.reset = self._menu.addAction(translate("rtvc", "&Reset all settings"))
        self.reset.triggered.connect(self.reset_asked)
        self._menu.addSeparator()
        self.hotkeys = self._menu.addAction(translate("rtvc", "Keys that work every&where …"))
        self.hotkeys.triggered.connect(self.hotkeys_asked)
        self.control = self._menu.addAction(translate("rtvc", "Let &other programs drive rtvc"))
        self.control.setToolTip(translate("rtvc", CONTROL_HELP))
        self.control.setCheckable(True)
        self.control.triggered.connect(self.control_chosen)
        self._menu.addSeparator()
        self.autostart = self._menu.addAction(translate("rtvc", "Start when I log &in"))
        self.autostart.setCheckable(True)
        self.autostart.triggered.connect(self.autostart_chosen)
        self.minimised = self._menu.addAction(translate("rtvc", "Start &minimised"))
        self.minimised.setCheckable(True)
        self.minimised.triggered.connect(self.minimised_chosen)
        self.welcome = self._menu.addAction(translate("rtvc", "&First steps …"))
        self.welcome.triggered.connect(self.welcome_asked)
        self._menu.aboutToShow.connect(self.opening)
        self.setMenu(self._menu)

    def show_settings(self, appearance: Appearance, language: Language, minimised: bool) -> None:
        """Tick what is in use."""
        self.actions_by_choice[appearance].setChecked(True)
        self.languages[language].setChecked(True)
        self.minimised.setChecked(minimised)

    def show_autostart(self, is_on: bool) -> None:
        """Tick whether the system starts the program."""
        self.autostart.setChecked(is_on)

    def show_control(self, is_on: bool) -> None:
        """Tick whether other programs may drive this one."""
        self.control.setChecked(is_on)

    def _choice(self, choice: Appearance, words: str) -> QAction:
        action = self._menu.addAction(translate("rtvc", words))
        action.setCheckable(True)
        self._group.addAction(action)
        action.triggered.connect(lambda: self.appearance_chosen.emit(choice))
        return action

    def _language_menu(self) -> dict[Language, QAction]:
        menu, group = self._menu.addMenu(translate("rtvc", "Lan&guage")), QActionGroup(self)
        found = {}
        for language, words in LANGUAGES.items():
            action = found[language] = menu.addAction(translate("rtvc", words))
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, language=language: self.language_chosen.emit(language))
        menu.addSeparator()
        menu.addAction(translate("rtvc", "Takes effect at the next start")).setEnabled(False)
        return found
