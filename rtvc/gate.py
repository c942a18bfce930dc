"""The gate: silence instead of a room's noise while nobody speaks, and instead of what a voice makes of silence."""

from collections import deque
from itertools import islice
from math import ceil

import numpy as np

from rtvc.resample import Samples

HYSTERESIS = 6.0  # dB below the threshold at which an open gate begins to close
HOLD = 0.15  # seconds
RELEASE = 0.05  # seconds of fade after the hold
ATTACK = 0.0025  # seconds of fade before the frame that opened is let through
SHORTEST_FRAME, LONGEST_FRAME = 0.001, 0.005  # seconds


class Gate:
    """Lets frames pass whose level reaches a threshold, and what follows them for a while.

    `is_open` tells whether anything of the last push was let through.
    A frame is the longest divisor of the engine's step between 1 and 5 ms, or the step. The decision for a
    frame falls before the frame is returned, so that the gate opens ahead of an onset and adds no delay.
    """

    def __init__(self, rate: int, step: int) -> None:
        sizes = range(ceil(rate * SHORTEST_FRAME), int(rate * LONGEST_FRAME) + 1)
        self.frame = max((size for size in sizes if step % size == 0), default=step)
        self._hold_frames = round(HOLD * rate / self.frame)
        self._fall = self.frame / (RELEASE * rate)
        attack = min(max(round(ATTACK * rate), 1), self.frame)
        self._rise = np.clip(np.arange(1, self.frame + 1) / attack, 0.0, 1.0).astype(np.float32)
        self._slope = (np.arange(1, self.frame + 1) / self.frame).astype(np.float32)
        self.reset()

    def reset(self) -> None:
        """Start closed."""
        self._gain = 0.0
        self._held = 0
        self.is_open = False

    def push(self, samples: Samples, threshold: float | None) -> Samples:
        """Whole frames [n frame] -> as many; `threshold` in dBFS of a frame's RMS, None lets all pass unchanged."""
        was_open = self._gain > 0
        passed = self._pushed(samples, threshold)
        self.is_open = was_open or self._gain > 0
        return passed

    def _pushed(self, samples: Samples, threshold: float | None) -> Samples:
        if threshold is None:
            self._gain, self._held = 1.0, self._hold_frames
            return samples
        frames = samples.reshape(-1, self.frame)
        power = np.square(frames, dtype=np.float64).mean(1)
        opens, keeps = (10 ** (level / 10) for level in (threshold, threshold - HYSTERESIS))
        if self._gain == 1.0 and power.min(initial=np.inf) >= keeps:
            self._held = self._hold_frames
            return samples
        gains = [self._follow(heard >= opens, heard >= keeps) for heard in power.tolist()]
        return (frames * np.stack(gains)).reshape(-1) if gains else samples

    def _follow(self, opens: bool, keeps: bool) -> Samples:
        """The gain over one frame [frame]."""
        before = self._gain
        if opens or (keeps and self._held > 0):
            self._held = self._hold_frames
        elif self._held > 0:
            self._held -= 1
        self._gain = 1.0 if self._held > 0 else max(before - self._fall, 0.0)
        shape = self._rise if self._gain > before else self._slope
        return np.float32(before) + np.float32(self._gain - before) * shape


class Hush:
    """Silences a voice's output that belongs to steps at which the gate was closed, fading after the last open one.

    The voice answers `ahead` seconds late, so that what is to come is known and the fade in ends before an onset;
    where that is less than a step, the output is there at once.
    """

    def __init__(self, step: int, rate: int, ahead: float) -> None:
        """`step` in samples of the output, `rate` its samples per second."""
        self._step = step
        self._ahead = int(ahead * rate / step + 1e-6)
        self._fall = step / (RELEASE * rate)
        self._slope = (np.arange(1, step + 1) / step).astype(np.float32)
        self.reset()

    def reset(self) -> None:
        """Start closed."""
        self._opened: deque[bool] = deque()  # at the step that comes next, and at later ones
        self._gain = 0.0
        self._gains: Samples = np.zeros(0, np.float32)  # of what is still to come of the step that is on its way

    def push(self, samples: Samples, is_open: bool) -> Samples:
        """Take what a step of input completes [n] and whether the gate was open at that step; returns as many."""
        self._opened.append(is_open)
        while len(self._gains) < len(samples):
            self._gains = np.concatenate([self._gains, self._next_gains()])
        gains, self._gains = np.split(self._gains, [len(samples)])
        return samples * gains

    def _next_gains(self) -> Samples:
        """The gain over the next step [step]."""
        before = self._gain
        wanted = any(islice(self._opened, self._ahead + 1))
        self._gain = 1.0 if wanted else max(before - self._fall, 0.0)
        if self._opened:
            self._opened.popleft()
        if wanted and not self._ahead:
            return np.ones(self._step, np.float32)
        return np.float32(before) + np.float32(self._gain - before) * self._slope
