"""What follows from the figures of a calibration."""

import pytest

from rtvc.calibration.choosing import choose_left, choose_preset, choose_text
from rtvc.calibration.codes import Agreement
from rtvc.calibration.streams import Streamed
from rtvc.calibration.texts import TextChoice, TextFigures

COMMA, STOP = TextChoice("const", (1,), 'const ","'), TextChoice("const", (3,), 'const "."')
NONE, MEAN, PHONES = (
    TextChoice("none", (), "none"),
    TextChoice("mean", (), "mean"),
    TextChoice("phones", (1, 2), "phones"),
)


def codes(*shares: float) -> list[Agreement]:
    return [Agreement("running", left, 0.0, share, 64) for left, share in zip((1.0, 2.0, 4.0), shares, strict=True)]


@pytest.mark.parametrize(
    ("shares", "left"), [((0.80, 0.90, 0.91), 2.0), ((0.90, 0.90, 0.91), 1.0), ((0.5, 0.7, 0.9), 4.0)]
)
def test_shortest_past_that_hears_nearly_as_well_is_taken(shares: tuple[float, ...], left: float) -> None:
    found, why = choose_left(codes(*shares))

    assert found == left
    assert why.value == f"{left:g} s of past"


@pytest.mark.parametrize(
    ("streams", "share", "preset", "reason"),
    [
        ([("low", 0.13, 0.5, 0.14), ("high", 0.4, 0.3, 0.05)], 0.95, "low", "least delay"),
        ([("low", 0.13, 0.5, 0.40), ("high", 0.4, 0.3, 0.05)], 0.95, "high", "least delay"),
        ([("low", 0.13, 1.5, 0.10), ("high", 0.4, 0.3, 0.05)], 0.95, "high", "least delay"),
        ([("low", 0.13, 0.5, 0.40), ("high", 0.4, 0.3, 0.05)], 0.60, "high", "nearest"),
        ([("low", 0.13, 3.5, 0.40), ("high", 0.4, 1.3, 0.05)], 0.95, "high", "too slow"),
    ],
)
def test_least_delay_that_is_good_and_fast_enough_is_taken(
    streams: list[tuple[str, float, float, float]], share: float, preset: str, reason: str
) -> None:
    measured = [Streamed(name, delay, load, mel, 0.0) for name, delay, load, mel in streams]

    why = choose_preset(measured, codes(share, share, share), 2.0)

    assert why.value == preset
    assert reason in why.reason


@pytest.mark.parametrize(
    ("figures", "chosen"),
    [
        ([(COMMA, 0.8, 0.5, -40), (STOP, 0.9, 0.5, -40), (NONE, 0.5, 0.2, -40)], STOP),
        ([(COMMA, 0.8, 0.5, -40), (NONE, 0.81, 0.5, -40)], COMMA),  # within chance: what is trusted more
        ([(COMMA, 0.8, 0.5, -40), (MEAN, 0.79, 0.5, -40)], MEAN),
        ([(COMMA, 0.8, 0.5, -40), (STOP, 0.99, 0.9, -5)], COMMA),  # babbles
        ([(COMMA, 0.8, 0.5, -10), (STOP, 0.99, 0.9, -2)], COMMA),  # all babble
        ([(COMMA, 0.8, 0.5, -40), (PHONES, 0.99, 0.9, -40)], COMMA),  # of one recording only
    ],
)
def test_words_are_stood_for_by_what_sounds_right_and_stays_quiet(
    figures: list[tuple[TextChoice, float, float, float]], chosen: TextChoice
) -> None:
    found, _ = choose_text([TextFigures(*one) for one in figures])

    assert found == chosen
