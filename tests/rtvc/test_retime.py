"""Retiming bends the pace of a signal by parts per million and nothing else."""

import numpy as np
import pytest

from rtvc.resample import Samples
from rtvc.retime import GLIDE, LARGEST_CHANGE, SIDE_TAPS, Retimer

RATE = 48_000


def tone(frequency: float, positions: np.ndarray) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * positions / RATE)


def noise(count: int) -> Samples:
    return np.random.default_rng(0).standard_normal(count).astype(np.float32)


def retimed(samples: Samples, ratio: float, cut: int = 480) -> Samples:
    retimer = Retimer()
    retimer.ratio = ratio
    pieces = [retimer.push(samples[i : i + cut]) for i in range(0, len(samples), cut)]
    return np.concatenate([*pieces, retimer.flush()])


def places(ratio: float, count: int) -> np.ndarray:
    """Where in the input each output sample lies, gliding from 1 to the ratio."""
    way = ratio - 1.0
    ratios = 1.0 + np.sign(way) * np.minimum(np.arange(1, count + 1) * GLIDE, abs(way))
    return np.concatenate([[0.0], np.cumsum(1.0 / ratios)[:-1]])


def test_at_ratio_1_nothing_is_touched() -> None:
    for cut in (1, 13, 480, 5_000):
        np.testing.assert_array_equal(retimed(noise(5_000), 1.0, cut), noise(5_000))


def test_it_holds_back_its_stated_taps() -> None:
    assert len(Retimer().push(noise(1_000))) == 1_000 - SIDE_TAPS


@pytest.mark.parametrize("ratio", [1 - 1e-3, 1 - 3e-4, 1 + 1e-5, 1 + 3e-4, 1 + 1e-3])
@pytest.mark.parametrize(("frequency", "decibel"), [(440, 90), (4_000, 90), (10_000, 85), (16_000, 60)])
def test_a_tone_keeps_its_purity(ratio: float, frequency: float, decibel: float) -> None:
    heard = retimed(tone(frequency, np.arange(2 * RATE)).astype(np.float32), ratio)

    wanted = tone(frequency, places(ratio, len(heard)))
    error = (heard - wanted)[100:-100]
    assert -10 * np.log10(2 * np.mean(error**2)) > decibel


@pytest.mark.parametrize("ratio", [1 - 3e-4, 1 + 3e-4])
def test_length_follows_the_ratio(ratio: float) -> None:
    assert len(retimed(noise(10 * RATE), ratio)) == pytest.approx(10 * RATE * ratio, abs=2)


def test_output_does_not_depend_on_the_cut() -> None:
    whole = retimed(noise(20_000), 1.0005, 20_000)

    for cut in (1, 13, 480, 999):
        np.testing.assert_allclose(retimed(noise(20_000), 1.0005, cut), whole, atol=1e-5)


def test_changing_the_ratio_makes_no_click() -> None:
    retimer = Retimer()
    block = tone(1_000, np.arange(480)).astype(np.float32)  # ten whole periods
    heard = []

    for i in range(200):
        retimer.ratio = 1.0 + 1e-3 * np.sin(i)
        heard.append(retimer.push(block))

    curve = np.diff(np.concatenate(heard)[50:].astype(np.float64), n=2)
    assert np.abs(curve).max() < 1.01 * (2 * np.pi * 1_000 / RATE) ** 2


def test_after_steering_back_to_1_the_pace_is_the_input_s() -> None:
    retimer = Retimer()
    retimer.ratio = 1.001
    retimer.push(noise(10_000))
    retimer.ratio = 1.0
    retimer.push(noise(10_000))

    assert {len(retimer.push(noise(480))) for _ in range(50)} == {480}


@pytest.mark.parametrize("wanted", [0.5, 2.0])
def test_the_ratio_has_bounds(wanted: float) -> None:
    retimer = Retimer()

    retimer.ratio = wanted

    assert abs(retimer.ratio - 1.0) == pytest.approx(LARGEST_CHANGE)


def test_flush_and_reset_start_anew() -> None:
    retimer = Retimer()
    retimer.ratio = 1.001
    retimer.push(noise(5_000))
    retimer.flush()

    heard = np.concatenate([retimer.push(noise(500)), retimer.flush()])

    assert retimer.ratio == 1.0
    np.testing.assert_array_equal(heard, noise(500))
