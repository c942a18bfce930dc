"""A field that takes keys in place of letters."""

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from ui.language import translate

ALONE = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_unknown)
"""What is held beside a key, and is none itself."""
BESIDE = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.ShiftModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
EMPTYING = (Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class KeyField(QLineEdit):
    """Shows a combination of keys; with the focus on it the next one is taken, and Backspace takes none.

    Signals: `keys_chosen(str)`, as in "Ctrl+Shift+F9", empty for none; `recording(bool)`, whether it waits for keys.
    """

    keys_chosen = Signal(str)
    recording = Signal(bool)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.keys = ""
        self.setReadOnly(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAccessibleName(name)
        self._invite(False)

    def show_keys(self, keys: str) -> None:
        """Show a combination as this system writes it."""
        self.keys = keys
        shown = QKeySequence.fromString(keys, QKeySequence.SequenceFormat.PortableText)
        self.setText(shown.toString(QKeySequence.SequenceFormat.NativeText) or keys)

    def choose(self, keys: str) -> None:
        """Take a combination."""
        if keys != self.keys:
            self.show_keys(keys)
            self.keys_chosen.emit(keys)

    def event(self, event: QEvent) -> bool:
        """Keep shortcuts of the window from taking what is meant for the field."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what is pressed; Escape alone is for the dialog."""
        key, beside = Qt.Key(event.key()), event.modifiers() & BESIDE
        if key in ALONE or event.isAutoRepeat():
            return
        if not beside and key == Qt.Key.Key_Escape:
            event.ignore()
        elif not beside and key in EMPTYING:
            self.choose("")
        else:
            pad = event.modifiers() & Qt.KeyboardModifier.KeypadModifier
            taken = QKeySequence(QKeyCombination(beside | pad, key))
            self.choose(taken.toString(QKeySequence.SequenceFormat.PortableText))

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Wait for keys."""
        super().focusInEvent(event)
        self._invite(True)
        self.recording.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Wait no more."""
        super().focusOutEvent(event)
        self._invite(False)
        self.recording.emit(False)

    def _invite(self, is_waiting: bool) -> None:
        self.setPlaceholderText(translate("rtvc", "Press the keys …") if is_waiting else translate("rtvc", "none"))
