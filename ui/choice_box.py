"""A box to choose one of several things from."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from ui.two_lines import TwoLines

ARROW = ((-4, -1), (0, 3), (4, -1))  # pixels
ROOM_AROUND_TEXT = 44  # pixels


class ChoiceBox(QComboBox):
    """A combo box with two lines an item, which shortens what it shows and leaves the wheel alone.

    Signals: those of QComboBox.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setItemDelegate(TwoLines(self))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Choose nothing by accident."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, its text shortened in the middle where it is too long, and an arrow."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.width() - ROOM_AROUND_TEXT
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideMiddle, room)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1.6))
        right, middle = self.width() - 15.0, self.height() / 2 - 1
        painter.drawPolyline([QPointF(right + x, middle + y) for x, y in ARROW])
        painter.end()
