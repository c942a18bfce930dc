"""Joins the buttons that try this machine to what they call: calibration, measuring, diagnosis."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from rtvc.errors import RtvcError
from ui.language import translate
from ui.notices import Notices
from ui.runner import LiveSession, Runner
from ui.trial_buttons import TrialButtons

if TYPE_CHECKING:
    from rtvc.latency.choosing import LatencyChoice
    from rtvc.latency.measuring import Measured
    from rtvc.session import SessionOptions

FEED_SECONDS = 300.0

Progress = Callable[[str, float], None]
MakeOptions = Callable[[], "SessionOptions"]


def calibrate(
    session: Any, options: SessionOptions, tell: Progress, is_over: Callable[[], bool]
) -> LatencyChoice | None:
    """Try hops and margins with quiet speech in place of the microphone, muted; raises RtvcError."""
    from rtvc.latency.calibration import calibrate_latency
    from rtvc.latency.quiet_feed import write_quiet_feed

    with tempfile.TemporaryDirectory(prefix="rtvc-") as folder:
        feed = write_quiet_feed(Path(folder), FEED_SECONDS)
        return calibrate_latency(
            session, replace(options, input=feed, monitor=None, total=None, waits=False), tell, is_over
        )


def measure(session: Any, options: SessionOptions, tell: Progress, is_over: Callable[[], bool]) -> Measured | None:
    """Time clicks through a virtual microphone of this moment; raises RtvcError."""
    from rtvc.latency.measuring import measure_delay
    from rtvc.virtual_mic.tending import tended_microphone

    with tended_microphone() as microphone:
        looped = replace(options, input=microphone.microphone, output=microphone.output, monitor=None, waits=False)
        return measure_delay(session, looped, tell, is_over)


class Trials(QObject):
    """One trial at a time, with a session of its own while the live one rests.

    Signals: `chosen(object)`, a calibration's choice; `ended`, whatever came of it: the live session may go on.
    """

    chosen = Signal(object)
    ended = Signal()
    _reached = Signal(str, float)

    def __init__(
        self,
        buttons: TrialButtons,
        notices: Notices,
        runner: Runner,
        make_options: Callable[[], MakeOptions],
        config_path: Path,
        calibrate: Callable[..., LatencyChoice | None] = calibrate,
        measure: Callable[..., Measured | None] = measure,
    ) -> None:
        super().__init__()
        self._buttons, self._notices, self._runner = buttons, notices, runner
        self._make_options, self._config_path = make_options, config_path
        self._cancelled = threading.Event()
        self._reached.connect(self._on_reached)
        buttons.calibrate.clicked.connect(lambda: self._begin(calibrate, self._on_calibrated))
        buttons.measure.clicked.connect(lambda: self._begin(measure, self._on_measured))
        buttons.diagnose.clicked.connect(self._diagnose)

    def cancel(self) -> None:
        """End a trial that goes on."""
        self._cancelled.set()

    def _begin(self, trial: Callable[..., Any], done: Callable[[Any], None]) -> None:
        self._cancelled.clear()
        self._buttons.show_busy(True)
        self._on_reached(translate("rtvc", "loading the voice"), 0.0)
        make_options = self._make_options()

        def act(session: LiveSession) -> Any:
            return trial(session, make_options(), self._reached.emit, self._cancelled.is_set)

        self._runner.lend(act, lambda found: self._on_done(found, done), self._on_failed)

    def _diagnose(self) -> None:
        from rtvc.diagnosing.bundle import default_name, write_diagnosis

        folder = Path(platformdirs.user_downloads_dir())
        path = (folder if folder.is_dir() else Path.home()) / default_name()
        self._buttons.show_busy(True)

        def act(session: LiveSession) -> Path:
            write_diagnosis(path, self._config_path, session.stats(), session.history())
            return path

        self._runner.ask(act, self._on_diagnosed, self._on_failed)

    def _on_reached(self, words: str, part: float) -> None:
        if not self._cancelled.is_set():
            self._notices.follow(f"{words} …", part, self.cancel)

    def _on_done(self, found: Any, done: Callable[[Any], None]) -> None:
        self._buttons.show_busy(False)
        self._notices.clear()
        if found is not None:
            done(found)
        self.ended.emit()

    def _on_failed(self, error: RtvcError) -> None:
        self._buttons.show_busy(False)
        self._notices.warn(str(error))
        self.ended.emit()

    def _on_calibrated(self, choice: LatencyChoice) -> None:
        self.chosen.emit(choice)
        hop, margin = choice.hop * 1000, choice.margin * 1000
        self._notices.say(
            translate("rtvc", "Hop {hop:.0f} ms, margin {margin:.0f} ms: {words}.").format(
                hop=hop, margin=margin, words=choice.words
            )
        )

    def _on_measured(self, measured: Measured) -> None:
        self._notices.say(f"{measured.words}.")

    def _on_diagnosed(self, path: Path) -> None:
        self._buttons.show_busy(False)
        where = QUrl.fromLocalFile(str(path.parent))
        self._notices.say(
            translate("rtvc", "Written: {path}").format(path=path),
            translate("rtvc", "Show it"),
            lambda: QDesktopServices.openUrl(where),
        )
