"""How steadily a run goes, in figures."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from rtvc.status import Status
from ui.language import marked, translate
from ui.parts import label

NOTHING = "–"
HIGH_LOAD = 0.85


class Figure(NamedTuple):
    """One figure: its caption, its words, whether it is worth a warning, and what it is."""

    caption: str
    words: Callable[[Status], str]
    is_high: Callable[[Status], bool]
    help: str


FIGURES = (
    Figure(
        marked("rtvc", "Load"),
        lambda status: f"{status.load.p95 * 100:.0f} %",
        lambda status: status.load.p95 >= HIGH_LOAD,
        marked(
            "rtvc",
            "Computing time over sounding time, nearly the worst of the last minute (p95). Above 100 % there are gaps.",
        ),
    ),
    Figure(
        marked("rtvc", "Late"),
        lambda status: str(status.late),
        lambda status: status.late > 0,
        marked("rtvc", "Hops that came too late and were heard as a short silence. A longer margin helps."),
    ),
    Figure(
        marked("rtvc", "Lost"),
        lambda status: str(status.lost),
        lambda status: status.lost > 0,
        marked("rtvc", "Blocks of the microphone that found no room."),
    ),
    Figure(
        marked("rtvc", "Skipped"),
        lambda status: str(status.skipped),
        lambda status: status.skipped > 0,
        marked("rtvc", "Hops left out to bring the delay back after an interruption."),
    ),
    Figure(
        marked("rtvc", "Recovered"),
        lambda status: str(status.recoveries),
        lambda status: status.recoveries > 0,
        marked("rtvc", "Devices and processes that failed and were brought back without anybody's help."),
    ),
)


class Health(QWidget):
    """The run's counters side by side; a figure that tells of trouble is drawn as a warning.

    Signals: none; call `show_status`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for figure in FIGURES:
            row.addLayout(self._tile(figure), 1)

    def show_status(self, status: Status) -> None:
        """Show the figures of a run; those of one that has not begun are left open."""
        for figure in FIGURES:
            begun = status.seconds > 0
            self._show(figure, figure.words(status) if begun else NOTHING, begun and figure.is_high(status))

    def _show(self, figure: Figure, words: str, warning: bool) -> None:
        value = self.values[figure.caption]
        if value.text() == words:
            return
        value.setText(words)
        value.setAccessibleName(f"{translate('rtvc', figure.caption)}: {words}")
        mood = "warning" if warning else ""
        if value.property("mood") != mood:
            value.setProperty("mood", mood)
            value.style().unpolish(value)
            value.style().polish(value)

    def _tile(self, figure: Figure) -> QVBoxLayout:
        value, caption = label(NOTHING, "tile"), label(translate("rtvc", figure.caption), "small")
        for part in (value, caption):
            part.setToolTip(translate("rtvc", figure.help))
        self.values[figure.caption] = value
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(value)
        column.addWidget(caption)
        return column
