"""What a run of a session says of itself while it looks for its devices, and when it breaks."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rtvc.errors import RtvcError
from rtvc.live_run import MISTAKE, LiveRun
from rtvc.plan import SessionOptions
from rtvc.spares import Spares
from rtvc.status import State, Status
from tests.live_path import toy_voice

Tell = Callable[[str], None]


@pytest.fixture
def run_through(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[LiveRun, Tell], object]], Status]:
    """What a run says at its end, whose devices are looked up by `look(run, tell)`."""

    def run_through(look: Callable[[LiveRun, Tell], object]) -> Status:
        run = LiveRun(SessionOptions(toy_voice(), Path("speech.wav")), Spares())
        monkeypatch.setattr("rtvc.live_run.awaited_plan", lambda options, is_over, tell: look(run, tell))
        run.start()
        run._thread.join()
        return run.status()

    return run_through


def test_nothing_is_wrong_while_devices_are_looked_up(run_through) -> None:
    shown = []

    def look(run: LiveRun, tell: Tell) -> None:
        tell("")
        shown.append(run.status())
        run._stopping.set()

    status = run_through(look)

    assert [(one.state, one.message) for one in shown] == [(State.LOADING, "")]
    assert (status.state, status.message) == (State.IDLE, "")


def test_fault_of_the_world_is_told_in_its_own_words(run_through) -> None:
    def look(run: LiveRun, tell: Tell) -> None:
        raise RtvcError("no microphone")

    status = run_through(look)

    assert (status.state, status.message) == (State.FAILED, "no microphone")


def test_own_mistake_is_told_as_one(run_through, monkeypatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda *_: None)

    status = run_through(lambda run, tell: 1 // 0)

    assert (status.state, status.message) == (State.FAILED, MISTAKE)
