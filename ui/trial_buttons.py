"""The buttons that find out what this machine can do, and what is wrong with it."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.language import marked, translate

HELP = {
    marked("rtvc", "Calibrate"): marked(
        "rtvc", "Tries this machine for ten seconds, silently, and takes the lowest delay that is safe."
    ),
    marked("rtvc", "Measure"): marked(
        "rtvc", "Sends clicks through a virtual microphone, and sets the measured delay beside the stated one."
    ),
    marked("rtvc", "Diagnose"): marked(
        "rtvc", "Writes one file for a report: settings, devices, timings, log; no names, no sound."
    ),
}


class TrialButtons(QWidget):
    """Calibrate, measure, diagnose; none of them while one is at work.

    Signals: those of its buttons.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calibrate, self.measure, self.diagnose = (QPushButton(translate("rtvc", words)) for words in HELP)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for button, words in zip((self.calibrate, self.measure, self.diagnose), HELP.values(), strict=True):
            button.setToolTip(translate("rtvc", words))
            button.setAccessibleDescription(translate("rtvc", words))
            row.addWidget(button)
        row.addStretch(1)

    def show_busy(self, is_busy: bool) -> None:
        """Allow no second trial beside the first."""
        for button in (self.calibrate, self.measure, self.diagnose):
            button.setDisabled(is_busy)
