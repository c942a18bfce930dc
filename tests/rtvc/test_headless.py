import signal
import subprocess
import sys

import pytest

from rtvc.errors import RtvcError
from rtvc.headless import PERIOD, check_writable, watch, write_stats
from rtvc.status import State, Status

LOADING, RUNNING, RECOVERING = (Status(state) for state in (State.LOADING, State.RUNNING, State.RECOVERING))


class FakeSession:
    """Goes through a list of statuses, one a look, and stays at the last."""

    def __init__(self, statuses):
        self.statuses = list(statuses)
        self.stopped = 0

    def start(self, options):
        self.options = options

    def stop(self):
        self.stopped += 1

    def status(self):
        return self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]

    def stats(self):
        return {"late": 0}


class FakeTime:
    """A clock that moves only while somebody waits."""

    def __init__(self):
        self.now = 0.0

    def wait(self, seconds):
        self.now += seconds

    def clock(self):
        return self.now


def run(session, seconds=None, show=lambda status: None):
    time = FakeTime()
    return watch(session, "options", seconds, show, time.wait, time.clock), time.now


def test_time_is_counted_from_the_moment_it_runs():
    session = FakeSession([LOADING] * 50 + [RUNNING])

    outcome, now = run(session, seconds=2.0)

    assert now == pytest.approx(50 * PERIOD + 2.0, abs=2 * PERIOD)
    assert (outcome.status, outcome.interrupted, session.stopped, session.options) == (RUNNING, False, 1, "options")


def test_time_passes_while_it_recovers():
    _, now = run(FakeSession([RUNNING, RECOVERING]), seconds=1.0)

    assert now == pytest.approx(1.0, abs=2 * PERIOD)


def test_end_of_the_recording_ends_the_run():
    ended = Status(State.RUNNING, ended=True)

    outcome, _ = run(FakeSession([LOADING, RUNNING, ended]))

    assert outcome.status == ended


def test_failure_ends_the_run_with_its_message():
    failed = Status(State.FAILED, message="no microphone")

    outcome, _ = run(FakeSession([LOADING, failed]), seconds=60)

    assert outcome.status.message == "no microphone"


def test_every_look_is_shown():
    shown = []

    run(FakeSession([LOADING, RUNNING, Status(State.IDLE)]), show=shown.append)

    assert [status.state for status in shown] == [State.LOADING, State.RUNNING, State.IDLE]


SIGNALLED = """
import importlib.util, itertools, os, signal, sys
spec = importlib.util.spec_from_file_location("headless_helpers", sys.argv[1])
helpers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(helpers)
session, looks = helpers.FakeSession([helpers.RUNNING]), itertools.count()
before = signal.getsignal(signal.SIGTERM)
outcome, _ = helpers.run(session, show=lambda _: next(looks) == 3 and os.kill(os.getpid(), int(sys.argv[2])))
print(outcome.interrupted, session.stopped, outcome.stats, signal.getsignal(signal.SIGTERM) == before)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_the_run_in_order(number):
    done = subprocess.run(
        [sys.executable, "-c", SIGNALLED, __file__, str(int(number))], capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("True 1 {'late': 0} True\n", "")


def test_figures_that_cannot_be_written_are_one_sentence(tmp_path):
    with pytest.raises(RtvcError, match="cannot be written"):
        write_stats(tmp_path / "none" / "figures.json", {})


@pytest.mark.parametrize(("name", "expected"), [("none/a.wav", "there is no folder"), (".", "is a folder")])
def test_place_that_cannot_be_written_is_told_beforehand(tmp_path, name, expected):
    with pytest.raises(RtvcError, match=expected):
        check_writable(tmp_path / name)
