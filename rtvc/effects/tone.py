"""The tone of a sound: filters that are set while it runs and change without a click."""

from collections.abc import Callable, Sequence

import numpy as np

from rtvc.effects.biquads import Coefficients, high_pass, high_shelf, low_shelf, peak
from rtvc.effects.cascade import Cascade
from rtvc.resample import Samples

FADE = 0.02  # seconds from one setting to the next
BASS, MIDDLE, TREBLE = 250.0, 1_200.0, 4_500.0  # Hz
MIDDLE_QUALITY = 0.7

Settings = tuple[float, ...]
Design = Callable[[int, Settings], Sequence[Coefficients]]


def low_cut(rate: int, settings: Settings) -> Sequence[Coefficients]:
    """The filter for (Hz,)."""
    return [high_pass(rate, settings[0])]


def three_bands(rate: int, settings: Settings) -> Sequence[Coefficients]:
    """The filters for (bass, middle, treble) in dB."""
    bass, middle, treble = settings
    return [
        low_shelf(rate, BASS, bass),
        peak(rate, MIDDLE, MIDDLE_QUALITY, middle),
        high_shelf(rate, TREBLE, treble),
    ]


class Tone:
    """Filters of one design; with all settings 0 samples pass untouched and nothing is computed.

    A new setting is heard by a crossfade between the filters as they were and as they are to be. The next one waits
    until it is over. The first setting of a stream counts at once.
    """

    def __init__(self, rate: int, design: Design) -> None:
        self._rate, self._design = rate, design
        self._length = round(FADE * rate)
        self.reset()

    def reset(self) -> None:
        """Start a new stream."""
        self._settings: Settings | None = None
        self._filters: Cascade | None = None
        self._leaving: Cascade | None = None
        self._done = self._length  # samples of the crossfade that have been heard

    def push(self, samples: Samples, settings: Settings) -> Samples:
        """Samples [n] -> as many."""
        if self._settings is None:
            self._settings, self._filters = settings, self._made(settings, None)
        if settings != self._settings and self._done == self._length:
            self._settings, self._leaving = settings, self._filters
            self._filters = self._made(settings, self._leaving)
            self._done = 0
        coming = _filtered(self._filters, samples)
        return coming if self._done == self._length else self._crossfade(coming, _filtered(self._leaving, samples))

    def _made(self, settings: Settings, before: Cascade | None) -> Cascade | None:
        if not any(settings):
            return None
        return Cascade(self._design(self._rate, settings), before.memory if before is not None else None)

    def _crossfade(self, coming: Samples, leaving: Samples) -> Samples:
        share = np.minimum(np.arange(self._done + 1, self._done + len(coming) + 1) / self._length, 1.0)
        self._done = min(self._done + len(coming), self._length)
        if self._done == self._length:
            self._leaving = None
        mixed: Samples = (leaving + share * (coming - leaving)).astype(np.float32)
        return mixed


def _filtered(filters: Cascade | None, samples: Samples) -> Samples:
    return samples if filters is None else filters.push(samples)
