"""How one voice is drawn in the list: its picture, its name, how well it speaks, and what it is."""

from PySide6.QtCore import QAbstractItemModel, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionViewItem, QWidget

from ui.language import translate
from ui.two_lines import BADGE_SIZE, DETAIL, PADDING, Index, TwoLines, scaled

NAME = Qt.ItemDataRole.UserRole
QUALITY = Qt.ItemDataRole.UserRole + 3  # str: the line in the middle
CAN_HEAR = Qt.ItemDataRole.UserRole + 4  # bool: whether it has a button that plays it
HEARD = Qt.ItemDataRole.UserRole + 5  # bool: whether it is being played
HEIGHT, LINE, PLAY_SIZE = 70, 18, 26  # pixels
MOST_LINES = 3


def play_place(card: QRect) -> QRectF:
    """Return where the play button of a card is: beside the lines below its title."""
    middle = card.center().y() + 0.5 + LINE / 2
    return QRectF(card.right() - PADDING - PLAY_SIZE, middle - PLAY_SIZE / 2, PLAY_SIZE, PLAY_SIZE)


class VoiceCard(TwoLines):
    """Draws a voice with its play button, and takes a new name for it.

    Signals: `renamed(str, str)`, the name and the one that was typed.
    """

    renamed = Signal(str, str)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The same height for all."""
        return QSize(0, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one card in the colours of its palette."""
        super().paint(painter, option, index)
        if index.data(CAN_HEAR):
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _draw_play(painter, option, bool(index.data(HEARD)))
            painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Offer a line to type the new name."""
        editor = QLineEdit(parent)
        editor.setAccessibleName(translate("rtvc", "New name of {name}").format(name=index.data()))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the old name."""
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(NAME)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Tell; the list changes when the voice has."""
        name = str(index.data(NAME))
        if isinstance(editor, QLineEdit) and editor.text().strip() not in ("", name):
            self.renamed.emit(name, editor.text().strip())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Put the line where the name is."""
        left = option.rect.left() + 2 * PADDING + BADGE_SIZE - 6
        editor.setGeometry(left, option.rect.top() + 6, option.rect.right() - PADDING - left, 30)

    def _draw_texts(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, left: int) -> None:
        palette, rect = option.palette, option.rect
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        width = rect.right() - PADDING - left
        beside_play = width - (PLAY_SIZE + 6 if index.data(CAN_HEAR) else 0)
        lines = [
            (str(index.data(role) or ""), factor, bold, colour)
            for role, factor, bold, colour in (
                (Qt.ItemDataRole.DisplayRole, 1.0, True, QPalette.ColorRole.Text),
                (QUALITY, 0.9, False, QPalette.ColorRole.Text),
                (DETAIL, 0.9, False, QPalette.ColorRole.PlaceholderText),
            )
            if index.data(role)
        ]
        top = rect.center().y() + 1 - len(lines) * LINE // 2
        for place, (text, factor, bold, colour) in enumerate(lines):
            is_above = place == 0 and len(lines) == MOST_LINES
            painter.setFont(scaled(option, factor, bold))
            painter.setPen(palette.color(colour if enabled else QPalette.ColorRole.PlaceholderText))
            shown = painter.fontMetrics().elidedText(
                text, Qt.TextElideMode.ElideRight, width if is_above else beside_play
            )
            painter.drawText(QRect(left, top, width, LINE), Qt.AlignmentFlag.AlignVCenter, shown)
            top += LINE


def _draw_play(painter: QPainter, option: QStyleOptionViewItem, is_heard: bool) -> None:
    palette, place = option.palette, play_place(option.rect)
    is_lit = is_heard or bool(option.state & QStyle.StateFlag.State_MouseOver)
    accent = palette.color(QPalette.ColorRole.Highlight)
    painter.setPen(QPen(accent if is_lit else palette.color(QPalette.ColorRole.Mid), 1.4))
    painter.setBrush(accent if is_heard else QColor(Qt.GlobalColor.transparent))
    painter.drawEllipse(place.adjusted(1, 1, -1, -1))
    inked = QPalette.ColorRole.HighlightedText if is_heard else QPalette.ColorRole.PlaceholderText
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(accent if is_lit and not is_heard else palette.color(inked))
    middle = place.center()
    if is_heard:
        painter.drawRoundedRect(QRectF(middle.x() - 4, middle.y() - 4, 8, 8), 1.5, 1.5)
    else:
        x, y = middle.x(), middle.y()
        painter.drawPolygon(QPolygonF([QPointF(x - 3, y - 5), QPointF(x + 5.5, y), QPointF(x - 3, y + 5)]))
