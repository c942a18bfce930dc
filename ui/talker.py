"""What voices find out about who speaks into a microphone."""

from dataclasses import replace

from PySide6.QtWidgets import QLabel

from rtvc.devices import recording_of
from rtvc.status import Status
from ui.kept_settings import KeptSettings
from ui.language import translate
from ui.run_options import TALKER, TALKER_RANGE


class Talker:
    """Shows the talker's pitch as a voice has learned it, and keeps it for the next run at the same microphone."""

    def __init__(self, line: QLabel, settings: KeptSettings) -> None:
        self._line, self._settings = line, settings

    def show(self, status: Status) -> None:
        """Show what a run has learned so far."""
        hertz = status.learned.get(TALKER, 0.0)
        words = translate("rtvc", "Your pitch: {hertz:.0f} Hz, learned").format(hertz=hertz) if hertz > 0 else ""
        if words != self._line.text():
            self._line.setText(words)

    def keep(self, status: Status) -> None:
        """Write down what a run has learned, where it is credible."""
        hertz, name = round(status.learned.get(TALKER, 0.0), 1), status.input
        if not name or recording_of(name) or not TALKER_RANGE[0] <= hertz <= TALKER_RANGE[1]:
            return
        if self._settings.config.talkers.get(name) != hertz:
            self._settings.apply(lambda config: replace(config, talkers={**config.talkers, name: hertz}))
