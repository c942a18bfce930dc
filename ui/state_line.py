"""What the program is doing, and what is wrong, in words."""

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.parts import label
from ui.theme import Theme, theme_of


class Mood(Enum):
    """How a state is to be taken; each has its own shape and colour."""

    IDLE = "idle"
    BUSY = "busy"
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"


SIDE = 22.0


class Sign(QWidget):
    """The mood as a shape: ring, dots, disc, triangle, square.

    Signals: none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mood = Mood.IDLE
        self.setFixedSize(int(SIDE) + 2, int(SIDE) + 2)

    def show_mood(self, mood: Mood) -> None:
        """Draw another shape."""
        if mood is not self.mood:
            self.mood = mood
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(1, 1)
        colour = QColor(mood_colour(theme_of(self.palette()), self.mood))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        DRAWN[self.mood](painter, colour, QColor(theme_of(self.palette()).card))
        painter.end()


def _draw_ring(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.setPen(QPen(colour, 2.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(4, 4, SIDE - 8, SIDE - 8))


def _draw_dots(painter: QPainter, colour: QColor, ground: QColor) -> None:
    for left in (2.0, 9.0, 16.0):
        painter.drawEllipse(QRectF(left, SIDE / 2 - 2.5, 5, 5))


def _draw_disc(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.drawEllipse(QRectF(2, 2, SIDE - 4, SIDE - 4))
    painter.setPen(QPen(ground, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF([QPointF(7, 11.4), QPointF(10, 14.4), QPointF(15.2, 8)]))


def _draw_triangle(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.drawPolygon(QPolygonF([QPointF(SIDE / 2, 1.5), QPointF(SIDE - 0.5, SIDE - 2), QPointF(0.5, SIDE - 2)]))
    painter.setPen(QPen(ground, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(SIDE / 2, 8.5), QPointF(SIDE / 2, 13))
    painter.drawPoint(QPointF(SIDE / 2, 16.8))


def _draw_cross(painter: QPainter, colour: QColor, ground: QColor) -> None:
    painter.drawRoundedRect(QRectF(2.5, 2.5, SIDE - 5, SIDE - 5), 4, 4)
    painter.setPen(QPen(ground, 2.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(8, 8), QPointF(14, 14))
    painter.drawLine(QPointF(14, 8), QPointF(8, 14))


DRAWN = {
    Mood.IDLE: _draw_ring,
    Mood.BUSY: _draw_dots,
    Mood.GOOD: _draw_disc,
    Mood.WARNING: _draw_triangle,
    Mood.ERROR: _draw_cross,
}


def mood_colour(theme: Theme, mood: Mood) -> str:
    """Return the colour of a mood."""
    return {
        Mood.IDLE: theme.muted,
        Mood.BUSY: theme.accent,
        Mood.GOOD: theme.good,
        Mood.WARNING: theme.warning,
        Mood.ERROR: theme.error,
    }[mood]


class StateLine(QWidget):
    """A sign, a headline and a sentence beneath.

    Signals: none; call `show_state`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sign = Sign()
        self.headline = label(role="state")
        self.sentence = label(role="muted")
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.headline)
        words.addWidget(self.sentence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.sign)
        row.addLayout(words, 1)

    @property
    def mood(self) -> Mood:
        """The mood that is shown."""
        return self.sign.mood

    def show_state(self, mood: Mood, headline: str, sentence: str = "") -> None:
        """Show another state; what stays the same is not redrawn."""
        self.sign.show_mood(mood)
        if (headline, sentence) == (self.headline.text(), self.sentence.text()):
            return
        self.headline.setText(headline)
        self.sentence.setText(sentence)
        self.sentence.setToolTip(sentence)
        self.setAccessibleName(f"{headline}. {sentence}".strip())
