"""The microphone's own sound in place of the voice, in step with it."""

import numpy as np

from rtvc.resample import Resampler, Samples

FADE = 0.01  # seconds


class DryMix:
    """Crossfades between the voice and the sound it was made from.

    Both are numbered alike, output sample n belongs to input time n / output_rate, so that the delay is the same
    and the crossfade does not smear.
    """

    def __init__(self, input_rate: int, output_rate: int) -> None:
        self._resampler = Resampler(input_rate, output_rate)
        self._step = 1.0 / (FADE * output_rate)
        self.reset()

    def reset(self) -> None:
        """Start a new stream, with the voice."""
        self._resampler.reset()
        self._waiting: Samples = np.zeros(0, np.float32)
        self._share = 0.0  # of the dry sound
        self.is_dry = False

    def mix(self, samples: Samples, converted: Samples) -> Samples:
        """Take an input piece [n] and the next converted samples [m]; return what is to be heard [m]."""
        self._waiting = np.concatenate([self._waiting, self._resampler.push(np.nan_to_num(samples))])
        count = len(converted)
        dry, self._waiting = self._waiting[:count], self._waiting[count:].copy()
        if len(dry) < count:  # never, as the voice needs what the dry sound needs and more
            dry = np.pad(dry, (0, count - len(dry)))
        wanted = float(self.is_dry)
        if self._share == wanted:
            return dry if self.is_dry else converted
        shares = self._shares(count)
        return (converted + shares * (dry - converted)).astype(np.float32)

    def _shares(self, count: int) -> Samples:
        """The dry sound's share in each of the next samples, on its way to all or nothing."""
        way = self._step if self.is_dry else -self._step
        shares = np.clip(self._share + way * np.arange(1, count + 1), 0.0, 1.0)
        self._share = float(shares[-1]) if count else self._share
        return np.asarray(shares, np.float32)
