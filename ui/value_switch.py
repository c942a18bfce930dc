"""A control that is on or off."""

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from rtvc.params import Control
from ui.language import translate
from ui.resetting_slider import RESET_KEYS

WIDTH, HEIGHT = 32, 18  # pixels


def is_switch(control: Control) -> bool:
    """Whether a control has two values only."""
    return control.step > 0 and control.low + control.step >= control.high


class Toggle(QCheckBox):
    """A check box drawn as its label with a small switch at the right; Delete sends it home.

    Signals: `reset_asked`, besides those of QCheckBox.
    """

    reset_asked = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ask for the default on Delete or Backspace."""
        if event.key() in RESET_KEYS:
            self.reset_asked.emit()
            return
        super().keyPressEvent(event)

    def hitButton(self, place: QPoint) -> bool:
        """Take a click anywhere."""
        return self.rect().contains(place)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the label and the switch."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic)
        colours, enabled = self.palette(), self.isEnabled()
        self.style().drawItemText(painter, self.rect(), flags, colours, enabled, self.text(), self.foregroundRole())
        on = self.isChecked()
        place = QRectF(self.width() - WIDTH - 1, (self.height() - HEIGHT) / 2, WIDTH, HEIGHT)
        if self.hasFocus():
            painter.setPen(QPen(colours.color(QPalette.ColorRole.Highlight), 1.5))
            painter.drawRoundedRect(place.adjusted(-2, -2, 2, 2), HEIGHT / 2 + 2, HEIGHT / 2 + 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color(QPalette.ColorRole.Highlight if on else QPalette.ColorRole.PlaceholderText))
        painter.drawRoundedRect(place, HEIGHT / 2, HEIGHT / 2)
        painter.setBrush(colours.color(QPalette.ColorRole.Base))
        middle = place.right() - HEIGHT / 2 if on else place.left() + HEIGHT / 2
        painter.drawEllipse(QPointF(middle, place.center().y()), HEIGHT / 2 - 2.5, HEIGHT / 2 - 2.5)
        painter.end()


class ValueSwitch(QWidget):
    """A check box for one `Control` of two values; on is the higher one.

    Signals: `value_changed(float)`, whoever changed it.
    """

    value_changed = Signal(float)

    def __init__(self, control: Control, marked_label: str | None = None) -> None:
        super().__init__()
        self.control = control
        self.knob = Toggle(
            marked_label if marked_label is not None else translate("rtvc", control.label).replace("&", "&&")
        )
        self.knob.setAccessibleName(translate("rtvc", control.label))
        self.knob.setToolTip(translate("rtvc", control.help))
        self.knob.setAccessibleDescription(translate("rtvc", control.help))
        self.knob.setChecked(control.default == control.high)
        self.knob.toggled.connect(lambda _: self.value_changed.emit(self.value))
        self.knob.reset_asked.connect(self.reset)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.addWidget(self.knob)

    @property
    def value(self) -> float:
        """The number, in the control's unit."""
        return self.control.high if self.knob.isChecked() else self.control.low

    def set_value(self, value: float) -> None:
        """Show the nearer of the two values."""
        self.knob.setChecked(value > (self.control.low + self.control.high) / 2)

    def reset(self) -> None:
        """Go back to the default."""
        self.set_value(self.control.default)
