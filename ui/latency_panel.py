"""Everything that trades delay for something else, as far as the voice knows it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from rtvc.params import Control
from rtvc.presets import Presets
from ui.held_delay import HeldDelay
from ui.language import marked, translate
from ui.parts import label
from ui.stream_choice import StreamChoice
from ui.value_slider import ValueSlider

HOP = Control(
    "hop_ms", marked("rtvc", "Hop"), 10.0, 200.0, 20.0, "ms", 10.0, marked("rtvc", "Sound that is converted at a time.")
)
MARGIN = Control(
    "margin_ms",
    marked("rtvc", "Margin"),
    0.0,
    200.0,
    30.0,
    "ms",
    5.0,
    marked("rtvc", "Reserve for moments when the machine is busy."),
)
COLUMNS = 6
GAP = 20  # pixels


class LatencyPanel(QWidget):
    """Hop and margin, or a whole delay that is held; for a voice that hears windows its times in the hop's place.

    Its presets, `choice`, are a widget of their own, for the panel's title.

    Signals: `focus_order_changed`, when other widgets are to be reached by the Tab key; besides those of its parts.
    """

    focus_order_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.hop = ValueSlider(HOP, translate("rtvc", "&Hop"))
        self.margin = ValueSlider(MARGIN, translate("rtvc", "Mar&gin"))
        self.choice = StreamChoice()
        self.hold = HeldDelay()
        self._hints = (
            label(translate("rtvc", "Shorter: less delay, more load."), "small"),
            label(translate("rtvc", "Longer: fewer gaps, more delay."), "small"),
        )
        self._times: tuple[ValueSlider, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(0)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.choice.hide()
        self.hold.switch.toggled.connect(self.focus_order_changed)
        self._arrange((self.hop, self.margin), self._hints)

    def show_windows(self, presets: Presets | None, times: Mapping[str, float]) -> None:
        """Show what a voice offers, set to these milliseconds, or the hop where it offers nothing."""
        for slider in self._times:
            self._grid.removeWidget(slider)
            slider.deleteLater()
        self._times = ()
        if presets is not None:
            self.choice.show_presets(presets, times)
            self._times = tuple(self.choice.rows.values())
        self.choice.setVisible(presets is not None)
        for part in (self.hop, *self._hints):
            part.setVisible(presets is None)
        self._arrange((*self._times, self.margin) if self._times else (self.hop, self.margin), self._hints)
        self.focus_order_changed.emit()

    def _arrange(self, sliders: Sequence[ValueSlider], hints: Sequence[QWidget]) -> None:
        """Two sliders with a hint beneath each, or three in a row."""
        span = COLUMNS // min(len(sliders), 3)
        for place, slider in enumerate(sliders):
            row, column = divmod(place * span, COLUMNS)
            self._grid.addWidget(slider, row, column, 1, span)
        for place, hint in enumerate(hints):
            self._grid.addWidget(hint, 1, place * COLUMNS // 2, 1, COLUMNS // 2)
        self._grid.addWidget(self.hold, self._grid.rowCount(), 0, 1, COLUMNS)

    @property
    def focus_order(self) -> list[QWidget]:
        """What the Tab key is to lead through."""
        held = (self.margin.knob, *self.hold.focus_order)
        if not self._times:
            return [self.hop.knob, *held]
        return [self.choice.preset, *(slider.knob for slider in self._times), *held]
