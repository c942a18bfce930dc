"""Levels of a microphone become a verdict."""

import pytest

from rtvc.saying import Verdict, verdict_of

PAUSE = [0.001] * 60


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], Verdict.NOTHING),
        ([0.0] * 80, Verdict.NOTHING),
        ([0.0001] * 80, Verdict.NOTHING),
        (PAUSE, Verdict.QUIET),
        ([*PAUSE, *[0.015] * 20], Verdict.QUIET),
        ([*PAUSE, *[0.1] * 20], Verdict.HEARD),
        ([*PAUSE, 0.5], Verdict.QUIET),  # a knock is no speech
        ([*PAUSE, *[0.4] * 20, 1.0, 1.0], Verdict.HEARD),
        ([*PAUSE, *[0.4] * 20, 1.0, 1.0, 0.99], Verdict.CLIPPING),
    ],
)
def test_levels_are_judged(levels: list[float], expected: Verdict) -> None:
    assert verdict_of(levels) is expected
