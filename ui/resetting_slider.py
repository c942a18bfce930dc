"""A slider that knows its way home."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

RESET_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
PAGE_STEPS = 10
GROOVE, RADIUS, MARK = 4.0, 7.0, 3.0  # pixels


class ResettingSlider(QSlider):
    """A horizontal slider that a double click or Delete sends home, and that turns with the wheel only in focus.

    `origin` is where the filled part begins and `home` the default, marked on the groove; both are positions.

    Signals: `reset_asked`.
    """

    reset_asked = Signal()

    def __init__(self, steps: int, origin: int, home: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._origin = origin
        self._home = home
        self._hovered = False
        self.setRange(0, steps)
        self.setPageStep(PAGE_STEPS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(22)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the default."""
        self.reset_asked.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the default on Delete or Backspace."""
        if event.key() in RESET_KEYS:
            self.reset_asked.emit()
            return
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls around the slider until the slider is chosen."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light the handle."""
        super().enterEvent(event)
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Dim the handle."""
        super().leaveEvent(event)
        self._hovered = False
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw groove, filled part, the default's mark and the handle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._draw_groove(painter)
        self._draw_handle(painter)
        painter.end()

    def _draw_groove(self, painter: QPainter) -> None:
        colours, middle = self.palette(), self.height() / 2
        painter.setBrush(colours.color(QPalette.ColorRole.Dark))
        left, right = self._place(0) - RADIUS, self._place(self.maximum()) + RADIUS
        painter.drawRoundedRect(QRectF(left, middle - GROOVE / 2, right - left, GROOVE), GROOVE / 2, GROOVE / 2)
        painter.drawRect(QRectF(self._place(self._home) - 1, middle - GROOVE / 2 - MARK, 2, GROOVE + 2 * MARK))
        start = left if self._origin == 0 else self._place(self._origin)
        left, right = sorted((start, self._place(self.value())))
        painter.setBrush(colours.color(self._fill_role()))
        painter.drawRoundedRect(QRectF(left, middle - GROOVE / 2, right - left, GROOVE), GROOVE / 2, GROOVE / 2)

    def _draw_handle(self, painter: QPainter) -> None:
        colours, focused = self.palette(), self.hasFocus()
        fill = colours.color(self._fill_role())
        filled = focused or self.isSliderDown()
        centre = QPointF(self._place(self.value()), self.height() / 2)
        if self._hovered or filled:
            painter.setBrush(colours.color(QPalette.ColorRole.Midlight))
            painter.drawEllipse(centre, RADIUS + 3.5, RADIUS + 3.5)
        painter.setPen(QPen(fill, 2))
        painter.setBrush(fill if filled else colours.color(QPalette.ColorRole.Base))
        painter.drawEllipse(centre, RADIUS - 0.5, RADIUS - 0.5)

    def _fill_role(self) -> QPalette.ColorRole:
        return QPalette.ColorRole.Highlight if self.isEnabled() else QPalette.ColorRole.Mid

    def _place(self, position: int) -> float:
        """Return the x of the handle's middle at a position, the same that clicks and drags use."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        option.sliderPosition = position
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        return handle.x() + handle.width() / 2
