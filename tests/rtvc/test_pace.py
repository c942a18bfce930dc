"""How long a quick hop is held back."""

import pytest

from rtvc.pace import Pace


def test_speech_sets_the_pace_and_silence_keeps_to_it() -> None:
    pace = Pace(0.3)
    for took in (0.18, 0.2, 0.19, 0.001, 0.002, 0.001):
        pace.note(took)

    assert pace.usual == 0.2
    assert pace.wait(0.001) == pytest.approx(0.199)
    assert pace.wait(0.19) == pytest.approx(0.01)
    assert pace.wait(0.21) == 0.0


def test_a_stumble_is_forgotten() -> None:
    pace = Pace(0.3)
    pace.note(0.29)
    for _ in range(70):
        pace.note(0.15)

    assert pace.usual == 0.15


def test_a_machine_that_becomes_quicker_is_followed() -> None:
    pace = Pace(0.3)
    for _ in range(64):
        pace.note(0.2)
    for _ in range(64):
        pace.note(0.12)

    assert pace.usual == 0.12


def test_nothing_is_held_longer_than_a_hop() -> None:
    pace = Pace(0.3)
    pace.note(1.5)

    assert pace.wait(0.0) == pytest.approx(0.3)


def test_voices_that_take_milliseconds_wait_for_nothing() -> None:
    pace = Pace(0.02)
    for _ in range(50):
        pace.note(0.0045)

    assert pace.wait(0.0002) == 0.0
