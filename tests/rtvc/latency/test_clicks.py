"""A click is found twice, under noise and in whatever comes round after."""

import numpy as np
import pytest

from rtvc.latency.clicks import click, time_of_return

RATE = 48_000


def loop(delay: float, gain: float, noise: float, seconds: float = 1.5) -> np.ndarray:
    """A click at 0.3 s that comes back again and again."""
    heard = np.random.default_rng(0).normal(0, noise, round(seconds * RATE)).astype(np.float32)
    place, level = 0.3, 1.0
    while place + 0.1 < seconds:
        start = round(place * RATE)
        heard[start : start + len(click(RATE))] += level * click(RATE)
        place, level = place + delay, level * gain
    return heard


@pytest.mark.parametrize("delay", [0.025, 0.0731, 0.141, 0.6])
@pytest.mark.parametrize(("gain", "noise"), [(1.0, 0.0), (0.3, 0.002), (1.4, 0.01)])
def test_the_time_between_is_exact(delay: float, gain: float, noise: float) -> None:
    assert time_of_return(loop(delay, gain, noise), RATE) == pytest.approx(delay, abs=2 / RATE)


@pytest.mark.parametrize("heard", [np.zeros(100, np.float32), np.zeros(RATE, np.float32), loop(5.0, 1.0, 0.001)])
def test_nothing_that_comes_back_is_nothing(heard: np.ndarray) -> None:
    assert time_of_return(heard, RATE) is None


def test_it_is_quiet() -> None:
    assert np.abs(click(RATE)).max() == pytest.approx(0.1)
