"""Steering two devices' clocks against each other by a tiny change of pace."""

LARGEST_CORRECTION = 8e-4  # inaudible: a semitone is 60 times as much
PULL = 0.03  # per second: an error shrinks to a third in about half a minute
LEARNING = PULL**2 / 4  # per second squared: as fast as it goes without overshoot


class Steering:
    """Turns the excess of waiting sound into the ratio at which more or less of it is made.

    A proportional part pulls the excess to zero, an integral part learns how far the two clocks are apart.
    """

    def __init__(self) -> None:
        self._drift = 0.0

    @property
    def drift_ppm(self) -> float:
        """How much faster the input's clock runs than the output's, in parts per million, as learned so far."""
        return self._drift * 1e6

    def update(self, excess: float, elapsed: float) -> float:
        """Return the output samples to make for each one due; `excess` and `elapsed` in seconds."""
        self._drift = _clipped(self._drift + LEARNING * excess * elapsed)
        return 1.0 - _clipped(PULL * excess + self._drift)


def _clipped(correction: float) -> float:
    return min(max(correction, -LARGEST_CORRECTION), LARGEST_CORRECTION)
