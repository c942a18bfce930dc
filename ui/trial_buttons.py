"""The buttons that find out what this machine can do, and what is wrong with it."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

HELP = {
    "Calibrate": "Tries this machine for ten seconds, silently, and takes the lowest delay that is safe.",
    "Measure": "Sends clicks through a virtual microphone, and sets the measured delay beside the stated one.",
    "Diagnose": "Writes one file for a report: settings, devices, timings, log; no names, no sound.",
}


class TrialButtons(QWidget):
    """Calibrate, measure, diagnose; none of them while one is at work.

    Signals: those of its buttons.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calibrate, self.measure, self.diagnose = (QPushButton(words) for words in HELP)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button in (self.calibrate, self.measure, self.diagnose):
            button.setToolTip(HELP[button.text()])
            button.setAccessibleDescription(HELP[button.text()])
            row.addWidget(button)
        row.addStretch(1)

    def show_busy(self, is_busy: bool) -> None:
        """Allow no second trial beside the first."""
        for button in (self.calibrate, self.measure, self.diagnose):
            button.setDisabled(is_busy)
