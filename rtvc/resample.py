"""Streaming conversion between sample rates by a short windowed-sinc filter of linear phase."""

from math import floor, gcd

import numpy as np
from numpy.typing import NDArray

from rtvc.errors import RtvcError

Samples = NDArray[np.float32]

LOWEST_RATE = 8_000
HIGHEST_RATE = 192_000
DOWN_DELAY = 0.002
UP_DELAY = 0.001
FEWEST_SIDE_TAPS = 16
MOST_SIDE_TAPS = 48
KAISER_BETA = 8.0  # 80 dB of stop band
DOWN_EDGE = 0.7  # how far below half the lower rate the filter is at -6 dB, in its resolution (lower rate / 2 / taps)
UP_EDGE = 0.4
LARGEST_TABLE = 1024  # rows; rates with more phases than this interpolate between FINE_PHASES
FINE_PHASES = 1024
FEW_PHASES = 8
SLICE = 2048  # outputs computed at once, which bounds the memory of a long push


def check_rate(rate: int) -> None:
    """Raise RtvcError for a rate the program does not handle."""
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise RtvcError(f"a rate of {rate} Hz is not supported; use {LOWEST_RATE} to {HIGHEST_RATE} Hz")


class Resampler:
    """Polyphase FIR from one rate to another, with the same output however the input is cut.

    Output sample n lies at input position n * rate_in / rate_out exactly: the filter's group delay is not
    heard, it only makes the first outputs wait for `delay` seconds of input. Equal rates pass unchanged.
    The filter spans `delay` on both sides: 2 ms downwards and 1 ms upwards where that is 16 to 48 taps of the
    lower rate, never more than 2 ms.
    """

    def __init__(self, rate_in: int, rate_out: int) -> None:
        check_rate(rate_in)
        check_rate(rate_out)
        common = gcd(rate_in, rate_out)
        self.rate_in, self.rate_out = rate_in, rate_out
        self._ups, self._downs = rate_out // common, rate_in // common
        self._side = 0 if rate_in == rate_out else side_taps(rate_in, rate_out)
        self._phases = min(self._ups, FINE_PHASES) if self._ups > LARGEST_TABLE else self._ups
        self._rows: Samples = np.zeros((0, 0), np.float32) if rate_in == rate_out else self._design()
        self.reset()

    @property
    def delay(self) -> float:
        """Seconds of later input that an output sample waits for."""
        return self._side / self.rate_in

    def reset(self) -> None:
        """Start a new stream."""
        self._buffer: Samples = np.zeros(max(self._side - 1, 0), np.float32)
        self._start = 0  # of the next output's window, in the buffer
        self._numerator = 0  # of the next output's position after that, in units of 1 / self._ups samples
        self._taken = self._given = 0

    def push(self, samples: Samples) -> Samples:
        """Take samples [n] and return those at the other rate whose surroundings are complete [m]."""
        self._taken += len(samples)
        if self._side == 0:
            self._given += len(samples)
            return samples
        self._buffer = np.concatenate([self._buffer, samples])
        pieces = []
        while count := min(self._ready(), SLICE):
            pieces.append(self._compute(count))
        drop = min(self._start, len(self._buffer))
        self._buffer = self._buffer[drop:]
        self._start -= drop
        made = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
        self._given += len(made)
        return made

    def flush(self) -> Samples:
        """End the stream: the samples still owed, so that all are round(taken * rate_out / rate_in)."""
        owed = round(self._taken * self.rate_out / self.rate_in) - self._given
        rest = self.push(np.zeros(self._side + self._downs // self._ups + 1, np.float32))[: max(owed, 0)]
        self.reset()
        return rest

    def _design(self) -> Samples:
        """Filter rows [phases + 1, taps], row r for a position r / phases after a sample; each sums to 1."""
        fraction = np.arange(self._phases + 1)[:, None] / self._phases
        distance = fraction + self._side - 1 - np.arange(2 * self._side)
        shrink = min(1.0, self.rate_out / self.rate_in)
        edge = DOWN_EDGE if self.rate_out < self.rate_in else UP_EDGE
        cutoff = shrink - edge / self._side
        rows = np.sinc(cutoff * distance) * kaiser(distance / self._side)
        filters: Samples = (rows / rows.sum(1, keepdims=True)).astype(np.float32)
        return filters

    def _ready(self) -> int:
        """How many outputs the buffer holds whole windows for."""
        room = len(self._buffer) - self._start - 2 * self._side + 1
        return max(-((self._numerator - room * self._ups) // self._downs), 0)

    def _compute(self, count: int) -> Samples:
        return self._compute_by_phase(count) if self._ups <= FEW_PHASES else self._compute_by_output(count)

    def _compute_by_phase(self, count: int) -> Samples:
        """The outputs of each phase at once: one row of the filter for all of their windows, none of them copied."""
        made = np.empty(count, np.float32)
        for first in range(min(self._ups, count)):
            start, numerator = divmod(self._numerator + first * self._downs, self._ups)
            windows = windows_of(self._buffer[self._start + start :], 2 * self._side)[:: self._downs]
            places = made[first :: self._ups]
            np.vecdot(windows[: len(places)], self._rows[numerator], out=places)
        start, self._numerator = divmod(self._numerator + count * self._downs, self._ups)
        self._start += start
        return made

    def _compute_by_output(self, count: int) -> Samples:
        positions = self._numerator + np.arange(count + 1) * self._downs
        starts, numerators = np.divmod(positions, self._ups)
        windows = windows_of(self._buffer, 2 * self._side)[self._start + starts[:-1]]
        made: Samples = np.vecdot(windows, self._filters(numerators[:-1]))
        self._start += int(starts[-1])
        self._numerator = int(numerators[-1])
        return made

    def _filters(self, numerators: NDArray[np.int64]) -> Samples:
        """The rows [n, taps] for positions numerators / self._ups after a sample."""
        if self._phases == self._ups:
            return self._rows[numerators]
        rows, rest = np.divmod(numerators * self._phases, self._ups)
        weight = (rest / self._ups).astype(np.float32)[:, None]
        below: Samples = self._rows[rows]
        between: Samples = below + weight * (self._rows[rows + 1] - below)
        return between


def resampled(samples: Samples, rate_in: int, rate_out: int) -> Samples:
    """Return a whole recording [n] at another rate; RtvcError for rates as of a `Resampler`."""
    resampler = Resampler(rate_in, rate_out)
    return np.concatenate([resampler.push(samples), resampler.flush()])


def side_taps(rate_in: int, rate_out: int) -> int:
    """Input samples that the filter spans on each side of an output sample."""
    lower = min(rate_in, rate_out)
    wanted = (DOWN_DELAY if rate_out < rate_in else UP_DELAY) * lower
    taps = min(max(wanted, FEWEST_SIDE_TAPS), MOST_SIDE_TAPS)
    return floor(taps * rate_in / lower + 1e-9)


def windows_of(samples: Samples, length: int) -> Samples:
    """All windows [n - length + 1, length] of contiguous samples [n], as a view."""
    shape = (len(samples) - length + 1, length)
    return np.ndarray(shape, np.float32, samples, strides=2 * samples.strides)


def kaiser(place: NDArray[np.float64]) -> NDArray[np.float64]:
    """The Kaiser window at places -1 to 1, zero beyond."""
    inside = np.sqrt(np.clip(1.0 - place**2, 0.0, None))
    window: NDArray[np.float64] = np.where(np.abs(place) <= 1.0, np.i0(KAISER_BETA * inside) / np.i0(KAISER_BETA), 0.0)
    return window
