"""The content encoder over a stream: one frame at a time, with its residual codes."""

import numpy as np

from models.content_sizes import FFT_SIZE, MEL_HOP, MEL_WINDOW, RATE, STEP
from models.steps import Array, Step
from models.windows import hann, power_spectra


class ContentStream:
    """Coded content over a stream of 20 ms steps, which begins after silence."""

    def __init__(self, step: Step, look_ahead: int) -> None:
        window = hann(MEL_WINDOW)
        self._window = window / np.sqrt(np.square(window).sum())
        self._step, self._look_ahead = step, look_ahead
        self.delay = look_ahead * STEP / RATE
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        self._step.reset()
        self._samples = np.zeros(MEL_WINDOW - MEL_HOP + STEP, np.float32)
        self._silent = self._look_ahead

    def push(self, samples: Array, books: int) -> Array | None:
        """Samples [320] -> content as the first `books` books tell it [96].

        None for the first `look_ahead` frames, which belong to the silence before.
        """
        self._samples = np.concatenate([self._samples[STEP:], samples])
        told = self._step.run(power_spectra(self._samples, self._window, MEL_HOP, FFT_SIZE))[1]
        if self._silent:
            self._silent -= 1
            return None
        return told[books - 1].copy()
