"""The input gate: silence instead of a room's noise while nobody speaks."""

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

    def push(self, samples: Samples, threshold: float | None) -> Samples:
        """Whole frames [n frame] -> as many; `threshold` in dBFS of a frame's RMS, None lets all pass unchanged."""
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
