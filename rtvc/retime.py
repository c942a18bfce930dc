"""Tiny, gliding changes of the output's pace, which steer two clocks against each other."""

from math import floor

import numpy as np
from numpy.typing import NDArray

from rtvc.resample import Samples, kaiser, windows_of

LARGEST_CHANGE = 1e-3
SIDE_TAPS = 12
PHASES = 512
GLIDE = 2e-7  # change of the ratio per sample: 100 ppm in 10 ms at 48 kHz
SLICE = 4096


class Retimer:
    """Returns `ratio` samples for each one taken, by interpolation with a windowed sinc.

    The ratio glides to each new target. Until it first leaves 1 every sample passes unchanged, only SIDE_TAPS
    samples later; the output depends on the samples and on where the target was changed, not on the pieces.
    """

    def __init__(self) -> None:
        self._rows = _design()
        self.reset()

    def reset(self) -> None:
        """Start a new stream at ratio 1."""
        self._buffer: Samples = np.zeros(SIDE_TAPS - 1, np.float32)
        self._position = 0.0  # of the next output's window in the buffer
        self._target = self._ratio = 1.0

    @property
    def ratio(self) -> float:
        """The ratio that is glided to."""
        return self._target

    @ratio.setter
    def ratio(self, ratio: float) -> None:
        self._target = min(max(ratio, 1.0 - LARGEST_CHANGE), 1.0 + LARGEST_CHANGE)

    def push(self, samples: Samples) -> Samples:
        """Take samples [n] and return the retimed ones that are complete [m]."""
        self._buffer = np.concatenate([self._buffer, samples])
        pieces = []
        while count := min(len(self._buffer) - floor(self._position) - 2 * SIDE_TAPS + 1, SLICE):
            if count < 0 or not len(piece := self._compute(count)):
                break
            pieces.append(piece)
        drop = floor(self._position)
        self._buffer = self._buffer[drop:]
        self._position -= drop
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)

    def flush(self) -> Samples:
        """End the stream: what is still held back."""
        rest = self.push(np.zeros(SIDE_TAPS, np.float32))
        self.reset()
        return rest

    def _compute(self, count: int) -> Samples:
        """Up to `count` further samples, which `count` whole windows in the buffer allow."""
        first = floor(self._position)
        if self._ratio == self._target == 1.0 and self._position == first:
            self._position += count
            centre = first + SIDE_TAPS - 1
            return self._buffer[centre : centre + count]
        ratios = self._glide(count)
        places = self._position + np.concatenate([[0.0], np.cumsum(1.0 / ratios)])
        whole = int(np.searchsorted(places[:-1], first + count))
        starts = np.floor(places[:whole])
        windows = windows_of(self._buffer, 2 * SIDE_TAPS)[starts.astype(np.int64)]
        made: Samples = np.vecdot(windows, self._filters(places[:whole] - starts))
        self._position = float(places[whole])
        self._ratio = float(ratios[whole - 1])
        return made

    def _glide(self, count: int) -> NDArray[np.float64]:
        """The ratios of the next samples, a constant step apart until they meet the target."""
        way = self._target - self._ratio
        steps = np.minimum(np.arange(1, count + 1) * GLIDE, abs(way))
        return np.where(steps == abs(way), self._target, self._ratio + np.copysign(steps, way))

    def _filters(self, fractions: NDArray[np.float64]) -> Samples:
        """Rows [n, taps] for positions a fraction of a sample after one."""
        rows, weight = np.divmod(fractions * PHASES, 1.0)
        index = rows.astype(np.int64)
        below = self._rows[index]
        return below + weight.astype(np.float32)[:, None] * (self._rows[index + 1] - below)


def _design() -> Samples:
    """Rows [PHASES + 1, taps] of unit sum, row r for a position r / PHASES after a sample."""
    distance = np.arange(PHASES + 1)[:, None] / PHASES + SIDE_TAPS - 1 - np.arange(2 * SIDE_TAPS)
    rows = np.sinc(distance) * kaiser(distance / SIDE_TAPS)
    filters: Samples = (rows / rows.sum(1, keepdims=True)).astype(np.float32)
    return filters
