"""A whole delay that is held, chosen with a switch and a slider."""

from math import ceil

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from rtvc.params import Control
from ui.language import marked, translate
from ui.parts import label
from ui.value_slider import ValueSlider
from ui.value_switch import Toggle
from ui.words import milliseconds

TOTAL = Control(
    "total_ms",
    marked("rtvc", "Whole delay"),
    50.0,
    1000.0,
    200.0,
    "ms",
    10.0,
    marked("rtvc", "From your mouth to the others' ears; delay the picture by as much."),
)
SPARE_MS = 15.0  # by so much the least must fall for the slider to begin earlier: it never trembles


class HeldDelay(QWidget):
    """Off until it is turned on; what cannot be held stays chosen, and a line says so.

    Signals: `total_chosen(object)`, milliseconds, or None where the delay is to be as short as can be.
    """

    total_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.switch = Toggle(translate("rtvc", "Hold the whole delay"))
        help = translate("rtvc", "Keeps the delay at one value, for a picture in step with the voice.")
        self.switch.setToolTip(help)
        self.switch.setAccessibleName(self.switch.text())
        self.switch.setAccessibleDescription(help)
        self.switch.setMinimumHeight(24)
        self.switch.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider = ValueSlider(TOTAL)
        self.hint = label(role="small")
        self.hint.setWordWrap(True)
        self._least_ms = self._lowest_ms = 0.0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(2)
        for part in (self.switch, self.slider, self.hint):
            column.addWidget(part)
        self.switch.toggled.connect(self._on_toggled)
        self.slider.value_changed.connect(self._on_moved)
        self._show_parts()

    @property
    def focus_order(self) -> list[QWidget]:
        """What the Tab key is to lead through."""
        return [self.switch, self.slider.knob] if self.switch.isChecked() else [self.switch]

    @property
    def total_ms(self) -> float | None:
        """What is to be held, None for nothing."""
        return self.slider.value if self.switch.isChecked() else None

    def show_total(self, total_ms: float | None) -> None:
        """Show what was chosen."""
        with QSignalBlocker(self.switch), QSignalBlocker(self.slider):
            self.switch.setChecked(total_ms is not None)
            if total_ms is not None:
                self.slider.set_value(total_ms)
        self._show_parts()

    def allow(self, is_possible: bool) -> None:
        """Offer to hold a delay, or say why there is nothing to hold."""
        self.setEnabled(is_possible)
        self._show_hint()

    def show_least(self, least_ms: float) -> None:
        """Show what the voice and the devices take at least, now."""
        self._least_ms = least_ms
        if not self._lowest_ms - SPARE_MS < least_ms <= self._lowest_ms:
            self._lowest_ms = TOTAL.step * ceil(round(least_ms / TOTAL.step, 3))
            self.slider.set_lowest(self._lowest_ms)
        self._show_hint()

    def _on_toggled(self, is_on: bool) -> None:
        if is_on and self.slider.value < self._lowest_ms:
            with QSignalBlocker(self.slider):
                self.slider.set_value(self._lowest_ms)
        self._show_parts()
        self.total_chosen.emit(self.total_ms)

    def _on_moved(self, total_ms: float) -> None:
        self._show_hint()
        self.slider.set_lowest(self._lowest_ms)
        if self.switch.isChecked():
            self.total_chosen.emit(total_ms)

    def _show_parts(self) -> None:
        for part in (self.slider, self.hint):
            part.setVisible(self.switch.isChecked())
        self._show_hint()

    def _show_hint(self) -> None:
        words, mood = self._hint()
        if words == self.hint.text():
            return
        self.hint.setText(words)
        self.hint.setProperty("mood", mood)
        self.hint.style().unpolish(self.hint)
        self.hint.style().polish(self.hint)

    def _hint(self) -> tuple[str, str]:
        """What to say of the choice, and how."""
        if not self.isEnabled():
            return translate("rtvc", "With a microphone only."), ""
        least = milliseconds(self._least_ms / 1000)
        if self.slider.value >= round(self._least_ms, 3):
            return translate("rtvc", "Possible from {least} on; the margin is what is left.").format(least=least), ""
        words = translate("rtvc", "Cannot be held: it takes at least {least}. Choose more, or a shorter hop.")
        return words.format(least=least), "warning"
