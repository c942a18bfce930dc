"""The sound that the voice was made from, mixed under it."""

from math import gcd

import numpy as np

from rtvc.effects.glide import Glide
from rtvc.resample import Resampler, Samples

GLIDE = 0.02  # seconds from all to nothing


class Blend:
    """Mixes a share of the voice's own input under it, sample by sample in step.

    Output sample n belongs to input time n / output_rate on both sides. With no share nothing is kept or computed;
    when one is wanted it is heard from the first sample on that is known of both.
    """

    def __init__(self, input_rate: int, output_rate: int) -> None:
        self._rates = input_rate, output_rate
        self._grid = input_rate // gcd(input_rate, output_rate)  # inputs between two that meet an output
        self.reset()

    def reset(self) -> None:
        """Start a new stream."""
        self._resampler: Resampler | None = None
        self._dry: Samples = np.zeros(0, np.float32)
        self._first = 0  # the output sample that the first of them belongs to
        self._taken = self._given = self._begin = 0
        self._share = Glide(round(GLIDE * self._rates[1]))

    def hear(self, samples: Samples, share: float) -> None:
        """Take the voice's next input [n]; `share` from 0 to 1 is what will be wanted of it."""
        if self._resampler is None and share > 0:
            self._open()
        if self._resampler is not None:
            early = min(max(self._begin - self._taken, 0), len(samples))
            self._dry = np.concatenate([self._dry, self._resampler.push(samples[early:])])
        self._taken += len(samples)

    def mix(self, converted: Samples, share: float) -> Samples:
        """Take the voice's next output [m] and return what is to be heard [m]."""
        start, self._given = self._given, self._given + len(converted)
        if self._resampler is None:
            return converted
        drop = min(max(start - self._first, 0), len(self._dry))
        self._dry, self._first = self._dry[drop:], self._first + drop
        unknown = min(max(self._first - start, 0), len(converted))
        dry = self._dry[: len(converted) - unknown]
        mixed = converted.copy()
        heard = mixed[unknown : unknown + len(dry)]
        heard += self._share.push(len(dry), share) * (dry - heard)
        if self._share.value == share == 0.0:
            self._resampler = None
        return mixed

    def _open(self) -> None:
        """Begin to keep the input, at the next sample whose place falls on an output's."""
        self._begin = -(-self._taken // self._grid) * self._grid
        self._resampler = Resampler(*self._rates)
        self._dry = np.zeros(0, np.float32)
        self._first = self._begin * self._rates[1] // self._rates[0]
