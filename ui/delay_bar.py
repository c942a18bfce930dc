"""The whole delay as one bar of coloured parts, with each part in words beneath."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.delay_parts import PARTS, shown_parts
from ui.language import translate
from ui.parts import label
from ui.theme import DARK, theme_of
from ui.words import milliseconds

COLOURS_LIGHT = ("#8792a8", "#b9c1d0", "#3d5be0", "#8a56d6", "#12918a", "#d99a2b", "#5c6780", "#c06a8f")
COLOURS_DARK = ("#8d98ae", "#5f697d", "#8aa2ff", "#b88cf2", "#3cc2b4", "#f0b849", "#aab3c5", "#e08fb4")
COLUMNS = 3
SHORTEST_SHOWN = 0.00005  # seconds
LEAST_SCALE = 0.1  # seconds: a shorter delay leaves the end of the bar empty


class Strip(QWidget):
    """The bar itself: parts side by side, true to scale.

    Signals: none; call `show_parts`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: tuple[float, ...]) -> None:
        """Draw these seconds, one for each of PARTS."""
        if parts != self._parts:
            self._parts = parts
            self.update()

    def sizeHint(self) -> QSize:
        """A flat bar."""
        return QSize(240, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the parts in a rounded frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), 5, 5)
        painter.setClipPath(frame)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Dark))
        scale = self.width() / max(sum(self._parts), LEAST_SCALE)
        left = 0.0
        for seconds, colour in zip(self._parts, part_colours(self.palette()), strict=False):
            width = seconds * scale
            painter.fillRect(QRectF(left, 0, max(width - 1, 0), self.height()), QColor(colour))
            left += width
        painter.end()


class Swatch(QWidget):
    """A small square in a part's colour.

    Signals: none.
    """

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place
        self.setFixedSize(10, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(part_colours(self.palette())[self._place]))
        painter.drawRoundedRect(self.rect(), 2, 2)
        painter.end()


class DelayBar(QWidget):
    """The delay's total, its bar and its parts in words; parts of no length are left out.

    Signals: none; call `show_delay`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[object, ...] = ()
        self.total = label(role="figure")
        self.note = label(role="muted")
        self.strip = Strip()
        self._placed: list[Entry] = []
        self._entries = [Entry(place, self) for place in range(len(PARTS))]
        self._legend = QGridLayout()
        self._legend.setHorizontalSpacing(16)
        self._legend.setVerticalSpacing(2)
        for column in range(COLUMNS):
            self._legend.setColumnStretch(column, 1)
        self._arrange()

    @property
    def words(self) -> str:
        """Everything the bar shows, as one sentence."""
        shown = [entry.text.text() for entry in self._entries if not entry.isHidden()]
        return translate("rtvc", "Delay {total} {note}: {parts}").format(
            total=self.total.text(), note=self.note.text(), parts=", ".join(shown)
        )

    def show_delay(self, delay: Mapping[str, float], measured: bool) -> None:
        """Show seconds by part; `measured` tells a running session's from what is expected of one."""
        parts = shown_parts(delay)
        self.strip.show_parts(parts)
        total = milliseconds(sum(parts))
        words = (total, measured, *map(milliseconds, parts))
        if words == self._shown:
            return
        self._shown = words
        self.total.setText(total)
        self.note.setText(
            translate("rtvc", "from microphone to output")
            if measured
            else translate("rtvc", "expected, before resampling and compute")
        )
        self._show_entries(parts)
        self.setAccessibleName(self.words)
        self.strip.setToolTip(self.words)

    def _show_entries(self, parts: Sequence[float]) -> None:
        for entry, part, seconds in zip(self._entries, PARTS, parts, strict=True):
            entry.text.setText(f"{translate('rtvc', part.label)} {milliseconds(seconds)}")
            entry.setVisible(seconds >= SHORTEST_SHOWN)
        visible = [entry for entry in self._entries if not entry.isHidden()]
        if visible == self._placed:  # placing them anew lays the whole window out
            return
        self._placed = visible
        for place, entry in enumerate(visible):
            self._legend.addWidget(entry, place // COLUMNS, place % COLUMNS)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.total)
        top.addWidget(self.note, 1, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.strip)
        column.addLayout(self._legend)


class Entry(QWidget):
    """One part in words beside its colour.

    Signals: none.
    """

    def __init__(self, place: int, parent: QWidget) -> None:
        super().__init__(parent)  # an entry that is shown before it is placed must be no window of its own
        self.text = label(role="small")
        self.setToolTip(translate("rtvc", PARTS[place].help))
        self.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Swatch(place))
        row.addWidget(self.text, 1)


def part_colours(palette: QPalette) -> tuple[str, ...]:
    """Return a colour for each of PARTS that stands out from the palette's ground."""
    return COLOURS_DARK if theme_of(palette) is DARK else COLOURS_LIGHT
