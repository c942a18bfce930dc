"""The card of the voices: a search, the list, and what can be done with them."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QToolButton

from ui.language import translate
from ui.notice_bar import NoticeBar
from ui.parts import Card
from ui.voice_list import VoiceItem, VoiceList


class VoicePanel(Card):
    """Search, add, change, go back to the voice before; the list itself is `voices`.

    Signals: `import_asked`, `making_asked` and `reading_asked` from the menu of what can be added; `back_asked`;
    `references_asked(str)` for a voice; besides those of the list and of `notice`.
    """

    import_asked = Signal()
    making_asked = Signal()
    reading_asked = Signal()
    back_asked = Signal()
    references_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(translate("rtvc", "&Voice"))
        self.column.setContentsMargins(8, 12, 8, 8)
        self.title.setContentsMargins(8, 0, 0, 0)
        self.voices = VoiceList()
        self.notice = NoticeBar()
        self.search = SearchLine()
        self.search.textChanged.connect(self.voices.seek)
        self.search.left_down.connect(self.voices.setFocus)
        self.back = _button(
            "⇄",
            translate("rtvc", "Back to the voice before, and again to this one (Ctrl+B)"),
            translate("rtvc", "Voice before"),
        )
        keys = QAction(self, shortcut=QKeySequence("Ctrl+B"))
        keys.triggered.connect(self.back.click)  # a button's own keys wait a moment
        self.addAction(keys)
        self.back.setEnabled(False)
        self.back.clicked.connect(self.back_asked)
        self.add = self._add_button()
        self.title.setBuddy(self.voices)
        self.add_beside_title(self.back)
        self.add_beside_title(self.add)
        self.column.addWidget(self.search)
        self.column.addWidget(self.voices, 1)
        self.column.addWidget(self.notice)
        self.voices.menu_asked.connect(self._show_menu)

    def menu_of(self, voice: VoiceItem) -> QMenu:
        """Return the menu of what can be done with a voice."""
        menu, voices = QMenu(self), self.voices
        if not voice.fault:
            menu.addAction(translate("rtvc", "&Hear it\tSpace")).triggered.connect(
                lambda: voices.preview_asked.emit(voice.name)
            )
        if voice.takes_references:
            clips = menu.addAction(translate("rtvc", "R&eferences of its speaker …"))
            clips.triggered.connect(lambda: self.references_asked.emit(voice.name))
        if voice.is_own:
            menu.addAction(translate("rtvc", "Re&name\tF2")).triggered.connect(lambda: voices.begin_rename(voice.name))
            menu.addAction(translate("rtvc", "&Remove\tDel")).triggered.connect(
                lambda: voices.remove_asked.emit(voice.name)
            )
        return menu

    def _show_menu(self, name: str, place: QPoint) -> None:
        voice = self.voices.item(name)
        if voice is not None:
            menu = self.menu_of(voice)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

    def _add_button(self) -> QPushButton:
        button = QPushButton(translate("rtvc", "Add"))
        button.setObjectName("add")
        button.setFlat(True)
        button.setToolTip(translate("rtvc", "Import a voice, or make one of recordings"))
        menu = QMenu(button)
        entries = (
            (translate("rtvc", "&Import a GPT-SoVITS voice …"), "Ctrl+O", self.import_asked),
            (translate("rtvc", "&Make a voice of recordings …"), "Ctrl+N", self.making_asked),
            (translate("rtvc", "&Read sentences for a voice …"), "Ctrl+R", self.reading_asked),
        )
        for words, keys, signal in entries:
            entry = menu.addAction(words)
            entry.setShortcut(QKeySequence(keys))
            entry.triggered.connect(lambda _=False, signal=signal: signal.emit())
            self.addAction(entry)  # its keys work while the menu is closed
        button.setMenu(menu)
        return button


class SearchLine(QLineEdit):
    """What to look for among the voices.

    Signals: `left_down` when the list is wanted; besides those of QLineEdit.
    """

    left_down = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText(translate("rtvc", "Search voices (Ctrl+F)"))
        self.setAccessibleName(translate("rtvc", "Search voices"))
        self.setClearButtonEnabled(True)
        focus = QAction(self)
        focus.setShortcut(QKeySequence("Ctrl+F"))
        focus.triggered.connect(self.setFocus)
        self.addAction(focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave downwards into the list; Escape forgets what was typed."""
        if event.key() == Qt.Key.Key_Down:
            self.left_down.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)


def _button(words: str, help: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setText(words)
    button.setObjectName("small")
    button.setToolTip(help)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
