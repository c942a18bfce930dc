"""The live path in virtual time: microphone, rings, hops and output, without a device or a second process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import numpy as np
import pytest

from rtvc.delay import measured_delay
from rtvc.engine import DelayParts
from rtvc.hops import BUSY, HopLoop
from rtvc.intake import Intake
from rtvc.playout import Playout
from rtvc.resample import Samples
from rtvc.retime import SIDE_TAPS
from rtvc.ring import Ring
from rtvc.shared import SharedStatus
from rtvc.virtual import MemoryIO, VirtualClock

RATE = 8000
MARGIN = 0.03


@dataclass
class Wire:
    """A voice that changes nothing, but may take its time."""

    hop: float
    input_rate: int = RATE
    output_rate: int = RATE
    gain: float = 1.0
    nan_count: int = 0
    delay: DelayParts = DelayParts(0.0, 0.0, 0.0, 0.0)
    learned: dict[str, float] = field(default_factory=dict)

    def process(self, samples: Samples, /) -> Samples:
        return samples * np.float32(self.gain)

    def reset(self) -> None:
        pass


class Live:
    """The whole path; `step` is the engine's turn and can be taken away from it."""

    def __init__(self, rings: tuple[Ring, Ring], shared: SharedStatus, hop: float, sound: Callable[[int, int], Samples],
                 block: int = 80, **ppm: float) -> None:  # fmt: skip
        self.clock, self.shared = VirtualClock(), shared
        self.source, self.sink = rings
        shared.session["margin"] = MARGIN
        for name in ("input_open", "output_open"):
            shared.audio[name] = 1
        for name in ("input_block", "output_block"):
            shared.audio[name] = block / RATE
        self.playout = Playout([self.sink], RATE, shared)
        self.loop = HopLoop(Wire(hop, gain=0.5), self.source, self.sink, shared, self.clock)
        self.io = MemoryIO(self.clock, Intake([self.source], RATE, shared), self.playout, sound, RATE, block, **ppm)
        self.is_stalled = False
        self.loop.open()

    def run(self, seconds: float) -> None:
        self.io.run(seconds, self.turn)

    def turn(self) -> None:
        if not self.is_stalled:
            while self.loop.step():
                pass

    @property
    def heard(self) -> Samples:
        return np.concatenate(self.io.played)

    def delay(self) -> float:
        """The delay of the newest sound, for a ramp that tells its own time."""
        return self.clock.now - float(self.io.played[-1][-1]) * 2 * 3600


def sine(first: int, count: int) -> Samples:
    return (0.8 * np.sin(2 * np.pi * 100 / RATE * np.arange(first, first + count))).astype(np.float32)


def time_of_day(first: int, count: int) -> Samples:
    """A ramp of 1 in an hour: each sample tells when it was spoken."""
    return (np.arange(first, first + count) / RATE / 3600).astype(np.float32)


@pytest.fixture
def make() -> Iterator[Callable[..., Live]]:
    with ExitStack() as stack:

        def made(hop: float = 0.02, sound: Callable[[int, int], Samples] = sine, **options: float) -> Live:
            rings = Ring.create(4 * RATE), Ring.create(4 * RATE)
            shared = SharedStatus.create()
            for one in (*rings, shared):
                stack.callback(one.close)
            return Live(rings, shared, hop, sound, **options)

        yield made


def test_undisturbed_sound_is_the_converted_input_without_a_gap(make: Callable[..., Live]) -> None:
    live = make()

    live.run(10)

    sound = live.heard[np.flatnonzero(live.heard)[0] :]
    steps = np.abs(np.diff(sound[200:]))
    assert np.abs(sound[200:]).max() == pytest.approx(0.4, abs=0.01)
    assert steps.max() < 1.1 * 0.4 * 2 * np.pi * 100 / RATE
    assert (live.shared.audio["late"], live.shared.audio["lost"], live.shared.engine["skipped"]) == (0, 0, 0)


@pytest.mark.parametrize("hop", [0.01, 0.02, 0.08, 0.2])
def test_rings_hold_hop_and_margin(make: Callable[..., Live], hop: float) -> None:
    live = make(hop)

    live.run(60)

    waiting = live.shared.engine["input_fill"] + live.shared.engine["output_fill"]
    assert waiting == pytest.approx(hop + MARGIN, abs=0.011)


@pytest.mark.parametrize("hop", [0.02, 0.08])
def test_stream_begins_with_what_was_heard_just_before_at_the_delay_it_keeps(
    make: Callable[..., Live], hop: float
) -> None:
    live = make(hop, sound=time_of_day)
    live.shared.engine["ready"] = 0
    live.is_stalled = True
    live.run(1)

    live.loop.open()
    live.is_stalled = False
    live.run(hop + 0.03)
    delay = live.delay()
    live.run(20)

    assert delay < hop + MARGIN + 0.03
    assert live.delay() == pytest.approx(delay, abs=0.011)
    assert (live.shared.audio["late"], live.shared.engine["skipped"]) == (0, 0)


def test_late_hop_is_a_fade_to_silence_counted_and_nothing_is_heard_twice(make: Callable[..., Live]) -> None:
    live = make(sound=lambda first, count: time_of_day(first, count) + np.float32(0.1))
    live.run(3)

    live.is_stalled = True
    live.run(0.08)
    live.is_stalled = False
    live.run(3)

    sound = live.heard[np.flatnonzero(live.heard)[0] + 100 :]
    silent = np.flatnonzero(sound == 0)
    before, after = sound[: silent[0] - 100], sound[silent[-1] + 100 :]
    assert 1 <= live.shared.audio["late"] <= 4
    assert 0.01 * RATE < len(silent) == silent[-1] - silent[0] + 1 < 0.08 * RATE
    assert before.max() < after.min()
    assert np.abs(np.diff(sound)).max() < 0.005


def test_stalled_engine_leaves_no_delay_behind(make: Callable[..., Live]) -> None:
    live = make(sound=time_of_day)
    live.run(5)
    before = live.delay()

    live.is_stalled = True
    live.run(0.6)
    live.is_stalled = False
    live.run(0.5)

    assert live.delay() == pytest.approx(before, abs=0.025)
    assert 20 <= live.shared.engine["skipped"] <= 31
    assert live.shared.audio["late"] > 0


def test_engine_that_is_too_slow_never_lets_the_delay_grow(make: Callable[..., Live]) -> None:
    live = make(sound=time_of_day)
    turns = iter(range(10**9))
    slow = lambda: live.loop.step() if next(turns) % 3 == 0 else None  # noqa: E731 - two hops' time for one

    live.io.run(30, slow)

    heard = [block for block in live.io.played if block[-1] > 0]
    assert live.clock.now - float(heard[-1][-1]) * 2 * 3600 < 0.7
    assert live.shared.engine["skipped"] > 0


def test_sound_returns_with_its_margin_after_the_microphone_was_away(make: Callable[..., Live]) -> None:
    live = make(sound=time_of_day)
    live.run(5)
    before = live.delay()

    live.io.has_input = False
    live.run(2)
    live.io.has_input = True
    live.run(5)

    assert live.delay() == pytest.approx(before, abs=0.012)


def test_output_that_returns_plays_nothing_old(make: Callable[..., Live]) -> None:
    live = make(sound=time_of_day)
    live.run(5)
    before = live.delay()

    live.io.has_output, live.shared.audio["output_open"] = False, 0
    live.run(10)
    live.playout.restart()
    live.io.has_output, live.shared.audio["output_open"] = True, 1
    live.run(5)

    assert live.delay() == pytest.approx(before, abs=0.012)
    assert live.shared.audio["lost"] == 0


def test_two_clocks_300_ppm_apart_for_two_hours(make: Callable[..., Live]) -> None:
    quiet = np.full(160, 0.1, np.float32)
    live = make(hop=0.08, block=160, sound=lambda first, count: quiet, input_ppm=150, output_ppm=-150)
    live.io.keeps = False
    fills, drifts = [], []

    for _ in range(120):
        live.run(60)
        fills.append(live.shared.engine["input_fill"] + live.shared.engine["output_fill"])
        drifts.append(live.shared.engine["drift_ppm"])

    audio, engine = live.shared.audio, live.shared.engine
    assert (audio["late"], audio["lost"], engine["skipped"]) == (0, 0, 0)
    assert np.mean(drifts[10:]) == pytest.approx(300, abs=15)
    assert np.ptp(fills[10:]) < 0.03
    assert np.mean(fills[-30:]) == pytest.approx(np.mean(fills[:30]), abs=0.01)


def test_passthrough_is_the_input_and_comes_back_without_a_click(make: Callable[..., Live]) -> None:
    live = make()
    live.run(2)

    live.loop.set_dry(True)
    live.run(2)
    live.loop.set_dry(False)
    live.run(2)

    sound = live.heard[np.flatnonzero(live.heard)[0] + 200 :]
    levels = [np.abs(part).max() for part in np.split(sound[: 5 * RATE], 5)]
    assert levels == pytest.approx([0.4, 0.8, 0.8, 0.8, 0.4], abs=0.01)
    assert np.abs(np.diff(sound)).max() < 1.1 * 0.8 * 2 * np.pi * 100 / RATE


def test_mute_is_silence_and_no_click(make: Callable[..., Live]) -> None:
    live = make()
    live.run(2)

    live.shared.session["mute"] = 1
    live.run(1)
    live.shared.session["mute"] = 0
    live.run(1)

    sound = live.heard[np.flatnonzero(live.heard)[0] + 200 :]
    assert np.abs(sound[int(2.1 * RATE) : int(2.7 * RATE)]).max() == 0
    assert np.abs(np.diff(sound)).max() < 1.1 * 0.4 * 2 * np.pi * 100 / RATE + 0.4 / 80


@pytest.mark.parametrize("margin", [0.1, 0.01])
def test_delay_follows_the_margin(make: Callable[..., Live], margin: float) -> None:
    live = make(sound=time_of_day)
    live.run(5)
    before = live.delay()

    live.shared.session["margin"] = margin
    live.run(3)

    assert live.delay() - before == pytest.approx(margin - MARGIN, abs=0.011)
    assert live.shared.audio["late"] == 0


@pytest.mark.parametrize(("hop", "block"), [(0.02, 80), (0.02, 40), (0.08, 80), (0.02, 88)])
def test_stated_delay_is_the_delay_of_the_sound(make: Callable[..., Live], hop: float, block: int) -> None:
    live = make(hop, sound=time_of_day, block=block)

    for _ in range(8000):
        live.io.run(0.001, lambda: None)
        live.turn()

    heard_until_now = live.clock.now - float(live.io.played[-1][0]) * 2 * 3600
    since_block = live.clock.now - live.playout.last_time
    assert measured_delay(live.shared).total == pytest.approx(heard_until_now - since_block, abs=0.002)


def test_late_hops_count_only_while_there_is_something_to_be_late(make: Callable[..., Live]) -> None:
    live = make()
    live.run(2)

    live.shared.audio["input_open"] = 0
    live.io.has_input = False
    live.run(2)

    assert live.shared.audio["late"] == 0


def test_warm_up_is_heard_by_the_engine_and_by_nobody_else(make: Callable[..., Live]) -> None:
    live, levels = make(), []

    class Listener(Wire):
        def process(self, samples: Samples, /) -> Samples:
            levels.append(float(np.abs(samples).max()))
            return samples

    loop = HopLoop(Listener(0.02), live.source, live.sink, live.shared, live.clock)
    loop.warm_up(3)

    assert min(levels) > 0.1
    assert live.sink.fill == 0


class Thinking(Wire):
    """A voice that takes half a hop for speech, and nothing for silence."""

    def attach(self, clock: VirtualClock) -> "Thinking":
        self._clock = clock
        return self

    def process(self, samples: Samples, /) -> Samples:
        if np.abs(samples).max() > 0.01:
            self._clock.now += 0.5 * self.hop
        return super().process(samples)


def test_silence_comes_as_late_as_speech_would(make: Callable[..., Live]) -> None:
    hop = 0.1
    live = make(hop)
    loop = HopLoop(Thinking(hop).attach(live.clock), live.source, live.sink, live.shared, live.clock)
    loop.warm_up(4)
    loop.open()
    silence, speech = np.zeros(round(hop * RATE), np.float32), sine(0, round(hop * RATE))
    given: list[float] = []
    for sound in (silence, speech, silence, silence):
        live.source.write(sound)
        heard, before = live.clock.now, live.sink.fill
        while live.sink.fill == before:
            loop.step()
            if live.sink.fill == before:
                live.clock.now += 0.001
        given.append(live.clock.now - heard)
        live.clock.now = heard + hop

    assert given == pytest.approx([0.05 * BUSY] * 4, abs=0.002)


def test_a_hop_that_is_held_goes_out_before_the_next_is_converted(make: Callable[..., Live]) -> None:
    hop = 0.1
    live = make(hop)
    loop = HopLoop(Thinking(hop).attach(live.clock), live.source, live.sink, live.shared, live.clock)
    loop.warm_up(4)
    loop.open()
    count, first = round(hop * RATE), round(hop * RATE) - SIDE_TAPS
    live.source.write(sine(0, count))
    assert loop.step()
    live.clock.now += 0.05
    loop.step()
    assert live.sink.fill == first
    live.source.write(np.zeros(count, np.float32))
    assert loop.step()
    assert live.sink.fill == first

    live.source.write(np.zeros(count, np.float32))
    assert loop.step()

    assert live.sink.fill == first + count
    live.clock.now += 0.075
    loop.step()
    assert live.sink.fill == first + 2 * count
