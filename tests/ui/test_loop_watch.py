import time

from PySide6.QtCore import QTimer

from tests.ui.loop_watch import LONGEST, LoopWatch


def burn(seconds):
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def test_handler_that_takes_long_is_found_and_named(qtbot):
    with LoopWatch() as watch:
        qtbot.wait(50)
        QTimer.singleShot(0, lambda: burn(3 * LONGEST))
        qtbot.wait(50)

    assert watch.longest >= 3 * LONGEST
    assert "burn" in watch.where


def test_handlers_that_take_little_are_let_pass_however_many_there_are(qtbot):
    with LoopWatch() as watch:
        for _ in range(20):
            QTimer.singleShot(0, lambda: burn(LONGEST / 10))
            qtbot.wait(10)

    assert watch.longest < LONGEST


def test_what_the_test_itself_does_does_not_count(qtbot):
    with LoopWatch() as watch:
        with watch.aside():
            burn(3 * LONGEST)
        qtbot.wait(20)

    assert watch.longest < LONGEST
