"""Small pieces that every part of the window is made of."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget


def label(words: str = "", role: str = "") -> QLabel:
    """Return a label; `role` is one of the style sheet's: title, muted, small, figure, state."""
    made = QLabel(words)
    if role:
        made.setProperty("role", role)
    return made


class Card(QFrame):
    """A framed group with its title; what belongs in it goes into `column`.

    Signals: none.
    """

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setObjectName("card")
        self.title = label(title, "title")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 14)
        self.column.setSpacing(8)
        self._top = QHBoxLayout()
        self._top.addWidget(self.title, 1)
        self.column.addLayout(self._top)

    def add_beside_title(self, widget: QWidget) -> None:
        """Put a widget at the title's right."""
        self._top.addWidget(widget)
