import pytest

from rtvc.status import DELAY_PARTS
from ui.delay_parts import PARTS, expected_delay, shown_parts


def test_every_part_of_a_session_has_its_place():
    known = {key for part in PARTS for key in part.keys}

    assert known == set(DELAY_PARTS)


def test_parts_keep_the_total():
    delay = {name: 0.001 * (place + 1) for place, name in enumerate(DELAY_PARTS)} | {"echo": 0.5}

    assert sum(shown_parts(delay)) == pytest.approx(sum(delay.values()))


def test_unknown_part_is_shown_as_other():
    assert shown_parts({"hop": 0.02, "echo": 0.5})[-1] == 0.5


def test_expected_delay_counts_both_devices():
    assert sum(expected_delay(0.02, 0.03, 0.01, 0.042).values()) == pytest.approx(0.112)
