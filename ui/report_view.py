"""What recordings are worth, in figures and sentences."""

from collections.abc import Iterable

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.language import marked, translate
from ui.parts import label

CAPTIONS = (
    marked("rtvc", "Recordings"),
    marked("rtvc", "Speech"),
    marked("rtvc", "Pitch"),
    marked("rtvc", "Voice"),
    marked("rtvc", "Level"),
)
"""Of the figures that judging recordings gives."""


class ReportView(QWidget):
    """A line for each figure, what to expect, and what may spoil the voice.

    Signals: none; call `show_report`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.expectation = _wrapped("title")
        self.warnings = _wrapped("warning")
        self._figures: list[QLabel] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.expectation)
        column.addLayout(self._grid)
        column.addWidget(self.warnings)

    @property
    def words(self) -> str:
        """Everything that is shown."""
        return "\n".join(one.text() for one in (self.expectation, *self._figures, self.warnings))

    def show_report(self, figures: Iterable[tuple[str, str]], expectation: str, warnings: Iterable[str]) -> None:
        """Show another report."""
        for old in self._figures:
            old.deleteLater()
        self._figures = []
        for row, (caption, words) in enumerate(figures):
            value = _wrapped("")
            value.setText(words)
            name = label(translate("rtvc", caption), "muted")
            name.setBuddy(value)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(value, row, 1)
            self._figures += [name, value]
        self.expectation.setText(expectation[:1].upper() + expectation[1:])
        told = [f"⚠ {one[:1].upper()}{one[1:]}." for one in warnings]
        self.warnings.setText("\n".join(told))
        self.warnings.setVisible(bool(told))


def _wrapped(role: str) -> QLabel:
    made = label(role=role)
    made.setWordWrap(True)
    return made
