"""The voices to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import QAbstractItemView, QListView

from ui.language import translate
from ui.two_lines import BADGE, DETAIL
from ui.voice_card import CAN_HEAR, HEARD, NAME, QUALITY, VoiceCard, play_place

SOUGHT = Qt.ItemDataRole.UserRole + 9  # str: what a search looks through


@dataclass(frozen=True)
class VoiceItem:
    """What the list shows of one voice; `fault` says why it cannot be chosen, `is_own` whether the user may change it.

    `takes_references` is whether it can hear recordings of its speaker.
    """

    name: str
    title: str
    detail: str = ""
    notice: str = ""
    fault: str = ""
    quality: str = ""
    is_own: bool = False
    takes_references: bool = False


class VoiceList(QListView):
    """A card for each voice; the one that speaks is selected. `emptiness` is shown where there is none.

    Signals: `voice_chosen(str)`, a voice's name, when another one is selected; `preview_asked(str)`;
    `rename_asked(str, str)`, its name and the new one; `remove_asked(str)`; `menu_asked(str, QPoint)`, a voice's name
    and where on the screen.
    """

    voice_chosen = Signal(str)
    preview_asked = Signal(str)
    rename_asked = Signal(str, str)
    remove_asked = Signal(str)
    menu_asked = Signal(str, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self._items = QStandardItemModel(self)
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self._items)
        self._found.setFilterRole(SOUGHT)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._voices: dict[str, VoiceItem] = {}
        self._chosen: str | None = None
        self._heard = ""
        self._is_seeking = False
        self.emptiness = ""
        self._card = VoiceCard(self)
        self.setModel(self._found)
        self.setItemDelegate(self._card)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(translate("rtvc", "Voice"))
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self._card.renamed.connect(self.rename_asked)

    @property
    def chosen(self) -> str | None:
        """The selected voice's name."""
        return self._chosen

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all voices, seen or not."""
        return tuple(self._voices)

    def item(self, name: str | None) -> VoiceItem | None:
        """Return what is shown of a voice, None for an unknown one."""
        return self._voices.get(name or "")

    def show_voices(self, voices: Iterable[VoiceItem]) -> None:
        """Replace the list; the chosen voice stays chosen where it is still there."""
        kept, self._chosen = self._chosen, None
        self._voices = {voice.name: voice for voice in voices}
        self._items.clear()
        for voice in self._voices.values():
            self._items.appendRow(_row(voice))
        self.show_heard(self._heard)
        if kept is not None:
            self.choose(kept)

    def choose(self, name: str) -> None:
        """Select a voice by its name; an unknown or faulty one selects nothing."""
        for row in range(self._items.rowCount()):
            item = self._items.item(row)
            if item.data(NAME) == name and item.isEnabled():
                shown = self._found.mapFromSource(item.index())
                if shown.isValid():
                    self.setCurrentIndex(shown)
                else:
                    self._take(name)

    def seek(self, words: str) -> None:
        """Show only the voices that have these words; the chosen one stays chosen, seen or not."""
        self._is_seeking = True
        self._found.setFilterFixedString(words.strip())
        self._is_seeking = False
        self.selectionModel().clear()
        if self._chosen is not None:
            self.choose(self._chosen)

    def show_heard(self, name: str) -> None:
        """Mark the voice that is being played, none for an empty name."""
        self._heard = name
        for row in range(self._items.rowCount()):
            item = self._items.item(row)
            item.setData(item.data(NAME) == name, HEARD)

    def begin_rename(self, name: str) -> None:
        """Let the user type another name for a voice."""
        for row in range(self._found.rowCount()):
            if self._found.index(row, 0).data(NAME) == name:
                self.edit(self._found.index(row, 0))

    def name_at(self, place: QPoint) -> str:
        """Return the voice at a place of the list, empty where there is none."""
        return str(self.indexAt(self.viewport().mapFrom(self, place)).data(NAME) or "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Play a voice whose button is hit, without choosing it."""
        place = event.position()
        index = self.indexAt(place.toPoint())
        if index.data(CAN_HEAR) and play_place(self.visualRect(index)).adjusted(-4, -8, 4, 8).contains(place):
            self.preview_asked.emit(index.data(NAME))
            return
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Play the chosen voice with Space, remove it with Delete."""
        voice = self.item(self._chosen)
        if event.key() == Qt.Key.Key_Space and voice is not None:
            self.preview_asked.emit(voice.name)
        elif event.key() == Qt.Key.Key_Delete and voice is not None and voice.is_own:
            self.remove_asked.emit(voice.name)
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the voice under the pointer, or of the chosen one."""
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_mouse else self.currentIndex()
        if index.isValid():
            place = event.pos() if by_mouse else self.visualRect(index).center()
            self.menu_asked.emit(index.data(NAME), self.viewport().mapToGlobal(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the voices, or what to do where there are none."""
        super().paintEvent(event)
        words = self.emptiness if self._items.rowCount() == 0 else translate("rtvc", "No voice has that in its name.")
        if words and self._found.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            area = self.viewport().rect().adjusted(8, 4, -8, -4)
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(area, flags, words)
            painter.end()

    def _on_current_changed(self, current: QModelIndex) -> None:
        name = current.data(NAME)
        if name is not None and not self._is_seeking:
            self._take(name)

    def _take(self, name: str) -> None:
        if name != self._chosen:
            self._chosen = name
            self.voice_chosen.emit(name)


def _row(voice: VoiceItem) -> QStandardItem:
    item = QStandardItem(voice.title)
    told = [voice.title, *filter(None, (voice.quality, voice.fault or voice.detail))]
    item.setData(voice.name, NAME)
    item.setData(voice.quality, QUALITY)
    item.setData(voice.fault or voice.detail, DETAIL)
    item.setData("!" if voice.fault else voice.title[:1].upper(), BADGE)
    item.setData(not voice.fault, CAN_HEAR)
    item.setData(" ".join((voice.name, *told)), SOUGHT)
    item.setToolTip(voice.fault or voice.notice)
    item.setData(", ".join(told), Qt.ItemDataRole.AccessibleTextRole)
    item.setEnabled(not voice.fault)
    item.setEditable(voice.is_own)
    return item
