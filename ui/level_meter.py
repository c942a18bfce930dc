"""A bar for one level, with the loudest moment held and a light for clipping."""

import math

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy

from ui.language import translate
from ui.theme import theme_of

LOWEST_DB = -60
WARNING_DB, ERROR_DB = -12.0, -3.0
CLIP_LEVEL = 0.999
FALL_DB = 26.0  # per second
HOLD, CLIP_HOLD = 1.2, 2.0  # seconds
LIGHT_WIDTH, GAP = 34, 6  # pixels
TICKS_DB = (-48, -36, -24, -12)


class LevelMeter(QProgressBar):
    """A bar from -60 to 0 dBFS that rises at once and falls slowly; a progress bar to assistive programs.

    Signals: none of its own; call `show_level`.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setRange(LOWEST_DB, 0)
        self.setValue(LOWEST_DB)
        self.setTextVisible(False)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setToolTip(translate("rtvc", "Level in dBFS; the mark holds the loudest moment. Keep it short of CLIP."))
        self.level_db = self.held_db = float(LOWEST_DB)
        self.clipped = False
        self._now = self._held_until = self._clipped_until = self._told_at = -math.inf
        self._gradient = QLinearGradient()

    def show_level(self, level: float, now: float) -> None:
        """Show a linear peak (1 is full scale) heard at `now` seconds of any steady clock."""
        heard = min(max(20 * math.log10(level), LOWEST_DB), 0.0) if level > 0 else LOWEST_DB
        fallen = FALL_DB * max(now - self._now, 0.0) if math.isfinite(self._now) else 0.0
        self._now = now
        before = self._pixels()
        self.level_db = max(heard, self.level_db - fallen)
        self._hold(heard, fallen, now)
        if level >= CLIP_LEVEL:
            self._clipped_until = now + CLIP_HOLD
        self._light(now < self._clipped_until)
        self._repaint_between(before, self._pixels())
        if now - self._told_at >= 1.0 and round(self.level_db) != self.value():
            self._told_at = now
            self.setValue(round(self.level_db))

    def clear(self) -> None:
        """Show silence, with nothing held and no clipping."""
        self.level_db = self.held_db = float(LOWEST_DB)
        self._now = self._held_until = self._clipped_until = self._told_at = -math.inf
        self._light(False)
        self.setValue(LOWEST_DB)
        self.update()

    def sizeHint(self) -> QSize:
        """A flat bar."""
        return QSize(200, 14)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the light and some bar."""
        return QSize(120, 14)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the colours to the new width."""
        self._gradient = self._made_gradient()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        if event.type() == QEvent.Type.PaletteChange:
            self._gradient = self._made_gradient()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what lies in the event's strip."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(self._bar())
        painter.setBrush(self.palette().color(QPalette.ColorRole.Dark))
        painter.drawRoundedRect(bar, 3, 3)
        level, held = self._pixels()
        if level > 0:
            painter.setBrush(self._gradient)
            painter.setClipRect(QRectF(0, 0, level, self.height()), Qt.ClipOperation.IntersectClip)
            painter.drawRoundedRect(bar, 3, 3)
            painter.setClipRect(event.rect())
        self._draw_marks(painter, held)
        if event.rect().right() > bar.right():
            self._draw_light(painter)
        painter.end()

    def _hold(self, heard: float, fallen: float, now: float) -> None:
        if heard >= self.held_db:
            self.held_db, self._held_until = heard, now + HOLD
        elif now > self._held_until:
            self.held_db = max(self.held_db - fallen, self.level_db)

    def _light(self, clipped: bool) -> None:
        if clipped != self.clipped:
            self.clipped = clipped
            self.setAccessibleDescription(translate("rtvc", "Clipping: too loud") if clipped else "")
            self.update(self._bar().right(), 0, LIGHT_WIDTH + GAP + 1, self.height())

    def _bar(self) -> QRect:
        return QRect(0, 2, max(self.width() - LIGHT_WIDTH - GAP, 1), self.height() - 4)

    def _pixels(self) -> tuple[int, int]:
        return self._place(self.level_db), self._place(self.held_db)

    def _place(self, level_db: float) -> int:
        return round((level_db - LOWEST_DB) / -LOWEST_DB * self._bar().width())

    def _repaint_between(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        if before[0] != after[0]:
            left, right = sorted((before[0], after[0]))
            self.update(left - 4, 0, right - left + 8, self.height())
        if before[1] != after[1]:
            for place in (before[1], after[1]):
                self.update(place - 3, 0, 6, self.height())

    def _draw_marks(self, painter: QPainter, held: int) -> None:
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        for tick in TICKS_DB:
            painter.drawRect(self._place(tick), 0, 1, self.height())
        if held > 0:
            painter.setBrush(self.palette().color(QPalette.ColorRole.Text))
            painter.drawRect(min(held, self._bar().width()) - 2, 1, 2, self.height() - 2)

    def _draw_light(self, painter: QPainter) -> None:
        theme = theme_of(self.palette())
        light = QRectF(self.width() - LIGHT_WIDTH, 0.5, LIGHT_WIDTH - 1, self.height() - 1)
        painter.setBrush(QColor(theme.error if self.clipped else theme.groove))
        painter.drawRoundedRect(light, 3, 3)
        font = painter.font()
        font.setPixelSize(9)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.card if self.clipped else theme.muted))
        painter.drawText(light, Qt.AlignmentFlag.AlignCenter, "CLIP")

    def _made_gradient(self) -> QLinearGradient:
        theme = theme_of(self.palette())
        gradient = QLinearGradient(0, 0, self._bar().width(), 0)
        for edge_db, left, right in ((WARNING_DB, theme.good, theme.warning), (ERROR_DB, theme.warning, theme.error)):
            place = (edge_db - LOWEST_DB) / -LOWEST_DB
            gradient.setColorAt(place - 0.001, QColor(left))
            gradient.setColorAt(place, QColor(right))
        return gradient
