"""Steering two devices' clocks against each other by a tiny change of pace."""

from collections import deque

LARGEST_CORRECTION = 8e-4  # inaudible: a semitone is 60 times as much
PULL = 0.03  # per second: an error shrinks to a third in about half a minute
LEARNING = PULL**2 / 4  # per second squared: as fast as it goes without overshoot
MEASUREMENTS = 9  # whose median counts: a busy machine spoils single ones
NOTICED = 0.004  # seconds that the slack must move before anything is done
SETTLED = 0.0015  # seconds from the aim, and
UNNOTICED_DRIFT = 1e-5  # clocks so close, for
SETTLED_MEASUREMENTS = 40  # measurements end the steering


class Steering:
    """Turns measurements of the slack into the ratio at which sound is made.

    Two devices of one clock need nothing, and then every sample stays as it is: the ratio leaves 1 only when the
    slack has moved. From then on a proportional part pulls it to the aim, and an integral part learns how far the
    clocks are apart, until they prove to be alike.
    """

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=MEASUREMENTS)
        self._rest: float | None = None
        self._drift = 0.0
        self._settled = 0
        self.ratio = 1.0

    @property
    def drift_ppm(self) -> float:
        """How much faster the input's clock runs than the output's, in parts per million, as learned so far."""
        return self._drift * 1e6

    def forget(self) -> None:
        """What was measured no longer counts, as something has been skipped; what was learned does."""
        self._recent.clear()

    def update(self, slack: float, aim: float, elapsed: float, is_exact: bool = False) -> float:
        """Return the output samples to make for each one due; all in seconds, `elapsed` since the last measurement.

        Where the aim `is_exact` it is steered to even while the slack rests near it.
        """
        self._recent.append(slack)
        if len(self._recent) < MEASUREMENTS:
            return self.ratio
        slack = sorted(self._recent)[MEASUREMENTS // 2]
        if is_exact:
            self._rest = None
        elif self._rest is None and self.ratio == 1.0:
            self._rest = slack
        if self._rest is None or self._leaves_rest(slack, aim):
            self._steer(slack - aim, elapsed)
        return self.ratio

    def _leaves_rest(self, slack: float, aim: float) -> bool:
        if self._rest is not None and abs(slack - self._rest) < NOTICED and slack > aim / 2:
            return False
        self._rest, self._settled = None, 0
        return True

    def _steer(self, excess: float, elapsed: float) -> None:
        self._drift = _clipped(self._drift + LEARNING * excess * elapsed)
        is_settled = abs(excess) < SETTLED and abs(self._drift) < UNNOTICED_DRIFT
        self._settled = self._settled + 1 if is_settled else 0
        if self._settled > SETTLED_MEASUREMENTS:
            self._drift, self.ratio = 0.0, 1.0
        else:
            self.ratio = 1.0 - _clipped(PULL * excess + self._drift)


def _clipped(correction: float) -> float:
    return min(max(correction, -LARGEST_CORRECTION), LARGEST_CORRECTION)
