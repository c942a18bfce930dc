"""Whether a lighter step still gives the numbers of the step it stands in for, and in what time."""

from collections.abc import Sequence
from time import perf_counter

import numpy as np

from models.steps import Array, Step

TOLERANCE = 1e-3
"""Largest relative difference between compiled and plain step that is taken for rounding."""
QUANTIZED_TOLERANCE = 0.05
"""Largest relative error (root mean square) of the first output that weights in 8 bits may bring."""
SLOWEST = 5.0
"""Times a quantised step may take of the whole one's: usually half, 20 where the processor lacks the instructions."""
PROBES = 8
"""Steps that are compared; the fastest one is their time, so that a busy machine decides nothing."""


class Probe:
    """A trusted step's first outputs, which those of lighter ones are held against.

    `seconds` is what the fastest of its steps took.
    """

    def __init__(self, inputs: Sequence[Array], trusted: Step) -> None:
        """`inputs` are what every step is given."""
        self._inputs = inputs
        self._wanted, self.seconds = self._steps(trusted)

    def check_all(self, step: Step) -> float:
        """Seconds of the fastest step; ValueError where an output differs by more than rounding."""
        found, seconds = self._steps(step)
        for a, b in zip((x for one in self._wanted for x in one), (x for one in found for x in one), strict=True):
            if not float(np.abs(a - b).max()) <= TOLERANCE * max(1.0, float(np.abs(a).max())):
                raise ValueError("the compiled one gives other numbers")
        return seconds

    def check_8_bits(self, step: Step, seconds: float) -> None:
        """ValueError where its first output strays too far, or it takes far longer than the step with whole weights."""
        found, taken = self._steps(step)
        wanted, heard = (np.concatenate([one[0] for one in steps]) for steps in (self._wanted, found))
        error = float(np.sqrt(np.square(heard - wanted).sum() / max(float(np.square(wanted).sum()), 1e-12)))
        if not error <= QUANTIZED_TOLERANCE:
            raise ValueError(f"in 8 bits it gives other numbers ({error:.3f})")
        if taken > SLOWEST * seconds:
            raise ValueError("this processor is slow with 8 bits")

    def _steps(self, step: Step) -> tuple[list[list[Array]], float]:
        outputs, seconds = [], []
        for _ in range(PROBES):
            start = perf_counter()
            made = step.run(*self._inputs)
            seconds.append(perf_counter() - start)
            outputs.append([x.copy() for x in made])
        return outputs, min(seconds)
