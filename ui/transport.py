"""Start and stop, pass-through and mute."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.language import marked, translate

START, STOP = marked("rtvc", "&Start"), marked("rtvc", "&Stop")


class Transport(QWidget):
    """The buttons that act on the run as a whole.

    Signals: `start_asked`, `stop_asked`, `passthrough_chosen(bool)`, `mute_chosen(bool)`.
    """

    start_asked = Signal()
    stop_asked = Signal()
    passthrough_chosen = Signal(bool)
    mute_chosen = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._running = False
        self.passthrough = _switch(
            translate("rtvc", "&Pass-through"),
            translate("rtvc", "Let your own voice through unchanged, with the same delay."),
        )
        self.mute = _switch(translate("rtvc", "M&ute"), translate("rtvc", "Silence every output; the run goes on."))
        self.start = QPushButton(translate("rtvc", START))
        self.start.setObjectName("start")
        self.start.setDefault(True)
        self.start.setMinimumWidth(104)
        self.passthrough.toggled.connect(self.passthrough_chosen)
        self.mute.toggled.connect(self.mute_chosen)
        self.start.clicked.connect(self._on_start_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.passthrough, self.mute, self.start):
            row.addWidget(button)

    def show_running(self, running: bool) -> None:
        """Offer Stop while something runs, else Start."""
        if running == self._running:
            return
        self._running = running
        self.start.setText(translate("rtvc", STOP if running else START))
        self.start.setProperty("running", running)
        self.start.style().unpolish(self.start)
        self.start.style().polish(self.start)

    def _on_start_clicked(self) -> None:
        (self.stop_asked if self._running else self.start_asked).emit()


def _switch(words: str, help: str) -> QPushButton:
    button = QPushButton(words)
    button.setCheckable(True)
    button.setToolTip(help)
    return button
