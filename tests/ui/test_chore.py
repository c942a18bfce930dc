import pytest

from tests.ui.recorded_errand import RecordedErrand
from ui.chore import Chore


@pytest.fixture
def errands():
    return []


@pytest.fixture
def chore(qapp, errands):
    def make(work, *arguments):
        errands.append(RecordedErrand(work, arguments))
        return errands[-1]

    made = Chore("test", make)
    yield made
    for errand in errands:
        errand.end()
    made.close(5)


def begun(qtbot, errands, count=1):
    qtbot.waitUntil(lambda: len(errands) == count)
    return errands[-1]


def test_what_is_done_and_what_is_told_arrive_before_the_result(qtbot, chore, errands):
    heard = []
    chore.reached.connect(lambda *told: heard.append(told))
    chore.told.connect(heard.append)
    chore.done.connect(heard.append)
    chore.run("module:work", 1)
    errand = begun(qtbot, errands)

    errand.tell("reach", "reading", 0.5)
    errand.tell("preview", "a.wav", 1.0)
    errand.end("over")

    qtbot.waitUntil(lambda: len(heard) == 3)
    assert heard == [("reading", 0.5), ("preview", "a.wav", 1.0), "over"]
    assert (errand.work, errand.arguments, chore.is_busy) == ("module:work", (1,), False)


def test_refusal_is_handed_over(qtbot, chore, errands):
    chore.run("module:work")

    with qtbot.waitSignal(chore.failed) as told:
        begun(qtbot, errands).fail("no voice 'x'")

    assert told.args == ["no voice 'x'"]


def test_cancelled_work_is_not_busy_and_what_follows_it_is_done(qtbot, chore, errands):
    ended = []
    chore.cancelled.connect(lambda: ended.append("cancelled"))
    chore.done.connect(ended.append)
    chore.run("module:first")
    chore.run("module:never")
    begun(qtbot, errands)

    chore.cancel()
    assert not chore.is_busy
    chore.run("module:last")
    begun(qtbot, errands, 2).end("last")

    qtbot.waitUntil(lambda: ended == ["cancelled", "cancelled", "last"])
    assert [errand.work for errand in errands] == ["module:first", "module:last"]


def test_work_is_told_something(qtbot, chore, errands):
    chore.run("module:work")
    errand = begun(qtbot, errands)

    chore.ask("record", 3)

    assert errand.asked == [("record", 3)]


def test_close_ends_what_runs(qtbot, chore, errands):
    chore.run("module:work")
    begun(qtbot, errands)

    assert chore.close(5)
