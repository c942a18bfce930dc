"""How much sound waits between microphone and output, and what to do when it is too much."""

from rtvc.drift import Steering
from rtvc.shared import SharedStatus

SETTLING = 2  # stretches of slack that tell nothing yet, after a beginning or a skip
AVERAGING = 1.0  # seconds
WATCHED = 0.5  # seconds over which the least of what the rings hold is looked for
PHASE = 0.005  # seconds; by a block the slack may differ from one phase of the two clocks to another
STALL = 0.1  # seconds beyond hop and margin that the engine must have been away for its input to be skipped at once


class Waiting:
    """Averages of the two rings' fills over time, weighted by how long they lasted."""

    def __init__(self) -> None:
        self.input = self.output = 0.0
        self._watched = 0.0
        self._before: tuple[float, float, float] | None = None

    def note(self, now: float, in_seconds: float, out_seconds: float) -> None:
        """The rings hold so much at `now`; in between they are taken to have changed evenly."""
        if self._before is not None:
            then, in_before, out_before = self._before
            self._watched = min(self._watched + now - then, AVERAGING)
            weight = min((now - then) / max(self._watched, 1e-9), 1.0)
            self.input += weight * ((in_seconds + in_before) / 2 - self.input)
            self.output += weight * ((out_seconds + out_before) / 2 - self.output)
        self._before = now, in_seconds, out_seconds


class Backlog:
    """Decides how many seconds of input to skip, and at which ratio the output is made.

    The aim is that the output's least slack is the margin. A hop or more above it is skipped, whatever is less is
    steered away together with the difference of the two clocks. What the rings hold is bounded too, for an engine
    that is too slow never leaves any slack.
    """

    def __init__(self, shared: SharedStatus, hop: float, has_one_clock: bool = False) -> None:
        """`has_one_clock` where the output paces the input: then there is nothing to steer."""
        self._shared, self._hop, self._has_one_clock = shared, hop, has_one_clock
        self._steering = Steering()
        self._stretches = shared.audio["slack_count"]
        self._last_measured: float | None = None
        self._last_turn: float | None = None
        self._settling = SETTLING
        self._margin = shared.session["margin"]
        self._watched_since, self._least = 0.0, float("inf")

    @property
    def ratio(self) -> float:
        """The output samples to make for each one due."""
        return self._steering.ratio

    @property
    def drift_ppm(self) -> float:
        """How much faster the microphone's clock runs than the output's."""
        return self._steering.drift_ppm

    def excess(self, now: float, waiting: float) -> float:
        """Return the seconds of input to skip now, usually none; `waiting` is what both rings hold, in seconds.

        An engine that is not heard yet has nothing to skip: what it has made too much is thrown away when it is.
        """
        audio, margin = self._shared.audio, self._shared.session["margin"]
        last_turn, self._last_turn = self._last_turn, now
        if audio["lane"] != self._shared.lane:
            self._stretches = audio["slack_count"]  # of another engine
            self._settle(now)
            return 0.0
        if last_turn is None or not audio["output_open"]:
            self._watch_from(now)
            return 0.0
        usual = self._hop + margin + audio["input_block"] + audio["output_block"]
        if now - last_turn > self._hop + margin + STALL:
            return self._skip(now, waiting - usual)
        self._least = min(self._least, waiting)
        if now - self._watched_since > WATCHED:
            least = self._least
            self._watch_from(now)
            if least - usual >= self._hop + STALL:
                return self._skip(now, least - usual)
        if audio["slack_count"] == self._stretches or self._has_one_clock:
            return 0.0
        self._stretches = audio["slack_count"]
        return self._steer(now, audio["slack"], margin)

    def _watch_from(self, now: float) -> None:
        self._watched_since, self._least = now, float("inf")

    def _skip(self, now: float, excess: float) -> float:
        if excess < self._hop:
            return 0.0
        self._settle(now)
        return excess

    def _settle(self, now: float) -> None:
        """Something is skipped: what is measured next tells of it only in part."""
        self._settling = SETTLING
        self._steering.forget()
        self._watch_from(now)

    def _steer(self, now: float, slack: float, margin: float) -> float:
        """Take a measurement of the slack; return the seconds to skip, or set the ratio."""
        elapsed = min(now - self._last_measured, AVERAGING) if self._last_measured is not None else 0.0
        self._last_measured = now
        is_lowered, self._margin = margin < self._margin, margin
        if self._settling:
            self._settling -= 1
            return 0.0
        aim = self._shared.session["aim"]
        excess = slack - (aim or margin)
        if excess >= max(self._hop, self._shared.audio["output_block"] + PHASE) or (is_lowered and excess > PHASE):
            self._settle(now)
            return excess
        self._steering.update(slack, aim or margin, elapsed, is_exact=aim > 0)
        return 0.0
