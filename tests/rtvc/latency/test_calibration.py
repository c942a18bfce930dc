"""Calibration finds the lowest safe hop and margin of machines that exist in memory only."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rtvc.errors import RtvcError
from rtvc.latency.calibration import calibrate_latency
from rtvc.latency.choosing import (
    MARGIN_STEP,
    PLAIN_HOPS,
    LatencyChoice,
    Trial,
    best_of,
    hops_of,
    kept_slack,
    next_hop,
)
from rtvc.library import Voice
from rtvc.plan import SessionOptions
from rtvc.presets import StreamTimes
from rtvc.status import Load, State, Status, Timing
from tests.live_path import toy_voice

STRETCH, BLOCK = 0.5, 0.01
PHASES = (0.9, 0.3, 0.0, 0.6)
"""Of two clocks at the openings of a stream, one after the other."""


@dataclass
class Machine:
    """A session on a machine that takes `fixed` seconds for a hop and `share` of its length besides.

    Once in so many stretches, `every`, a hop comes `spike` seconds later than usual. It has a clock of its own, and a
    stream begins with up to a hop more slack than its margin is worth, as the phase of the opening has it. A spike that
    `is_hidden` takes no computing.
    """

    fixed: float
    share: float
    spike: float = 0.0
    every: int = 5
    is_hidden: bool = False
    fails: bool = False
    now: float = 0.0
    opened: float = 0.0
    epoch: int = 0
    hop: float = 0.02
    margin: float = 0.0
    muted: bool = False
    was_heard: bool = False
    state: State = State.IDLE
    late: int = 0
    counted: int = 0
    opened_hops: list[float] = field(default_factory=list)

    def start(self, options: SessionOptions) -> None:
        self.state, self.margin = State.FAILED if self.fails else State.RUNNING, options.margin
        self._open(options.hop)

    def stop(self) -> None:
        self.state = State.IDLE

    def set_mute(self, muted: bool) -> None:
        self.was_heard = self.was_heard or (not muted and self.state is State.RUNNING)
        self.muted = muted

    def set_margin(self, margin: float) -> None:
        self.margin = margin

    def reopen(self, times: StreamTimes) -> None:
        self._open(times.hop)
        self.opened_hops.append(times.hop)

    def status(self) -> Status:
        return Status(self.state, "the voice is broken" if self.fails else "")

    def timing(self) -> Timing:
        load = (self.fixed + self.share * self.hop) / self.hop
        stretches = int((self.now - self.opened) / STRETCH)
        while self.counted < stretches:
            self.counted += 1
            self.late += load > 1 or (self._lateness(self.counted) > self._rest)
        rare = load + (0.0 if self.is_hidden else self.spike / self.hop)
        return Timing(
            epoch=self.epoch,
            is_ready=self.state is State.RUNNING,
            hop=self.hop,
            slack=self._seen_slack(self._lateness(stretches)),
            stretches=self.counted,
            late=self.late,
            load=Load(load, load, rare),
        )

    def wait(self, seconds: float) -> None:
        self.now += seconds

    def _seen_slack(self, lateness: float) -> float:
        """What is left when a block is played: less by whole blocks."""
        return max(self._rest - BLOCK * math.floor(lateness / BLOCK + 1e-9), 0.0)

    @property
    def _rest(self) -> float:
        return kept_slack(self.hop, self.margin) + PHASES[self.epoch % len(PHASES)] * self.hop

    def _lateness(self, stretch: int) -> float:
        return self.spike if stretch % self.every == 0 else 0.0

    def _open(self, hop: float) -> None:
        self.hop, self.epoch, self.opened, self.counted = hop, self.epoch + 1, self.now, 0


def calibrated(
    machine: Machine, voice: Voice | None = None, is_cancelled: Callable[[], bool] = lambda: False
) -> LatencyChoice | None:
    options = SessionOptions(voice or toy_voice(), Path("speech.wav"))
    return calibrate_latency(machine, options, is_cancelled=is_cancelled, wait=machine.wait, clock=lambda: machine.now)


def stands(machine: Machine, hop: float, margin: float) -> bool:
    """Whether a minute passes without a late hop, at every phase."""
    machine.late = 0
    for _ in PHASES:
        machine.start(SessionOptions(toy_voice(), margin=margin, hop=hop))
        machine.now += 60
        machine.timing()
    machine.stop()
    return not machine.late


@pytest.mark.parametrize(
    ("fixed", "share", "spike"),
    [(0.001, 0.05, 0.0), (0.001, 0.05, 0.012), (0.012, 0.1, 0.004), (0.004, 0.4, 0.03), (0.03, 0.3, 0.02)],
)
def test_choice_stands_and_is_within_a_step_of_the_best_by_exhaustive_search(
    fixed: float, share: float, spike: float
) -> None:
    choice = calibrated(Machine(fixed, share, spike))

    assert choice is not None
    assert stands(Machine(fixed, share, spike), choice.hop, choice.margin)
    safe = [
        (hop + margin / 1000, hop)
        for hop in PLAIN_HOPS
        for margin in range(5, 200, 5)
        if (fixed + share * hop) / hop <= 0.7 and stands(Machine(fixed, share, spike), hop, margin / 1000)
    ]
    best = min(safe)[1]
    assert abs(PLAIN_HOPS.index(choice.hop) - PLAIN_HOPS.index(best)) <= 1
    least = next(margin for wait, hop in sorted(safe) if hop == choice.hop for margin in [wait - hop])
    assert choice.margin <= least + MARGIN_STEP + 1e-9


def test_it_takes_about_ten_seconds_and_nothing_is_heard() -> None:
    machine = Machine(0.001, 0.05, 0.004)

    calibrated(machine)

    assert machine.now < 15
    assert not machine.was_heard and not machine.muted and machine.state is State.IDLE


def test_hops_that_are_surely_too_short_are_left_out() -> None:
    machine = Machine(0.05, 0.0)

    choice = calibrated(machine)

    assert machine.opened_hops[:2] == [0.01, 0.08]
    assert choice is not None and choice.hop == 0.08


@pytest.mark.parametrize(
    ("hop", "rare", "margin"), [(0.02, 0.02, 0.005), (0.02, 0.05, 0.005), (0.02, 0.2, 0.01), (0.02, 0.6, 0.025)]
)
def test_least_margin_outlasts_a_rare_hop_at_every_phase(hop: float, rare: float, margin: float) -> None:
    trial = Trial(hop, Load(0.1, 0.1, 0.1 + rare), (0.15, 0.15), 0)

    assert trial.margin == pytest.approx(margin)
    assert kept_slack(hop, margin) >= trial.lateness


def test_slack_tells_no_more_than_blocks() -> None:
    assert Trial(0.02, Load(), (0.15, 0.13, 0.15), 0, BLOCK).lateness == 0.0
    assert Trial(0.02, Load(), (0.15, 0.09, 0.15), 0, BLOCK).lateness == pytest.approx(0.04)


@pytest.mark.parametrize("spike", [0.004, 0.012, 0.033])
def test_hops_that_are_late_without_more_load_are_kept_in_time(spike: float) -> None:
    choice = calibrated(Machine(0.001, 0.05, spike, is_hidden=True))

    assert choice is not None
    machine = Machine(0.001, 0.05, spike, is_hidden=True)
    machine.start(SessionOptions(toy_voice(), margin=choice.margin, hop=choice.hop))
    assert kept_slack(choice.hop, choice.margin) >= spike - BLOCK


def test_hop_that_comes_late_when_it_is_checked_raises_the_margin() -> None:
    choice = calibrated(Machine(0.001, 0.05, spike=0.02, every=7, is_hidden=True))

    assert choice is not None
    assert choice.trials[0].margin == pytest.approx(MARGIN_STEP)
    assert choice.margin > 3 * MARGIN_STEP


def test_why_is_said_in_words() -> None:
    choice = calibrated(Machine(0.001, 0.05, 0.012))

    assert choice is not None
    assert "a hop of 10 ms takes 15% of its time" in choice.words
    assert "with 20 ms of margin every one was in time, 5 ms more are a reserve" in choice.words
    assert choice.margin == pytest.approx(0.025)
    assert "12 ms later than usual" in choice.trials[0].words


def test_a_voice_too_slow_for_every_hop_is_refused_with_its_load() -> None:
    machine = Machine(1.0, 0.2)

    with pytest.raises(RtvcError, match=r"no hop is safe for toy.*too much|came too late"):
        calibrated(machine)
    assert machine.state is State.IDLE


def test_a_session_that_fails_is_told() -> None:
    with pytest.raises(RtvcError, match="the voice is broken"):
        calibrated(Machine(0.0, 0.1, fails=True))


def test_it_can_be_cancelled() -> None:
    machine = Machine(0.001, 0.05)

    assert calibrated(machine, is_cancelled=lambda: machine.now > 1.0) is None
    assert machine.state is State.IDLE and machine.now < 2.0


def test_progress_is_told_and_only_grows() -> None:
    machine, told = Machine(0.001, 0.05), []
    options = SessionOptions(toy_voice(), Path("speech.wav"))

    calibrate_latency(
        machine, options, lambda words, part: told.append((words, part)), wait=machine.wait, clock=lambda: machine.now
    )

    parts = [part for _, part in told]
    assert parts == sorted(parts) and parts[-1] == 1.0
    assert told[0][0] == "loading the voice"


def test_the_hops_of_a_voice_are_those_of_its_card() -> None:
    live = Voice("slt", {"name": "slt", "family": "live"}, Path(), None)
    sovits = Voice("anna", {"name": "anna", "family": "sovits"}, Path(), None)

    assert hops_of(live)[:2] == (0.02, 0.04) and max(hops_of(live)) == 0.2
    assert hops_of(sovits)[:3] == (0.04, 0.08, 0.12)
    assert hops_of(toy_voice()) == PLAIN_HOPS


def test_the_best_is_the_safe_one_with_the_least_wait() -> None:
    trials = [
        Trial(0.01, Load(0.9, 0.95, 1.2), (0.1,), 0),
        Trial(0.02, Load(0.5, 0.6, 0.6), (0.1, 0.04), 0),
        Trial(0.04, Load(0.3, 0.4, 0.4), (0.1, 0.1), 0),
    ]

    assert best_of(trials) is trials[2]
    assert next_hop((0.01, 0.02, 0.04, 0.2), trials) is None
    assert best_of(trials[:1]) is None
