"""List items of two lines: what it is, and beneath it smaller what there is to know."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

DETAIL = Qt.ItemDataRole.UserRole + 1  # str: the second line
BADGE = Qt.ItemDataRole.UserRole + 2  # str: one or two letters for a round picture; none where absent
HUES = (228, 168, 24, 288, 340, 200)
PADDING, BADGE_SIZE, HEIGHT = 10, 34, 50

Index = QModelIndex | QPersistentModelIndex


class TwoLines(QStyledItemDelegate):
    """Draws an item's text with its DETAIL beneath and its BADGE to the left.

    Signals: those of QStyledItemDelegate.
    """

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same height for all."""
        width = max(option.fontMetrics.horizontalAdvance(str(index.data(role) or "")) for role in (0, int(DETAIL)))
        return QSize(width + 2 * PADDING + (BADGE_SIZE + PADDING if index.data(BADGE) else 0), HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one item in the colours of its palette."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_ground(painter, option)
        left = option.rect.left() + PADDING
        if index.data(BADGE):
            self._draw_badge(painter, option, index, left)
            left += BADGE_SIZE + PADDING
        self._draw_texts(painter, option, index, left)
        painter.restore()

    def _draw_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        palette, rect, state = option.palette, option.rect, option.state
        ground = QRectF(rect).adjusted(1, 1, -1, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(ground, 8, 8)
            painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(QRectF(rect.left() + 1, rect.top() + 12, 3, rect.height() - 24), 1.5, 1.5)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
            painter.drawRoundedRect(ground, 8, 8)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(ground.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _draw_badge(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, left: int) -> None:
        letters = str(index.data(BADGE))
        rect = option.rect
        circle = QRectF(left, rect.center().y() - BADGE_SIZE / 2 + 0.5, BADGE_SIZE, BADGE_SIZE)
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor.fromHsl(HUES[sum(str(index.data()).encode()) % len(HUES)], 120 if enabled else 0, 110))
        painter.drawEllipse(circle)
        painter.setPen(QColor("white"))
        painter.setFont(scaled(option, 1.0, bold=True))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, letters)

    def _draw_texts(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, left: int) -> None:
        palette, rect = option.palette, option.rect
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        width, middle = rect.right() - PADDING - left, rect.center().y() + 1
        lines = (
            (Qt.ItemDataRole.DisplayRole, scaled(option, 1.0, bold=True), QPalette.ColorRole.Text, middle - 19),
            (DETAIL, scaled(option, 0.9), QPalette.ColorRole.PlaceholderText, middle),
        )
        for role, font, colour, top in lines:
            painter.setFont(font)
            painter.setPen(palette.color(colour if enabled else QPalette.ColorRole.PlaceholderText))
            text = painter.fontMetrics().elidedText(str(index.data(role) or ""), Qt.TextElideMode.ElideMiddle, width)
            painter.drawText(QRect(left, top, width, 19), Qt.AlignmentFlag.AlignVCenter, text)


def scaled(option: QStyleOptionViewItem, factor: float, bold: bool = False) -> QFont:
    """Return an item's font in another size and weight."""
    font = QFont(option.font)
    font.setPointSizeF(font.pointSizeF() * factor)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font
