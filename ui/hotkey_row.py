"""One action with its keys."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QToolButton, QWidget

from ui.key_field import KeyField
from ui.language import translate
from ui.parts import label

FIELD_WIDTH = 200


class HotkeyRow(QWidget):
    """What is done, the field with the keys, and below it what is wrong with them.

    Signals: `keys_chosen(str)`, empty for none; `recording(bool)`, whether the field waits for keys.
    """

    keys_chosen = Signal(str)
    recording = Signal(bool)

    def __init__(self, words: str) -> None:
        super().__init__()
        self.field = KeyField(words)
        self.field.setFixedWidth(FIELD_WIDTH)
        self.field.keys_chosen.connect(self.keys_chosen)
        self.field.recording.connect(self.recording)
        self.clear = QToolButton()
        self.clear.setText("×")
        self.clear.setObjectName("small")
        self.clear.setToolTip(translate("rtvc", "No keys"))
        self.clear.setAccessibleName(translate("rtvc", "No keys"))
        self.clear.clicked.connect(lambda: self.field.choose(""))
        self.fault = label(role="warning")
        self.fault.setWordWrap(True)
        self.fault.hide()
        name = label(words)
        name.setBuddy(self.field)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(0, 1)
        grid.addWidget(name, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.clear, 0, 2)
        grid.addWidget(self.fault, 1, 0, 1, 3)

    def show_keys(self, keys: str) -> None:
        """Show a combination, empty for none."""
        self.field.show_keys(keys)
        self.clear.setEnabled(bool(keys))

    def show_fault(self, words: str) -> None:
        """Say what is wrong with the keys, nothing for an empty sentence."""
        self.fault.setText(words)
        self.fault.setVisible(bool(words))
        self.field.setAccessibleDescription(words)
