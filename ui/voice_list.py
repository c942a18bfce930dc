"""The voices to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView

from ui.two_lines import BADGE, DETAIL, TwoLines

NAME = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class VoiceItem:
    """What the list shows of one voice; `fault` says why it cannot be chosen."""

    name: str
    title: str
    detail: str = ""
    notice: str = ""
    fault: str = ""


class VoiceList(QListView):
    """Two lines a voice; the one that speaks is selected. `emptiness` is shown where there is none.

    Signals: `voice_chosen(str)`, a voice's name, when another one is selected.
    """

    voice_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._items = QStandardItemModel(self)
        self._chosen: str | None = None
        self.emptiness = ""
        self.setModel(self._items)
        self.setItemDelegate(TwoLines(self))
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Voice")
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    @property
    def chosen(self) -> str | None:
        """The selected voice's name."""
        return self._chosen

    def show_voices(self, voices: Iterable[VoiceItem]) -> None:
        """Replace the list; the chosen voice stays chosen where it is still there."""
        kept, self._chosen = self._chosen, None
        self._items.clear()
        for voice in voices:
            self._items.appendRow(_item(voice))
        if kept is not None:
            self.choose(kept)

    def choose(self, name: str) -> None:
        """Select a voice by its name; an unknown or faulty one selects nothing."""
        for row in range(self._items.rowCount()):
            item = self._items.item(row)
            if item.data(NAME) == name and item.isEnabled():
                self.setCurrentIndex(item.index())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the voices, or what to do where there are none."""
        super().paintEvent(event)
        if self.emptiness and self._items.rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            area = self.viewport().rect().adjusted(8, 4, -8, -4)
            flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(area, flags, self.emptiness)
            painter.end()

    def _on_current_changed(self, current: QModelIndex) -> None:
        name = current.data(NAME)
        if name is not None and name != self._chosen:
            self._chosen = name
            self.voice_chosen.emit(name)


def _item(voice: VoiceItem) -> QStandardItem:
    item = QStandardItem(voice.title)
    item.setData(voice.name, NAME)
    item.setData(voice.fault or voice.detail, DETAIL)
    item.setData("!" if voice.fault else voice.title[:1].upper(), BADGE)
    item.setToolTip(voice.fault or voice.notice)
    item.setData(f"{voice.title}, {voice.fault or voice.detail}", Qt.ItemDataRole.AccessibleTextRole)
    item.setEnabled(not voice.fault)
    return item
