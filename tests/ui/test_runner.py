import pytest

from rtvc.errors import DeviceError, RtvcError
from rtvc.library import Voice
from rtvc.session import SessionOptions
from rtvc.status import State
from tests.ui.recorded_session import RecordedSession
from ui.runner import Runner, Wish

OPTIONS = SessionOptions(Voice("slt", {}, None, None), "mic", "out")


@pytest.fixture
def session():
    return RecordedSession()


@pytest.fixture
def runner(qapp, session):
    made = Runner(lambda: session)
    yield made
    session.gate.set()
    made.close(5)


def settled(qtbot, runner):
    qtbot.waitUntil(lambda: runner.wish is Wish.NONE)


def test_nothing_runs_at_first(runner):
    assert (runner.is_active, runner.status().state, runner.wish) == (False, State.IDLE, Wish.NONE)


def test_start_hands_over_options_and_switches(qtbot, runner, session):
    runner.start(lambda: OPTIONS, muted=True, passthrough=False)
    assert (runner.is_active, runner.wish) == (True, Wish.START)
    settled(qtbot, runner)

    assert session.said == [("start", "slt"), ("mute", True), ("passthrough", False)]
    assert runner.is_active


def test_start_and_stop_keep_their_order(qtbot, runner, session):
    session.gate.clear()
    runner.start(lambda: OPTIONS, False, False)
    runner.stop()
    assert (runner.is_active, runner.wish) == (False, Wish.STOP)

    session.gate.set()
    settled(qtbot, runner)

    assert (session.said[0], session.said[-1]) == (("start", "slt"), ("stop",))
    assert not runner.is_active


@pytest.mark.parametrize("in_options", [True, False])
def test_start_that_fails_says_why(qtbot, runner, session, in_options):
    def options():
        if in_options:
            raise DeviceError("there is no microphone")
        return OPTIONS

    session.fault = DeviceError("there is no microphone")
    runner.start(options, False, False)
    settled(qtbot, runner)

    assert (runner.fault, runner.is_active) == ("there is no microphone", False)
    session.fault = None
    runner.start(lambda: OPTIONS, False, False)
    assert runner.fault == ""


def test_change_reaches_only_a_session_that_runs(qtbot, runner, session):
    runner.change(lambda session: session.set_margin(0.04))
    runner.start(lambda: OPTIONS, False, False)
    runner.change(lambda session: session.set_margin(0.08))
    qtbot.waitUntil(lambda: ("margin", 0.08) in session.said)

    assert ("margin", 0.04) not in session.said


def test_change_that_is_refused_is_told(qtbot, runner, session):
    def refuse(session):
        raise RtvcError("no control 'pich'; did you mean pitch?")

    runner.start(lambda: OPTIONS, False, False)

    with qtbot.waitSignal(runner.trouble_found) as told:
        runner.change(refuse)

    assert told.args == ["no control 'pich'; did you mean pitch?"]


def test_close_ends_the_session(qtbot, runner, session):
    runner.start(lambda: OPTIONS, False, False)
    settled(qtbot, runner)

    assert runner.close(5)
    assert session.said[-1] == ("close",)


def test_close_makes_no_session_to_close_it(qapp):
    made = []
    runner = Runner(lambda: made.append(1))

    assert runner.close(1)
    assert made == []


def test_close_does_not_wait_for_ever(runner, session):
    session.gate.clear()
    runner.start(lambda: OPTIONS, False, False)

    assert not runner.close(0.1)
