"""A number that moves evenly, sample by sample, to what it is set to."""

import numpy as np

from rtvc.resample import Samples


class Glide:
    """A share from 0 to 1 that takes `length` samples from one end to the other."""

    def __init__(self, length: int, value: float = 0.0) -> None:
        self._step = 1.0 / length
        self.value = value

    def push(self, count: int, target: float) -> Samples:
        """Return the shares [count] of the next samples on their way to a target."""
        if self.value == target or not count:
            return np.full(count, self.value, np.float32)
        low, high = sorted((self.value, target))
        way = np.sign(target - self.value) * self._step * np.arange(1, count + 1)
        shares: Samples = np.clip(self.value + way, low, high).astype(np.float32)
        is_there = abs(float(shares[-1]) - target) < self._step / 2
        self.value = target if is_there else float(shares[-1])
        return shares
