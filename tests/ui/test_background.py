import threading

import pytest
import shiboken6

from rtvc.errors import DeviceError
from ui.background import OWN_MISTAKE, Background


@pytest.fixture
def background(qapp):
    made = Background("test")
    yield made
    made.close(5)


def test_jobs_run_in_order_and_answer_in_the_window_thread(qtbot, background):
    answers = []

    for number in range(5):
        background.run(lambda number=number: number, lambda number: answers.append((number, threading.get_ident())))

    qtbot.waitUntil(lambda: len(answers) == 5)
    assert answers == [(number, threading.get_ident()) for number in range(5)]


def test_job_runs_beside_the_window(qtbot, background):
    found = []

    background.run(threading.get_ident, found.append)

    qtbot.waitUntil(lambda: bool(found))
    assert found != [threading.get_ident()]


def test_fault_of_the_world_is_handed_over(qtbot, background):
    told = []

    def fail():
        raise DeviceError("no sound server")

    background.run(fail, failed=lambda error: told.append(str(error)))

    qtbot.waitUntil(lambda: bool(told))
    assert told == ["no sound server"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_mistake_of_a_job_is_told_and_does_not_stop_the_next(qtbot, background):
    answers = []

    background.run(lambda: 1 / 0, failed=lambda error: answers.append(str(error)))
    qtbot.waitUntil(lambda: not background._thread.is_alive())
    background.run(lambda: "next", answers.append)

    qtbot.waitUntil(lambda: answers == [OWN_MISTAKE, "next"])


def test_close_waits_for_what_is_queued(background):
    done = []
    background.run(lambda: done.append(1))

    assert background.close(5)
    assert done == [1]


def test_close_gives_up_on_a_job_that_hangs(background):
    hung = threading.Event()
    background.run(hung.wait)

    assert not background.close(0.1)
    hung.set()


def test_nothing_is_handed_over_after_close(qtbot, background):
    answers = []
    background.run(lambda: 1, answers.append)

    background.close(5)

    qtbot.wait(20)
    assert answers == []


def test_job_that_ends_after_its_window_is_gone_makes_no_noise(monkeypatch, background):
    errors, release, ended = [], threading.Event(), threading.Event()
    monkeypatch.setattr(threading, "excepthook", errors.append)
    background.run(release.wait)
    background._put(ended.set)

    shiboken6.delete(background)
    release.set()

    assert ended.wait(5)
    assert errors == []
