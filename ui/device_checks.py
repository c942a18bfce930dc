"""Joins the buttons beside the devices to a tone on the output and to a few seconds of listening."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from rtvc.saying import LISTENED, Verdict, verdict_of
from ui.chore import Chore, MakeErrand
from ui.language import marked, translate
from ui.notices import Notices

if TYPE_CHECKING:
    from ui.runner import Runner
    from ui.sound_panel import SoundPanel

LOOK_MS = 50
VERDICTS = {
    Verdict.HEARD: marked("rtvc", "Heard you."),
    Verdict.QUIET: marked("rtvc", "Very quiet: come closer, or turn the microphone up."),
    Verdict.CLIPPING: marked("rtvc", "Clipping: turn the microphone down, or go further away."),
    Verdict.NOTHING: marked("rtvc", "Nothing arrives: it may be muted, another one, or closed to this program."),
}


class DeviceChecks(QObject):
    """One tone and one listening at a time; pressed again, each ends. Neither ever waits in the window's thread.

    While a session runs its own microphone is judged, else the chosen one is opened for as long as it takes.

    Signals: none.
    """

    def __init__(self, panel: SoundPanel, notices: Notices, runner: Runner, make: MakeErrand) -> None:
        super().__init__()
        self._panel, self._notices, self._runner = panel, notices, runner
        self._tone, self._ear = Chore("tone", make), Chore("listening", make)
        self._level = 0.0
        self._levels: list[float] = []
        self._begun = 0.0
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._tone.failed.connect(notices.warn)
        self._ear.reached.connect(lambda _, part: self._follow(part))
        self._ear.told.connect(self._on_told)
        self._ear.done.connect(self._on_judged)
        self._ear.failed.connect(notices.warn)
        panel.tone.clicked.connect(self._on_tone)
        panel.say.clicked.connect(self._on_say)

    @property
    def level(self) -> float | None:
        """The microphone's level while it is listened to beside a session, None else."""
        return self._level if self._ear.is_busy else None

    def cancel(self) -> None:
        """End what goes on: the devices are wanted elsewhere."""
        self._tone.cancel()
        self._stop_listening()

    def close(self, limit: float) -> bool:
        """End everything; False where that takes longer than `limit` seconds."""
        self._look.stop()
        ended = [chore.close(limit / 2) for chore in (self._tone, self._ear)]
        return all(ended)

    def _on_tone(self) -> None:
        if self._tone.is_busy:
            self._tone.cancel()
        else:
            self._tone.run("rtvc.errands.checking:play_tone", self._panel.output.chosen)

    def _on_say(self) -> None:
        if self._ear.is_busy or self._look.isActive():
            self._stop_listening()
            return
        self._levels, self._level, self._begun = [], 0.0, time.monotonic()
        self._follow(0.0)
        if self._runner.is_active:
            self._look.start()
        else:
            self._ear.run("rtvc.errands.checking:listen", self._panel.input.chosen)

    def _stop_listening(self) -> None:
        if self._look.isActive() or self._ear.is_busy:
            self._look.stop()
            self._ear.cancel()
            self._notices.clear()

    def _follow(self, part: float) -> None:
        self._notices.follow(translate("rtvc", "Say something …"), part, self._stop_listening)

    def _on_look(self) -> None:
        self._levels.append(self._runner.status().level_in)
        passed = time.monotonic() - self._begun
        if passed < LISTENED:
            self._follow(passed / LISTENED)
            return
        self._look.stop()
        self._on_judged(verdict_of(self._levels))

    def _on_told(self, message: tuple[str, float]) -> None:
        self._level = message[1]

    def _on_judged(self, verdict: Verdict) -> None:
        words = translate("rtvc", VERDICTS[verdict])
        if verdict is Verdict.HEARD:
            self._notices.say(words)
        else:
            self._notices.warn(words)
