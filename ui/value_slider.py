"""One number with its label, its slider and its words."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from rtvc.params import Control
from ui.language import translate
from ui.resetting_slider import ResettingSlider
from ui.words import step_of, value_words


class ValueSlider(QWidget):
    """A slider for one `Control`: label and value in words above, the slider beneath.

    A value between two steps is kept as it is until the slider is moved; one above the range widens it.

    Signals: `value_changed(float)`, whoever changed it.
    """

    value_changed = Signal(float)

    def __init__(self, control: Control, marked_label: str | None = None) -> None:
        super().__init__()
        self.control = control
        self._step = step_of(control)
        self._value = control.default
        self._label = QLabel(
            marked_label if marked_label is not None else translate("rtvc", control.label).replace("&", "&&")
        )
        self._words = QLabel()
        self._words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.knob = self._made_knob()
        self._label.setBuddy(self.knob)
        self._arrange()
        self._show_value()
        self.knob.valueChanged.connect(self._on_slider_moved)
        self.knob.reset_asked.connect(self.reset)

    @property
    def value(self) -> float:
        """The number, in the control's unit."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show another value."""
        if value == self._value:
            return
        self._value = value
        self._show_value()
        self.value_changed.emit(value)

    def set_lowest(self, value: float) -> None:
        """Offer nothing below a value; a lower one that is set stays until the slider is moved."""
        if self.knob.isSliderDown():
            return
        place = self._position(self._value)
        with QSignalBlocker(self.knob):
            self.knob.setMinimum(max(min(self._position(value), place), 0))
            self.knob.setValue(place)

    def reset(self) -> None:
        """Go back to the default."""
        self.set_value(self.control.default)

    def _made_knob(self) -> ResettingSlider:
        signed = self.control.low < 0 < self.control.high
        slider = ResettingSlider(
            steps=self._position(self.control.high),
            origin=self._position(0.0) if signed else 0,
            home=self._position(self.control.default),
        )
        slider.setAccessibleName(translate("rtvc", self.control.label))
        default = value_words(self.control, self.control.default)
        hint = translate("rtvc", "Double-click or press Delete for {default}.").format(default=default)
        slider.setToolTip(f"{translate('rtvc', self.control.help)}\n{hint}".strip())
        return slider

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._label, 0, 0)
        grid.addWidget(self._words, 0, 1)
        grid.addWidget(self.knob, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def _show_value(self) -> None:
        words = value_words(self.control, self._value)
        place = self._position(self._value)
        with QSignalBlocker(self.knob):
            self.knob.setMaximum(max(self.knob.maximum(), place))
            self.knob.setValue(place)
        self._words.setText(words)
        self.knob.setAccessibleDescription(f"{words}. {translate('rtvc', self.control.help)}".strip())

    def _position(self, value: float) -> int:
        return round((value - self.control.low) / self._step)

    def _on_slider_moved(self, position: int) -> None:
        self.set_value(round(self.control.low + position * self._step, 9))
