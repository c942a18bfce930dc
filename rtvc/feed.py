"""A recording in place of a microphone, paced by whatever plays."""

import numpy as np

from rtvc.intake import Intake
from rtvc.resample import Samples
from rtvc.shared import SharedStatus

PAUSE = 0.5  # seconds of silence before a recording is repeated
TAIL = 0.1  # seconds of silence behind the recording, beside what the path holds


class Feed:
    """Hands a recording over, as many seconds as are played; then silence until all of it has been heard.

    One that repeats begins again after a pause, and never ends. Where an earlier audio process has handed over a part
    of it, it goes on from there.
    """

    def __init__(
        self,
        samples: Samples,
        input_rate: int,
        output_rate: int,
        intake: Intake,
        shared: SharedStatus,
        repeats: bool = False,
    ) -> None:
        self._samples, self._intake, self._repeats = samples, intake, repeats
        self._rate, self._per_output = input_rate, input_rate / output_rate
        self._shared, self._audio, self._session = shared, shared.audio, shared.session
        self._owed = 0.0
        self._place = round(self._audio["fed"])

    def advance(self, count: int, now: float) -> None:
        """The output has played `count` samples more; nothing is handed over before the engine is ready."""
        if not self._shared.played["ready"]:
            return
        self._owed += count * self._per_output
        due = int(self._owed)
        self._owed -= due
        piece = self._samples[self._place : self._place + due]
        self._place += due
        if len(piece) < due:
            piece = np.pad(piece, (0, due - len(piece)))
        self._intake.take(piece, now)
        if self._repeats and self._place > len(self._samples) + PAUSE * self._rate:
            self._place = 0
        elif not self._repeats and self._place > len(self._samples) + self._tail() * self._rate:
            self._audio["ended"] = 1
        self._audio["fed"] = self._place

    def _tail(self) -> float:
        """Seconds from the last sample handed over to the moment when it has been heard."""
        engine = self._shared.played
        held = engine["input_resampler"] + engine["look_ahead"] + engine["output_resampler"] + engine["compute"]
        return 2 * engine["hop"] + self._session["margin"] + held + self._audio["output_wait"] + TAIL
