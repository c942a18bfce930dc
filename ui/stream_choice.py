"""How a voice with presets is streamed: one of them, or each time by itself."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from rtvc.params import Control
from rtvc.presets import Presets
from ui.choice_box import ChoiceBox
from ui.language import marked, translate
from ui.parts import label
from ui.two_lines import DETAIL
from ui.value_slider import ValueSlider
from ui.words import milliseconds

OWN = marked("rtvc", "Your own")
FEWEST_LETTERS = 10
LABELS = {
    "hop_ms": marked("rtvc", "&Hop"),
    "left_ms": marked("rtvc", "Past &kept"),
    "right_ms": marked("rtvc", "&Future"),
    "fade_ms": marked("rtvc", "Seam fa&de"),
}
WORDS = {
    "hop_ms": marked("rtvc", "hop"),
    "left_ms": marked("rtvc", "past"),
    "right_ms": marked("rtvc", "future"),
    "fade_ms": marked("rtvc", "seam"),
}
RANGES = {
    "hop_ms": (40.0, 640.0, 0.0, marked("rtvc", "Sound that is converted at a time. Shorter: less delay, more load.")),
    "left_ms": (
        500.0,
        5000.0,
        250.0,
        marked("rtvc", "What the voice hears again of the past. Longer: steadier, more load."),
    ),
    "right_ms": (
        0.0,
        320.0,
        0.0,
        marked("rtvc", "What the voice waits for of the future. Longer: clearer words, more delay."),
    ),
    "fade_ms": (0.0, 40.0, 5.0, marked("rtvc", "Where one hop passes into the next. Longer: smoother.")),
}
"""Lowest and highest milliseconds, their step (0 where it is the voice's own) and what they are for."""


class StreamChoice(QWidget):
    """The presets of a voice, and a slider for each of its times; `times` are their milliseconds by name.

    It shows the presets only: where the sliders, `rows`, have their place is for whoever made it.

    Signals: `times_chosen(object)`, all of them, whenever the user changes one or chooses a preset.
    """

    times_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._presets: Presets | None = None
        self.times: dict[str, float] = {}
        self.rows: dict[str, ValueSlider] = {}
        self.preset = ChoiceBox(translate("rtvc", "Preset"))
        self.preset.setMinimumContentsLength(FEWEST_LETTERS)
        self.preset.currentIndexChanged.connect(self._on_preset_chosen)
        name = label(translate("rtvc", "Pr&eset"))
        name.setBuddy(self.preset)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        row.addWidget(name)
        row.addWidget(self.preset)

    def show_presets(self, presets: Presets, times: Mapping[str, float]) -> None:
        """Offer the presets of another voice, which is set to these milliseconds, with sliders of its own."""
        self._presets, self.times = presets, dict(times)
        self.rows = {name: _slider(name, presets) for name in LABELS if presets.may_choose(name)}
        for name, row in self.rows.items():
            row.set_value(self.times[name])
            row.value_changed.connect(lambda value, name=name: self._on_moved(name, value))
        self._show_choice()

    def _show_choice(self) -> None:
        """Offer every preset, and the user's own times while they are none of them."""
        if self._presets is None:
            return
        chosen = self._presets.name_of(self.times)
        with QSignalBlocker(self.preset):
            self.preset.clear()
            for name in self._presets.choices:
                self._add_choice(translate("rtvc", name.capitalize()), name, self._presets.chosen(name))
            if chosen is None:
                self._add_choice(translate("rtvc", OWN), None, self.times)
            self.preset.setCurrentIndex(self.preset.findData(chosen) if chosen else self.preset.count() - 1)
        self.preset.setAccessibleDescription(self.preset.currentText())
        self.preset.setToolTip(str(self.preset.currentData(DETAIL)))

    def _add_choice(self, words: str, name: str | None, times: Mapping[str, float]) -> None:
        told = (f"{translate('rtvc', WORDS[key])} {milliseconds(times[key] / 1000)}" for key in self.rows)
        detail = ", ".join(told).capitalize()
        self.preset.addItem(words, name)
        row = self.preset.count() - 1
        self.preset.setItemData(row, detail, DETAIL)
        self.preset.setItemData(row, f"{words}, {detail}", Qt.ItemDataRole.AccessibleTextRole)

    def _on_preset_chosen(self, row: int) -> None:
        name = self.preset.itemData(row)
        if self._presets is None or name is None:
            return
        self.times = self._presets.chosen(name)
        for key, slider in self.rows.items():
            with QSignalBlocker(slider):
                slider.set_value(self.times[key])
        self._show_choice()
        self.times_chosen.emit(dict(self.times))

    def _on_moved(self, name: str, value: float) -> None:
        self.times = {**self.times, name: value}
        self._show_choice()
        self.times_chosen.emit(dict(self.times))


def _slider(name: str, presets: Presets) -> ValueSlider:
    low, high, step, words = RANGES[name]
    words_of_label = LABELS[name].replace("&", "")
    step = step or presets.step_ms
    low, high = presets.ranges.get(name, (max(low, step) if name == "hop_ms" else low, high))
    control = Control(name, words_of_label, low, high, presets.chosen()[name], "ms", step, words)
    return ValueSlider(control, translate("rtvc", LABELS[name]))
