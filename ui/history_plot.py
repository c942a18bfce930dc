"""The last two minutes of load and delay, as two lines."""

from collections import deque
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.language import translate
from ui.theme import theme_of
from ui.words import milliseconds

SPAN, EVERY = 120.0, 0.5  # seconds
FULL_LOAD = 1.0
LEAST_DELAY = 0.2  # seconds at the top of the plot
HEIGHT, LEGEND = 64, 16  # pixels


class Moment(NamedTuple):
    """What is known of one moment: its time in s, the load (1 is full), the delay in s, and whether a hop was late."""

    time: float
    load: float
    delay: float
    is_late: bool


class HistoryPlot(QWidget):
    """Load and delay of the last two minutes; a late hop is a mark beneath.

    Signals: none; call `add` and `clear`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.moments: deque[Moment] = deque(maxlen=round(SPAN / EVERY))
        self._late = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(translate("rtvc", "Load and delay of the last two minutes"))
        self.setToolTip(translate("rtvc", "Load and delay of the last two minutes; marks beneath are late hops."))

    def add(self, now: float, load: float, delay: float, late: int) -> None:
        """Take a moment, twice a second at most; `late` counts from the start of the run."""
        if self.moments and now - self.moments[-1].time < EVERY:
            return
        self.moments.append(Moment(now, load, delay, late > self._late))
        self._late = late
        self.update()

    def clear(self) -> None:
        """Forget everything: another run begins."""
        if self.moments:
            self.moments.clear()
            self.update()
        self._late = 0

    def sizeHint(self) -> QSize:
        """A low strip."""
        return QSize(240, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines, the newest moment at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, theme = self.palette(), theme_of(self.palette())
        field = QRectF(0, LEGEND, self.width(), self.height() - LEGEND - 3)
        painter.setPen(QPen(colours.color(QPalette.ColorRole.Mid), 1))
        for share in (0.0, 0.5, 1.0):
            painter.drawLine(QPointF(0, field.bottom() - share * field.height()), self._end(field, share))
        top = max((moment.delay for moment in self.moments), default=0.0)
        most = max(LEAST_DELAY, top)
        accent = colours.color(QPalette.ColorRole.Highlight)
        self._draw_line(painter, field, [(one.time, one.delay / most) for one in self.moments], QColor(theme.good))
        self._draw_line(painter, field, [(one.time, one.load / FULL_LOAD) for one in self.moments], accent)
        self._draw_late(painter, field, QColor(theme.error))
        self._draw_legend(painter, accent, QColor(theme.good))
        painter.end()

    def _end(self, field: QRectF, share: float) -> QPointF:
        return QPointF(field.right(), field.bottom() - share * field.height())

    def _x(self, field: QRectF, time: float) -> float:
        return field.right() - (self.moments[-1].time - time) / SPAN * field.width()

    def _draw_line(self, painter: QPainter, field: QRectF, points: list[tuple[float, float]], colour: QColor) -> None:
        painter.setPen(QPen(colour, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        drawn = [
            QPointF(self._x(field, time), field.bottom() - min(share, 1.0) * field.height()) for time, share in points
        ]
        painter.drawPolyline(QPolygonF(drawn))

    def _draw_late(self, painter: QPainter, field: QRectF, colour: QColor) -> None:
        painter.setPen(QPen(colour, 2))
        for moment in self.moments:
            if moment.is_late:
                x = self._x(field, moment.time)
                painter.drawLine(QPointF(x, field.bottom() - 6), QPointF(x, field.bottom() + 2))

    def _draw_legend(self, painter: QPainter, load: QColor, delay: QColor) -> None:
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(font)
        newest = self.moments[-1] if self.moments else None
        words = (
            (
                translate("rtvc", "Load {percent:.0f} %").format(percent=newest.load * 100)
                if newest
                else translate("rtvc", "Load"),
                load,
            ),
            (
                translate("rtvc", "Delay {words}").format(words=milliseconds(newest.delay))
                if newest
                else translate("rtvc", "Delay"),
                delay,
            ),
        )
        left = 0.0
        for text, colour in words:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(left, 4, 12, 4), 2, 2)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(QPointF(left + 18, 11), text)
            left += 18 + painter.fontMetrics().horizontalAdvance(text) + 20
