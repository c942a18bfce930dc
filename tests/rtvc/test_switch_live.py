"""Another voice is chosen while a session runs on a real sound server: sound before, during and after."""

import multiprocessing
import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from rtvc.errors import RtvcError
from rtvc.session import StreamTimes
from rtvc.status import State
from tests.changing import (
    CROSSFADE,
    LOUD_LEVEL,
    USUAL_TIMES,
    engines,
    longest_gap,
    recorded,
    voice,
    wait_for_voice,
)
from tests.live_path import CONVERTED, GAIN_DB, PATIENCE, SPOKEN, LivePath
from tests.pulse_server import RATE, PulseServer, wait_until

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def live(server: PulseServer) -> Iterator[LivePath]:
    with LivePath(server, voice=voice("usual"), margin=0.06) as path:
        yield path


class Other:
    """A voice that the session does not speak with yet: to choose it, and to know it by its level."""

    def __init__(self, live: LivePath) -> None:
        self._live = live
        live.wait_for(State.RUNNING)
        self.before = live.session.status()
        is_loud = self.before.voice == "loud"
        self.name, self.level = ("usual", CONVERTED) if is_loud else ("loud", LOUD_LEVEL)
        self.values = {"gain_db": GAIN_DB + (0.0 if is_loud else 6.0), "gate_db": -90.0}

    def choose(self, times: StreamTimes = USUAL_TIMES, **card: object) -> None:
        self._live.session.set_voice(voice(self.name, **card), self.values, times)

    def wait_until_heard(self) -> None:
        wait_for_voice(self._live, self.name)
        self._live.wait_until_heard(self.level)
        self._live.wait_for(State.RUNNING)
        wait_until(lambda: len(engines()) == 1, PATIENCE, "one engine is left")


@pytest.fixture
def other(live: LivePath) -> Other:
    return Other(live)


@pytest.mark.parametrize(
    ("look_ahead_ms", "times"), [(0, StreamTimes(0.02)), (120, StreamTimes(0.08)), (35, StreamTimes(0.04))]
)
def test_other_voice_takes_over_without_a_gap(
    live: LivePath, other: Other, look_ahead_ms: int, times: StreamTimes
) -> None:
    first = engines()

    with recorded(live) as recording:
        other.choose(times, look_ahead_ms=look_ahead_ms)
        other.wait_until_heard()
        samples = recording.samples[RATE // 2 :]

    now = live.session.status()
    if now.late == other.before.late:  # else this machine was too busy
        assert longest_gap(samples, 0.05) <= CROSSFADE
    assert (now.state, now.message, now.recoveries) == (State.RUNNING, "", other.before.recoveries)
    assert now.delay["look_ahead"] == pytest.approx(look_ahead_ms / 1000)
    assert not engines() & first


@pytest.mark.parametrize("hop", [0.08, 0.02])
def test_other_windows_of_the_same_voice_come_without_a_gap(live: LivePath, hop: float) -> None:
    live.wait_for(State.RUNNING)
    first, before = engines(), live.session.status()
    level = LOUD_LEVEL if before.voice == "loud" else CONVERTED

    with recorded(live) as recording:
        live.session.set_windows(StreamTimes(hop))
        live.session.set_value("gain_db", 20 * np.log10(level / 2 / SPOKEN))
        wait_until(lambda: live.session.timing().hop == pytest.approx(hop), PATIENCE, "the hop is another one")
        wait_until(lambda: len(engines()) == 1, PATIENCE, "one engine is left")
        samples = recording.samples[RATE // 2 :]

    now = live.session.status()
    if now.late == before.late:  # else this machine was too busy
        assert longest_gap(samples, 0.03) <= CROSSFADE
    assert (now.voice, now.coming, now.state, now.message) == (before.voice, "", State.RUNNING, "")
    assert not engines() & first
    live.wait_until_heard(level / 2)
    live.session.set_value("gain_db", 20 * np.log10(level / SPOKEN))
    live.wait_until_heard(level)


def test_windows_asked_for_one_after_the_other_end_in_the_last(live: LivePath) -> None:
    live.wait_for(State.RUNNING)
    for hop in (0.06, 0.1, 0.04):
        live.session.set_windows(StreamTimes(hop))
        wait_until(lambda: live.session.status().coming, PATIENCE, "other windows are being opened")

    wait_until(lambda: live.session.timing().hop == pytest.approx(0.04), PATIENCE, "the last ones are there")

    wait_until(lambda: (len(engines()), live.session.status().coming) == (1, ""), PATIENCE, "and stay")
    live.session.set_windows(USUAL_TIMES)
    wait_until(lambda: live.session.timing().hop == pytest.approx(0.02), PATIENCE, "all is as before")


def test_windows_changed_at_once_need_no_other_engine(live: LivePath) -> None:
    wait_until(lambda: len(engines()) == 1, PATIENCE, "one engine is left")
    first = engines()

    live.session.reopen(StreamTimes(0.06))
    wait_until(lambda: live.session.timing().hop == pytest.approx(0.06), PATIENCE, "the hop is another one")

    assert engines() == first
    live.session.reopen(USUAL_TIMES)
    wait_until(lambda: live.session.timing().hop == pytest.approx(0.02), PATIENCE, "all is as before")


def test_controls_set_meanwhile_are_heard_in_the_new_voice(live: LivePath, other: Other) -> None:
    wanted, other.values = other.values, {**other.values, "gain_db": -24.0}
    other.choose()

    live.session.set_passthrough(True)
    live.session.set_passthrough(False)
    live.session.set_value("gain_db", wanted["gain_db"])
    with pytest.raises(RtvcError, match=f"voice {other.name} has no control 'gane_db'; did you mean"):
        live.session.set_value("gane_db", 3.0)

    other.wait_until_heard()


def test_voice_that_cannot_be_loaded_leaves_the_first_one_alone(live: LivePath, other: Other) -> None:
    first = engines()

    with recorded(live) as recording:
        other.choose(look_ahead_ms="far")
        wait_until(lambda: live.session.status().message, PATIENCE, "the fault is told")
        samples = recording.samples[RATE // 2 :]

    status = live.session.status()
    assert status.voice_fault == status.message
    assert status.message.startswith("look_ahead_ms is 'far', it must be a number")
    assert status.message.endswith(f"; {other.before.voice} goes on")
    assert (status.voice, status.coming, status.state) == (other.before.voice, "", State.RUNNING)
    assert engines() == first
    if status.late == other.before.late:
        assert longest_gap(samples, 0.05) <= CROSSFADE
    other.choose()
    assert live.session.status().message in ("", status.message)
    other.wait_until_heard()
    assert live.session.status().message == ""


def test_last_of_several_voices_is_the_one_that_speaks(live: LivePath, other: Other) -> None:
    live.session.set_voice(voice("broken", look_ahead_ms="far"), {}, USUAL_TIMES)
    live.session.set_voice(voice("another"), {}, USUAL_TIMES)
    wait_until(lambda: len(engines()) == 2, PATIENCE, "the other voice is being loaded")
    other.choose()

    other.wait_until_heard()


def test_first_voice_may_be_chosen_again_while_the_other_one_is_loaded(live: LivePath) -> None:
    first, before = engines(), live.session.status()
    live.session.set_voice(voice("another"), {}, USUAL_TIMES)
    wait_until(lambda: len(engines()) == 2, PATIENCE, "the other voice is being loaded")

    live.session.set_voice(voice(before.voice), {"gain_db": GAIN_DB - 6.0}, USUAL_TIMES)

    wait_until(lambda: engines() == first, PATIENCE, "the other engine has ended")
    live.wait_until_heard(CONVERTED * 10**-0.3)
    assert live.session.status().voice == before.voice


@pytest.mark.parametrize("victim", ["new", "old", "audio process"])
def test_process_killed_during_the_change(live: LivePath, other: Other, victim: str) -> None:
    old = engines()
    other.choose()
    wait_until(lambda: len(engines()) == 2, PATIENCE, "the new voice is being loaded")

    audio = {child.pid or 0 for child in multiprocessing.active_children() if child.name == "audio process"}
    killed = {"new": engines() - old, "old": old, "audio process": audio}[victim]
    os.kill(killed.pop(), signal.SIGKILL)

    other.wait_until_heard()


@pytest.mark.parametrize("device", ["rtvc_mic", "rtvc_out"])
def test_device_lost_during_the_change(live: LivePath, other: Other, device: str) -> None:
    other.choose()
    live.server.unplug(device)
    wait_until(lambda: live.session.status().state is State.RECOVERING, PATIENCE, "the loss is noticed")
    live.server.plug(device)

    other.wait_until_heard()
