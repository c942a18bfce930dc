"""Which keys work while another program is in front."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from rtvc.hotkeys.bindings import ACTIONS
from ui.hotkey_row import HotkeyRow
from ui.hotkey_words import action_words
from ui.language import marked, translate
from ui.parts import label
from ui.value_switch import Toggle

TITLE = marked("rtvc", "Keys that work everywhere")
SIZE = (560, 680)
TOGGLE_HEIGHT = 28  # the ring of its focus included


class HotkeyDialog(QDialog):
    """A switch for all keys, a row for each action, and a word where the desktop does not allow it.

    Signals: `enabled_chosen(bool)`; `keys_chosen(str, str)`, an action and its keys, empty for none;
    `recording(bool)`, whether one of the fields waits for keys.
    """

    enabled_chosen = Signal(bool)
    keys_chosen = Signal(str, str)
    recording = Signal(bool)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(translate("rtvc", TITLE))
        self.resize(*SIZE)
        self.toggle = Toggle(translate("rtvc", "&Use these keys while another program is in front"))
        self.toggle.setMinimumHeight(TOGGLE_HEIGHT)
        self.toggle.clicked.connect(self.enabled_chosen)
        self.notice = label(role="warning")
        self.notice.setWordWrap(True)
        self.rows = {action: HotkeyRow(action_words(action)) for action in ACTIONS}
        for action, row in self.rows.items():
            row.keys_chosen.connect(lambda keys, action=action: self.keys_chosen.emit(action, keys))
            row.recording.connect(self.recording)
        self.done_button = QPushButton(translate("rtvc", "&Done"))
        self.done_button.setObjectName("primary")
        self.done_button.setAutoDefault(False)
        self.done_button.clicked.connect(self.close)
        self._arrange()

    def show_settings(self, is_enabled: bool, keys: Mapping[str, str]) -> None:
        """Show what is chosen."""
        self.toggle.setChecked(is_enabled)
        for action, row in self.rows.items():
            row.show_keys(keys.get(action, ""))

    def show_faults(self, notice: str, is_possible: bool, faults: Mapping[str, str]) -> None:
        """Say why nothing can be heard, whether the switch may be turned on, and what is wrong with which keys."""
        self.notice.setText(notice)
        self.notice.setVisible(bool(notice))
        self.toggle.setEnabled(is_possible or self.toggle.isChecked())
        for action, row in self.rows.items():
            row.show_fault(faults.get(action, ""))

    def hideEvent(self, event: QHideEvent) -> None:
        """Wait for keys no more."""
        super().hideEvent(event)
        self.recording.emit(False)

    def _arrange(self) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(8)
        for row in self.rows.values():
            column.addWidget(row)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(holder)
        foot = QHBoxLayout()
        foot.addWidget(
            label(translate("rtvc", "Click a field and press the keys; Backspace takes them away."), "small"), 1
        )
        foot.addWidget(self.done_button)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 20, 24, 20)
        page.setSpacing(12)
        page.addWidget(self.toggle)
        page.addWidget(self.notice)
        page.addWidget(area, 1)
        page.addLayout(foot)
