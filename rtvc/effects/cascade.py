"""Second-order filters one after the other, over blocks of samples as one matrix product each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from rtvc.effects.biquads import Coefficients
from rtvc.resample import Samples

BLOCK = 96  # samples of one product

Matrix = NDArray[np.float64]


class Cascade:
    """Filters in a row, with what they remember of the past.

    A row of filters is a linear system with two remembered numbers for each filter (direct form II, transposed). Over
    a block all of it is one matrix: from the samples and the memory before, to the samples and the memory after.
    """

    def __init__(self, filters: Sequence[Coefficients], memory: Matrix | None = None) -> None:
        """`memory` [2 filters] is that of a cascade of as many filters which this one takes over from."""
        size = 2 * len(filters)
        self._sound, self._recall, self._write, self._keep = _matrices(filters)
        self.memory: Matrix = np.zeros(size) if memory is None else memory

    def push(self, samples: Samples) -> Samples:
        """Samples [n] -> as many."""
        made = np.empty(len(samples))
        for start in range(0, len(samples), BLOCK):
            piece = samples[start : start + BLOCK]
            count = len(piece)
            made[start : start + count] = self._sound[:count, :count] @ piece + self._recall[:count] @ self.memory
            self.memory = self._write[:, BLOCK - count :] @ piece + self._keep[count] @ self.memory
        return made.astype(np.float32)


def _matrices(filters: Sequence[Coefficients]) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """What a block [B] and the memory [m] give: sound [B, B] and [B, m], memory [m, B] and, by count, [B + 1, m, m]."""
    size = 2 * len(filters)
    step, entry, leave, through = _system(filters)
    keep = np.empty((BLOCK + 1, size, size))
    keep[0] = np.eye(size)
    for count in range(BLOCK):
        keep[count + 1] = step @ keep[count]
    recall = np.stack([leave @ keep[count] for count in range(BLOCK)])
    write = np.stack([keep[BLOCK - 1 - place] @ entry for place in range(BLOCK)], axis=1)
    response = np.concatenate([[through], recall[: BLOCK - 1] @ entry])
    lag = np.subtract.outer(np.arange(BLOCK), np.arange(BLOCK))
    sound = np.where(lag >= 0, response[np.maximum(lag, 0)], 0.0)
    return sound, recall, write, keep


def _system(filters: Sequence[Coefficients]) -> tuple[Matrix, Matrix, Matrix, float]:
    """One sample: memory' = step @ memory + entry x, y = leave @ memory + through x."""
    size = 2 * len(filters)
    step, entry = np.zeros((size, size)), np.zeros(size)
    leave, through = np.zeros(size), 1.0  # of what has come through the filters so far
    for place, (b0, b1, b2, _, a1, a2) in enumerate(filters):
        first, second = 2 * place, 2 * place + 1
        out = b0 * leave
        out[first] += 1.0
        for row, b, a in ((first, b1, a1), (second, b2, a2)):
            step[row] = b * leave - a * out
            entry[row] = (b - a * b0) * through
        step[first, second] += 1.0
        leave, through = out, b0 * through
    return step, entry, leave, float(through)
