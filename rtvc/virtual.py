"""A microphone, an output and a clock that exist in memory only: for tests, hours in seconds."""

from collections.abc import Callable

import numpy as np

from rtvc.intake import Intake
from rtvc.playout import Playout
from rtvc.resample import Samples


class VirtualClock:
    """A monotonic clock that stands still until it is moved; called, it tells its time in seconds."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


class MemoryIO:
    """Two devices, each with a clock of its own.

    `sound(first, count)` gives the microphone's samples; what the output plays is kept while `keeps` is true.
    A clock that is `ppm` fast brings its blocks so much more often.
    """

    def __init__(
        self,
        clock: VirtualClock,
        intake: Intake,
        playout: Playout,
        sound: Callable[[int, int], Samples],
        rate: int,
        block: int,
        input_ppm: float = 0.0,
        output_ppm: float = 0.0,
    ) -> None:
        self._clock, self._intake, self._playout, self._sound, self._block = clock, intake, playout, sound, block
        self._input_period = block / rate / (1.0 + input_ppm * 1e-6)
        self._output_period = block / rate / (1.0 + output_ppm * 1e-6)
        self._inputs = self._outputs = 0
        self._out: Samples = np.zeros(block, np.float32)
        self.keeps = True
        self.played: list[Samples] = []
        self.has_input = self.has_output = True

    def run(self, seconds: float, after_input: Callable[[], object]) -> None:
        """Let time pass, and call `after_input` after each block of the microphone, or the time of one."""
        end = self._clock.now + seconds
        while True:
            next_input = (self._inputs + 1) * self._input_period
            next_output = (self._outputs + 1.5) * self._output_period
            if min(next_input, next_output) > end:
                self._clock.now = end
                return
            self._clock.now = min(next_input, next_output)
            if next_input <= next_output:
                self._hear()
                after_input()
            else:
                self._play()

    def _hear(self) -> None:
        if self.has_input:
            self._intake.take(self._sound(self._inputs * self._block, self._block), self._clock.now)
        self._inputs += 1

    def _play(self) -> None:
        if self.has_output:
            self._playout.fill(self._out, self._clock.now)
            if self.keeps:
                self.played.append(self._out.copy())
        self._outputs += 1
