"""One engine takes over from another, in virtual time: microphone, two lanes, output."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np
import pytest

from rtvc.engine import DelayParts
from rtvc.hops import HopLoop
from rtvc.intake import Intake
from rtvc.playout import Playout
from rtvc.resample import Samples
from rtvc.ring import Ring
from rtvc.shared import LANES, SharedStatus
from rtvc.virtual import MemoryIO, VirtualClock

RATE = 8000
BLOCK = 80
HOUR = 3600
CROSSFADE = 0.02


@dataclass
class Wire:
    """A voice that changes nothing, `late` samples behind."""

    hop: float
    late: int = 0
    input_rate: int = RATE
    output_rate: int = RATE
    nan_count: int = 0
    delay: DelayParts = DelayParts(0.0, 0.0, 0.0, 0.0)
    learned: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._waiting: Samples = np.zeros(0, np.float32)

    def process(self, samples: Samples, /) -> Samples:
        heard = np.concatenate([self._waiting, samples])
        ready = max(len(heard) - self.late, 0)
        self._waiting = heard[ready:]
        return heard[:ready]


class Lanes:
    """The whole path, with an engine on lane 0; `begin` puts another on a lane, `lane` is the one to be heard."""

    def __init__(
        self,
        shared: SharedStatus,
        sources: list[Ring],
        sinks: list[Ring],
        sound: Callable[[int, int], Samples],
        hop: float,
        late: int,
    ) -> None:
        self.clock, self.shared, self.sources, self.sinks = VirtualClock(), shared, sources, sinks
        shared.session["margin"] = 0.03
        for name in ("input_open", "output_open"):
            shared.audio[name] = 1
        for name in ("input_block", "output_block"):
            shared.audio[name] = BLOCK / RATE
        self.attached: list[SharedStatus] = []
        self.playout = Playout(sinks, RATE, shared)
        self.io = MemoryIO(self.clock, Intake(sources, RATE, shared), self.playout, sound, RATE, BLOCK)
        self.loops: dict[int, HopLoop] = {}
        self.begin(0, hop, late)

    def begin(self, lane: int, hop: float, late: int = 0) -> None:
        status = SharedStatus.attach(self.shared.name, lane)
        self.attached.append(status)
        self.loops[lane] = HopLoop(Wire(hop, late), self.sources[lane], self.sinks[lane], status, self.clock)
        self.loops[lane].open()

    def end(self, lane: int) -> None:
        self.loops.pop(lane)
        self.shared.lanes[lane]["ready"] = 0

    def choose(self, lane: int) -> None:
        self.shared.session["lane"] = lane

    def run(self, seconds: float) -> None:
        self.io.run(seconds, self._turn)

    def _turn(self) -> None:
        for loop in self.loops.values():
            while loop.step():
                pass

    @property
    def lane(self) -> int:
        return int(self.shared.audio["lane"])

    @property
    def heard(self) -> Samples:
        """What was played, from its first sound on."""
        sound = np.concatenate(self.io.played)
        return sound[np.flatnonzero(sound)[0] :]


def sine(first: int, count: int) -> Samples:
    return (0.8 * np.sin(2 * np.pi * 100 / RATE * np.arange(first, first + count))).astype(np.float32)


def time_of_day(first: int, count: int) -> Samples:
    """A ramp of 1 in an hour: each sample tells when it was spoken."""
    return (np.arange(first, first + count) / RATE / HOUR).astype(np.float32)


def places(sound: Samples) -> np.ndarray:
    """The sample of the microphone that each sample of a ramp was."""
    return np.round(sound.astype(np.float64) * RATE * HOUR)


@pytest.fixture
def make() -> Iterator[Callable[..., Lanes]]:
    with ExitStack() as stack:

        def made(sound: Callable[[int, int], Samples] = sine, hop: float = 0.02, late: int = 0) -> Lanes:
            shared = SharedStatus.create()
            sources, sinks = ([Ring.create(4 * RATE) for _ in range(LANES)] for _ in range(2))
            for one in (*sources, *sinks):
                stack.callback(one.close)
            lanes = Lanes(shared, sources, sinks, sound, hop, late)
            stack.callback(shared.close)
            stack.callback(lambda: [one.close() for one in lanes.attached])
            return lanes

        yield made


@pytest.mark.parametrize(
    ("before", "after"),
    [((0.02, 0), (0.02, 0)), ((0.02, 0), (0.16, 960)), ((0.16, 960), (0.02, 0)), ((0.08, 7), (0.05, 2000))],
)
def test_other_voice_takes_over_without_a_gap_or_a_repeat(
    make: Callable[..., Lanes], before: tuple[float, int], after: tuple[float, int]
) -> None:
    live = make(time_of_day, *before)
    live.run(3)

    live.begin(1, *after)
    live.choose(1)
    live.run(3)

    assert live.lane == 1
    steps = np.diff(places(live.heard[100:]))  # behind the fade at the beginning
    elsewhere = np.flatnonzero(np.abs(steps - 1) > 1)
    assert elsewhere[-1] - elsewhere[0] <= CROSSFADE * RATE if len(elsewhere) else True
    assert (live.shared.audio["late"], live.shared.audio["lost"]) == (0, 0)
    assert live.shared.lanes[1]["skipped"] == 0


def test_crossfade_keeps_the_level(make: Callable[..., Lanes]) -> None:
    live = make(lambda first, count: np.full(count, 0.5, np.float32))
    live.run(2)

    live.begin(1, 0.08, 400)
    live.choose(1)
    live.run(2)

    np.testing.assert_allclose(live.heard[100:], 0.5, atol=1e-6)


def test_after_the_change_the_rings_hold_hop_and_margin(make: Callable[..., Lanes]) -> None:
    live = make()
    live.run(2)

    live.begin(1, 0.08)
    live.choose(1)
    live.run(0.5)
    live.end(0)
    live.run(60)

    engine = live.shared.played
    assert engine["input_fill"] + engine["output_fill"] == pytest.approx(0.08 + 0.03, abs=0.011)
    assert (live.shared.audio["late"], engine["skipped"]) == (0, 0)


def test_there_and_back_again_and_nothing_old_is_heard(make: Callable[..., Lanes]) -> None:
    live = make(time_of_day)
    for lane in (1, 0, 1):
        live.run(2)
        if lane in live.loops:
            live.end(lane)
        live.run(0.5)
        live.begin(lane, 0.04)
        live.choose(lane)

    live.run(2)

    delays = np.arange(len(live.heard)) - places(live.heard)
    assert np.ptp(delays[100:]) / RATE < 0.15
    assert live.lane == 1


def test_voice_that_has_nothing_to_say_is_not_passed_over_to(make: Callable[..., Lanes]) -> None:
    live = make()
    live.run(2)

    live.choose(1)
    live.run(2)

    assert live.lane == 0
    assert np.abs(live.heard[-RATE:]).max() == pytest.approx(0.8, abs=0.01)


def test_other_voice_takes_over_from_silence_where_the_first_one_has_died(make: Callable[..., Lanes]) -> None:
    live = make(time_of_day)
    live.run(2)

    live.end(0)
    live.run(1)
    live.begin(1, 0.02)
    live.choose(1)
    live.run(1)

    assert live.lane == 1
    assert live.clock.now - live.io.played[-1][-1] * HOUR < 0.1


def test_first_voice_comes_back_where_the_other_one_dies_while_taking_over(make: Callable[..., Lanes]) -> None:
    live = make(time_of_day)
    live.run(2)
    live.begin(1, 0.02)
    live.choose(1)
    while live.lane == 0:
        live.run(0.01)

    live.end(1)
    live.choose(0)
    live.run(1)

    assert live.lane == 0
    assert live.clock.now - live.io.played[-1][-1] * HOUR < 0.1


def test_output_that_was_away_during_the_change_plays_nothing_old(make: Callable[..., Lanes]) -> None:
    live = make(time_of_day)
    live.run(2)

    live.io.has_output, live.shared.audio["output_open"] = False, 0
    live.begin(1, 0.02)
    live.choose(1)
    live.run(10)
    live.playout.restart()
    live.io.has_output, live.shared.audio["output_open"] = True, 1
    live.run(2)

    assert live.lane == 1
    assert live.clock.now - live.io.played[-1][-1] * HOUR < 0.1
