"""Noise taken out of the microphone's sound, at any rate and for pieces of any length."""

from collections.abc import Callable
from math import ceil
from typing import Protocol

import numpy as np

from rtvc.effects.glide import Glide
from rtvc.effects.rnnoise import FRAME, LATENESS, RATE, RNNoise
from rtvc.errors import RtvcError
from rtvc.resample import Resampler, Samples

GLIDE = 0.02  # seconds between the sound as it is and without its noise


class Suppressor(Protocol):
    """What takes the noise out of a frame [480] at 48 kHz and returns an earlier one."""

    def push(self, frame: Samples) -> Samples:
        """Take a frame, return the one that came LATENESS samples ago."""


class Denoiser:
    """Takes out a chosen part of the noise, from none, which costs nothing, to all.

    It is `delay` seconds late while it is on: a stream that begins with it returns so much less at first and stays in
    its place. Switched on later it crossfades to the later sound, so much of which is heard twice; switched off, so
    much is left out. `remark` says why it cannot be on.
    """

    def __init__(self, rate: int, make: Callable[[], Suppressor] = RNNoise) -> None:
        """`make` loads the library, at the first use; it raises RtvcError where that cannot be."""
        self._rate, self._make = rate, make
        self._late = _lateness(rate)
        self.remark = ""
        self.reset()

    @property
    def delay(self) -> float:
        """Seconds by which the sound is late at present."""
        return self._late / self._rate if self._path is not None else 0.0

    def reset(self) -> None:
        """Start a new stream."""
        self._path: _LatePath | None = None
        self._taken = self._filling = self._missing = 0
        length = round(GLIDE * self._rate)
        self._passage, self._amount = Glide(length), Glide(length)

    def push(self, samples: Samples, amount: float) -> Samples:
        """Samples [n] -> as many; `amount` from 0 to 1 is the part of the noise that is taken out."""
        if amount > 0 and self._path is None and not self.remark:
            self._open(amount)
        self._taken += len(samples)
        if self._path is None:
            return samples
        late, clean = self._path.push(samples)
        is_full, self._filling = self._filling <= 0, self._filling - len(samples)
        shares = self._passage.push(len(samples), 1.0 if amount > 0 and is_full else 0.0)
        heard = late + self._amount.push(len(samples), amount or self._amount.value) * (clean - late)
        made = np.asarray(samples + shares * (heard - samples), np.float32)
        if amount <= 0 and self._passage.value == 0.0:
            self._path = None
        left_out = min(self._missing, len(made))
        self._missing -= left_out
        return made[left_out:]

    def _open(self, amount: float) -> None:
        try:
            self._path = _LatePath(self._rate, self._late, self._make())
        except RtvcError as error:
            self.remark = str(error)
            return
        self._amount.value = amount
        is_beginning = self._taken == 0
        self._passage.value = float(is_beginning)
        self._missing, self._filling = (self._late, 0) if is_beginning else (0, self._late)


class _LatePath:
    """The suppressor between two resamplers, beside the sound as it was, both equally late."""

    def __init__(self, rate: int, late: int, suppressor: Suppressor) -> None:
        self._suppressor = suppressor
        self._up, self._down = Resampler(rate, RATE), Resampler(RATE, rate)
        self._frames: Samples = np.zeros(0, np.float32)
        self._early = LATENESS  # samples that come out first and belong to none that went in
        self._late: Samples = np.zeros(late, np.float32)
        self._clean: Samples = np.zeros(late, np.float32)

    def push(self, samples: Samples) -> tuple[Samples, Samples]:
        """Samples [n] -> those of some time ago [n], as they were and without noise; silence at first."""
        count = len(samples)
        self._late = np.concatenate([self._late, samples])
        self._clean = np.concatenate([self._clean, self._down.push(self._suppressed(self._up.push(samples)))])
        late, self._late = self._late[:count], self._late[count:]
        clean, self._clean = self._clean[:count], self._clean[count:]
        return late, clean

    def _suppressed(self, samples: Samples) -> Samples:
        waiting = np.concatenate([self._frames, samples])
        whole = len(waiting) // FRAME * FRAME
        self._frames = waiting[whole:]
        made = [self._suppressor.push(frame) for frame in waiting[:whole].reshape(-1, FRAME)]
        joined = np.concatenate(made) if made else np.zeros(0, np.float32)
        left_out = min(self._early, len(joined))
        self._early -= left_out
        return joined[left_out:]


def _lateness(rate: int) -> int:
    """Samples until what went in has come out: a frame, what the suppressor waits for, and two resamplers."""
    resampling = Resampler(rate, RATE).delay + Resampler(RATE, rate).delay
    return ceil(((FRAME + LATENESS) / RATE + resampling) * rate) + (2 if resampling else 0)
