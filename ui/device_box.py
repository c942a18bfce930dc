"""The choice of a sound device by the name that the sound server gives it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel

from rtvc.devices import recording_of
from ui.choice_box import ChoiceBox
from ui.language import marked, translate
from ui.two_lines import DETAIL

NAME = Qt.ItemDataRole.UserRole
FEWEST_LETTERS = 12
FILE = "file"
"""In place of a name: what is chosen is to be asked for."""
ABSENT, NONE_FOUND = marked("rtvc", "not connected"), marked("rtvc", "none found")


@dataclass(frozen=True)
class DeviceItem:
    """What the box shows of one device: `name` exactly as the server has it, `title` as people know it."""

    name: str
    title: str
    is_default: bool = False


class DeviceBox(ChoiceBox):
    """Devices by name, the system's default first; a chosen one that is absent stays chosen and says so.

    A recording, named by its whole path, may take a device's place.

    Signals: `device_chosen(object)`, a name or None for the system's default, when the choice changes; `file_asked`,
    when a recording is to be chosen.
    """

    device_chosen = Signal(object)
    file_asked = Signal()

    def __init__(self, name: str, none: str = "", file: str = "") -> None:
        """`none` is what no choice is called where that means no device, not the system's default.

        `file` is what the last row is called where recordings may be chosen too.
        """
        super().__init__(name)
        self._none, self._file = none, file
        self._chosen: str | None = None
        self._devices: tuple[DeviceItem, ...] | None = None
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setMinimumContentsLength(FEWEST_LETTERS)
        self.currentIndexChanged.connect(self._on_index_changed)
        self._fill()

    @property
    def chosen(self) -> str | None:
        """The chosen device's name, None for the system's default."""
        return self._chosen

    @property
    def absence(self) -> str:
        """A sentence that the chosen device, or any default, is known to be absent; empty where it is not."""
        recording = recording_of(self._chosen)
        if recording is not None:
            return "" if recording.is_file() else translate("rtvc", "{path} is not there").format(path=recording)
        if self._devices is None:
            return ""
        kind = self.accessibleName().lower()
        if self._chosen is None:
            return (
                ""
                if self._none or any(one.is_default for one in self._devices)
                else translate("rtvc", "no {kind} is connected").format(kind=kind)
            )
        return (
            ""
            if any(one.name == self._chosen for one in self._devices)
            else translate("rtvc", "{kind} {name} is {absent}").format(
                kind=kind, name=self._chosen, absent=translate("rtvc", ABSENT)
            )
        )

    def show_devices(self, devices: Iterable[DeviceItem]) -> None:
        """Replace the list; the choice stays."""
        found = tuple(devices)
        if found != self._devices:
            self._devices = found
            self._fill()

    def choose(self, name: str | None) -> None:
        """Choose a device, there or not."""
        if name != self._chosen:
            self._chosen = name
            self._fill()
            self.device_chosen.emit(name)

    def _fill(self) -> None:
        devices = self._devices or ()
        first = _item(self._none, None, "") if self._none else _default_item(devices, self._devices is not None)
        rows = [first, *(_device_item(one) for one in devices)]
        if self._chosen is not None and all(one.name != self._chosen for one in devices):
            recording = recording_of(self._chosen)
            is_known = self._devices is not None
            rows.append(_absent_item(self._chosen, is_known) if recording is None else _recording_item(recording))
        if self._file:
            rows.append(_item(self._file, FILE, translate("rtvc", "A recording, heard in the microphone's place")))
        with QSignalBlocker(self):
            self._items.clear()
            for row in rows:
                self._items.appendRow(row)
            self.setCurrentIndex(max(self.findData(self._chosen, NAME), 0) if self._chosen is not None else 0)
        self.view().setMinimumWidth(min(self.view().sizeHintForColumn(0) + 24, 640))
        self._show_state()

    def _show_state(self) -> None:
        self.setToolTip(self.currentData(Qt.ItemDataRole.ToolTipRole) or "")
        self.setAccessibleDescription(self.currentText())
        state = "missing" if self.absence else ""
        if self.property("state") != state:
            self.setProperty("state", state)
            self.style().unpolish(self)
            self.style().polish(self)

    def _on_index_changed(self, row: int) -> None:
        name = self.itemData(row, NAME)
        if name == FILE:
            self._fill()
            self.file_asked.emit()
        elif row >= 0 and name != self._chosen:
            self._chosen = name
            self._fill()
            self.device_chosen.emit(name)


def _default_item(devices: tuple[DeviceItem, ...], listed: bool) -> QStandardItem:
    default = next((one for one in devices if one.is_default), None)
    words = (
        default.title
        if default
        else translate("rtvc", NONE_FOUND)
        if listed
        else translate("rtvc", "looking for devices …")
    )
    return _item(
        translate("rtvc", "System default – {words}").format(words=words),
        None,
        default.name if default else translate("rtvc", "Follows the sound settings"),
    )


def _device_item(device: DeviceItem) -> QStandardItem:
    return _item(
        translate("rtvc", "{device} (default)").format(device=device.title) if device.is_default else device.title,
        device.name,
        device.name,
    )


def _absent_item(name: str, listed: bool) -> QStandardItem:
    return _item(
        f"{name} – {translate('rtvc', ABSENT)}" if listed else name,
        name,
        translate("rtvc", "Chosen; used as soon as it is back"),
    )


def _recording_item(path: Path) -> QStandardItem:
    return _item(path.name, str(path), str(path.parent))


def _item(text: str, name: str | None, detail: str) -> QStandardItem:
    item = QStandardItem(text)
    item.setData(name, NAME)
    item.setData(detail, DETAIL)
    item.setToolTip(f"{text}\n{detail}".strip())
    item.setData(", ".join(filter(None, (text, detail))), Qt.ItemDataRole.AccessibleTextRole)
    return item
