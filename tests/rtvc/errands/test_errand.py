import os
import sys

import pytest

from rtvc.errands.errand import NICENESS, Cancelled, Errand
from rtvc.errors import RtvcError

TOY = "tests.rtvc.errands.toy_work"


def test_work_tells_how_far_it_is_and_returns_its_result():
    told = []

    result = Errand(f"{TOY}:count", 3).follow(told.append)

    assert result == 3
    assert told == [("reach", "counting", number / 3) for number in range(3)]


def test_cancelled_work_ends_and_says_so():
    errand = Errand(f"{TOY}:wait")

    with pytest.raises(Cancelled):
        errand.follow(lambda message: errand.cancel())


@pytest.mark.parametrize(
    ("work", "words"), [("refuse", "no voice 'x'"), ("stumble", "ZeroDivisionError"), ("die", "ended of itself")]
)
def test_work_that_cannot_go_on_says_why(work, words):
    with pytest.raises(RtvcError, match=words):
        Errand(f"{TOY}:{work}").follow(print)


def test_package_that_work_lacks_is_told_without_a_trace(capfd):
    with pytest.raises(RtvcError, match=r'Matplotlib, which is not installed: pip install "rtvc\[evaluate\]"'):
        Errand(f"{TOY}:lack").follow(print)

    assert "Traceback" not in capfd.readouterr().err


def test_work_is_asked_and_answers():
    errand, told = Errand(f"{TOY}:answer"), []

    def hear(message):
        told.append(message)
        errand.cancel()

    errand.ask(21)

    assert errand.follow(hear) == "over"
    assert told == [("answer", 42)]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count priorities otherwise")
def test_live_voices_go_before_errands():
    assert Errand(f"{TOY}:niceness").follow(print) == min(max(NICENESS, os.getpriority(os.PRIO_PROCESS, 0)), 19)
