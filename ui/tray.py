"""The program beside the clock: its state as a colour, and what is done most."""

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from ui.language import translate
from ui.state_line import Mood, mood_colour
from ui.theme import LIGHT

SIDE = 64  # pixels
WAVE = (0.22, 0.44, 0.7, 0.44, 0.22)
"""Heights of the bars in the icon, as shares of its side."""


class Tray(QObject):
    """An icon with a menu, where the desktop has a place for it.

    Signals: `show_asked`, `start_asked`, `stop_asked`, `mute_chosen(bool)`, `passthrough_chosen(bool)`, `quit_asked`.
    """

    show_asked = Signal()
    start_asked = Signal()
    stop_asked = Signal()
    mute_chosen = Signal(bool)
    passthrough_chosen = Signal(bool)
    quit_asked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._shown: tuple[Mood, str] | None = None
        self._is_running = False
        self.menu = QMenu()
        self.window_action = self.menu.addAction(translate("rtvc", "&Show the window"))
        self.window_action.triggered.connect(self._on_show_asked)
        self.menu.addSeparator()
        self.run_action = self.menu.addAction(translate("rtvc", "S&tart"))
        self.run_action.triggered.connect(self._on_run_asked)
        self.mute, self.passthrough = (
            self.menu.addAction(words) for words in (translate("rtvc", "&Mute"), translate("rtvc", "&Pass-through"))
        )
        for action, signal in ((self.mute, self.mute_chosen), (self.passthrough, self.passthrough_chosen)):
            action.setCheckable(True)
            action.triggered.connect(signal)
        self.menu.addSeparator()
        self.quit_action = self.menu.addAction(translate("rtvc", "&Quit"))
        self.quit_action.triggered.connect(self._on_quit_asked)
        self.icon = QSystemTrayIcon(state_icon(Mood.IDLE), self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)

    @property
    def is_there(self) -> bool:
        """Whether the desktop shows it."""
        return self.icon.isVisible()

    def appear(self) -> None:
        """Show the icon where the desktop has a place for it."""
        if QSystemTrayIcon.isSystemTrayAvailable():
            self.icon.show()

    def show_state(self, mood: Mood, words: str, is_running: bool) -> None:
        """Colour the icon, and offer Stop while something runs."""
        if (mood, words) != self._shown:
            self._shown = (mood, words)
            self.icon.setIcon(state_icon(mood))
            self.icon.setToolTip(f"rtvc – {words}")
        if is_running != self._is_running:
            self._is_running = is_running
            self.run_action.setText(translate("rtvc", "S&top") if is_running else translate("rtvc", "S&tart"))

    def _on_show_asked(self) -> None:
        self.show_asked.emit()

    def _on_quit_asked(self) -> None:
        self.quit_asked.emit()

    def _on_run_asked(self) -> None:
        (self.stop_asked if self._is_running else self.start_asked).emit()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.show_asked.emit()


def state_icon(mood: Mood) -> QIcon:
    """Return the program's icon in the colour of a state: five bars of a wave on a disc."""
    picture = QPixmap(SIDE, SIDE)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(mood_colour(LIGHT, mood)))
    painter.drawEllipse(QRectF(2, 2, SIDE - 4, SIDE - 4))
    painter.setBrush(QColor("white"))
    for place, share in enumerate(WAVE):
        height = share * (SIDE - 12)
        painter.drawRoundedRect(QRectF(12 + 8.6 * place, (SIDE - height) / 2, 5, height), 2.5, 2.5)
    painter.end()
    return QIcon(picture)
