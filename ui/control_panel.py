"""A slider or a switch for each live control of a voice, whatever the voice offers."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from rtvc.params import Control
from ui.control_groups import grouped
from ui.language import translate
from ui.parts import label
from ui.value_slider import ValueSlider
from ui.value_switch import ValueSwitch, is_switch
from ui.words import with_letters


class ControlPanel(QScrollArea):
    """The controls of one voice, drawn from their descriptions alone.

    Signals: `value_chosen(str, float)`, a control's name and number, when the user moves it.
    """

    value_chosen = Signal(str, float)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.rows: dict[str, ValueSlider | ValueSwitch] = {}

    def show_controls(self, controls: Iterable[Control], values: Mapping[str, float]) -> None:
        """Replace all rows; a control without a value stands at its default."""
        groups = grouped(controls)
        found = [one for _, members in groups for one in members]
        letters = with_letters(translate("rtvc", control.label) for control in found)
        self.rows = {one.name: _row(one, label) for one, label in zip(found, letters, strict=True)}
        self.setWidget(self._column(groups))
        self.show_values(values)
        for name, row in self.rows.items():
            row.value_changed.connect(lambda value, name=name: self.value_chosen.emit(name, value))

    def show_values(self, values: Mapping[str, float]) -> None:
        """Move the controls that have a new value; unknown names are left aside."""
        for name, value in values.items():
            if name in self.rows:
                self.rows[name].set_value(value)

    def reset(self) -> None:
        """Send every control home."""
        for row in self.rows.values():
            row.reset()

    def _column(self, groups: list[tuple[str, tuple[Control, ...]]]) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        for place, (title, members) in enumerate(groups):
            if len(groups) > 1:
                heading = label(translate("rtvc", title), "heading")
                heading.setContentsMargins(0, 8 if place else 0, 0, 0)
                column.addWidget(heading)
            for one in members:
                column.addWidget(self.rows[one.name])
        column.addStretch(1)
        return holder


def _row(control: Control, marked_label: str) -> ValueSlider | ValueSwitch:
    return (ValueSwitch if is_switch(control) else ValueSlider)(control, marked_label)
