"""A bar for one level, with the loudest moment held and a light for clipping."""

import math

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy

from ui.language import translate
from ui.theme import Theme, theme_of

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
        self.setToolTip(translate("rtvc", "Level in dBFS; the mark holds the loudest moment. Keep it short of CLIP."))
        self.level_db = self.held_db = float(LOWEST_DB)
        self.clipped = False
        self._now = self._held_until = self._clipped_until = self._told_at = -math.inf
        self._bar = self._bar_within(self.size())
        self._marks = 0, 0  # pixels of level and held moment, as last asked to be drawn
        self._pictures: tuple[QPixmap, QPixmap] | None = None  # of silence, and of everything lit
        self._mark = QColor()

    def show_level(self, level: float, now: float) -> None:
        """Show a linear peak (1 is full scale) heard at `now` seconds of any steady clock."""
        heard = min(max(20 * math.log10(level), LOWEST_DB), 0.0) if level > 0 else LOWEST_DB
        fallen = FALL_DB * max(now - self._now, 0.0) if math.isfinite(self._now) else 0.0
        self._now = now
        self.level_db = max(heard, self.level_db - fallen)
        self._hold(heard, fallen, now)
        if level >= CLIP_LEVEL:
            self._clipped_until = now + CLIP_HOLD
        self._light(now < self._clipped_until)
        self._repaint()
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
        """Draw for the new size."""
        self._bar = self._bar_within(event.size())
        self._pictures = None
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change between light and dark."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._pictures = None
            self._cover_ground()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw for the screen it is on."""
        super().showEvent(event)
        self._pictures = None
        self._cover_ground()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Put together what lies in the event's strip."""
        scale = self.devicePixelRatioF()
        if self._pictures is None or self._pictures[0].devicePixelRatio() != scale:
            self._pictures = self._picture(is_lit=False), self._picture(is_lit=True)
            self._mark = self.palette().color(QPalette.ColorRole.Text)
        silent, lit = self._pictures
        level, held = self._marks = self._pixels()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, silent)
        if level > 0:
            painter.drawPixmap(0, 0, lit, 0, 0, round(level * scale), -1)
        if self.clipped:
            painter.drawPixmap(self._bar.width(), 0, lit, round(self._bar.width() * scale), 0, -1, -1)
        if held > 0:
            painter.fillRect(min(held, self._bar.width()) - 2, 1, 2, self.height() - 2, self._mark)
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
            self.update(self._bar.right(), 0, LIGHT_WIDTH + GAP + 1, self.height())

    def _cover_ground(self) -> None:
        """Nothing beneath needs drawing; a style sheet forgets that it is told so."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def _bar_within(self, size: QSize) -> QRect:
        return QRect(0, 2, max(size.width() - LIGHT_WIDTH - GAP, 1), size.height() - 4)

    def _pixels(self) -> tuple[int, int]:
        return self._place(self.level_db), self._place(self.held_db)

    def _place(self, level_db: float) -> int:
        return round((level_db - LOWEST_DB) / -LOWEST_DB * self._bar.width())

    def _repaint(self) -> None:
        before, after = self._marks, self._pixels()
        self._marks = after
        if before == after:
            return
        places = [x for pair in zip(before, after, strict=True) if pair[0] != pair[1] for x in pair]
        left, right = min(places), max(places)
        self.update(left - 4, 0, right - left + 8, self.height())

    def _picture(self, is_lit: bool) -> QPixmap:
        """Draw bar and light, either dark or lit all over."""
        scale, theme, ground = self.devicePixelRatioF(), theme_of(self.palette()), self.palette().base()
        picture = QPixmap(self.size() * scale)
        picture.setDevicePixelRatio(scale)
        picture.fill(ground.color())
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_gradient(theme, self._bar.width()) if is_lit else self.palette().dark())
        painter.drawRoundedRect(QRectF(self._bar), 3, 3)
        for tick in TICKS_DB:
            painter.fillRect(self._place(tick), 0, 1, self.height(), ground)
        self._draw_light(painter, theme, is_lit)
        painter.end()
        return picture

    def _draw_light(self, painter: QPainter, theme: Theme, is_lit: bool) -> None:
        light = QRectF(self.width() - LIGHT_WIDTH, 0.5, LIGHT_WIDTH - 1, self.height() - 1)
        painter.setBrush(QColor(theme.error if is_lit else theme.groove))
        painter.drawRoundedRect(light, 3, 3)
        font = self.font()
        font.setPixelSize(9)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.card if is_lit else theme.muted))
        painter.drawText(light, Qt.AlignmentFlag.AlignCenter, "CLIP")


def _gradient(theme: Theme, width: int) -> QLinearGradient:
    """Return the colours of a bar so many pixels wide."""
    made = QLinearGradient(0, 0, width, 0)
    for edge_db, left, right in ((WARNING_DB, theme.good, theme.warning), (ERROR_DB, theme.warning, theme.error)):
        place = (edge_db - LOWEST_DB) / -LOWEST_DB
        made.setColorAt(place - 0.001, QColor(left))
        made.setColorAt(place, QColor(right))
    return made
