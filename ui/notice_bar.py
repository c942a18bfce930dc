"""What goes on beside the voice: a sentence, how far it is, and one thing to do about it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.language import translate
from ui.parts import label

STEPS = 1000


class NoticeBar(QWidget):
    """Hidden while there is nothing to say; what is said stays until something else is, or it is closed.

    Signals: `action_asked`, and `closed` when the user has read it.
    """

    action_asked = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = label(role="small")
        self.words.setWordWrap(True)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.progress = QProgressBar()
        self.progress.setRange(0, STEPS)
        self.progress.setTextVisible(False)
        self.progress.setObjectName("thin")
        self.progress.setAccessibleName(translate("rtvc", "Progress"))
        self.action = QPushButton()
        self.action.setFlat(True)
        self.action.clicked.connect(self.action_asked)
        self.dismiss = QToolButton()
        self.dismiss.setText("×")
        self.dismiss.setObjectName("small")
        self.dismiss.setAccessibleName(translate("rtvc", "Close the notice"))
        self.dismiss.clicked.connect(self._on_dismissed)
        self._arrange()
        self.hide()

    def say(self, words: str, action: str = "", part: float | None = None, mood: str = "") -> None:
        """Show a sentence, with a button where there is something to do, and a bar where something goes on."""
        self.words.setText(words)
        self.words.setToolTip(words)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.progress.setVisible(part is not None)
        self.progress.setValue(round(STEPS * (part or 0.0)))
        self.dismiss.setVisible(part is None)
        if self.property("mood") != mood:
            self.setProperty("mood", mood)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setAccessibleName(words)
        self.show()

    def _on_dismissed(self) -> None:
        self.hide()
        self.closed.emit()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.words, 1)
        row.addWidget(self.action)
        row.addWidget(self.dismiss, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.progress)
