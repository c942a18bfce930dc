"""Gains glide, and nothing ever leaves full scale."""

import numpy as np
import pytest

from rtvc.level import CEILING, Gain, limited, peak
from rtvc.resample import Samples

RATE = 16_000


def noise(count: int = 1_000) -> Samples:
    return np.random.default_rng(0).uniform(-0.5, 0.5, count).astype(np.float32)


def test_no_gain_touches_nothing() -> None:
    np.testing.assert_array_equal(Gain(RATE).push(noise(), 0.0), noise())


def test_the_first_gain_counts_at_once() -> None:
    np.testing.assert_allclose(Gain(RATE).push(noise(), -6.0), noise() * 0.501187, rtol=1e-5)


@pytest.mark.parametrize("cut", [1, 7, 160, 1_000])
def test_a_new_gain_glides_the_same_for_every_cut(cut: int) -> None:
    gain = Gain(RATE)
    gain.push(noise(), 6.0)
    ones = np.ones(1_000, np.float32)

    heard = np.concatenate([gain.push(ones[i : i + cut], -6.0) for i in range(0, 1_000, cut)])

    wanted = np.interp(np.arange(1, 1_001), [0, 160], [10**0.3, 10**-0.3])
    np.testing.assert_allclose(heard, wanted, atol=1e-5)


def test_a_gain_changed_on_its_way_makes_no_step() -> None:
    gain, ones = Gain(RATE), np.ones(50, np.float32)
    gain.push(ones, 0.0)

    heard = np.concatenate([gain.push(ones, level) for level in (-6.0, 6.0, 0.0, 0.0, 0.0, 0.0)])

    assert np.abs(np.diff(heard)).max() < 0.02
    assert heard[-1] == 1.0


def test_reset_forgets_the_last_gain() -> None:
    gain = Gain(RATE)
    gain.push(noise(), 6.0)

    gain.reset()

    np.testing.assert_array_equal(gain.push(noise(), 0.0), noise())


def test_below_the_ceiling_the_limiter_is_transparent() -> None:
    samples = np.linspace(-CEILING, CEILING, 1_001).astype(np.float32)

    np.testing.assert_array_equal(limited(samples), samples)


def test_above_it_bends_and_never_reaches_full_scale() -> None:
    samples = np.linspace(-20, 20, 100_001).astype(np.float32)

    bent = limited(samples)

    assert peak(bent) <= 1.0
    assert (np.diff(bent) >= 0).all()
    assert np.abs(np.diff(bent)).max() <= 1.01 * np.diff(samples).max()


def test_the_peak_of_nothing_is_nothing() -> None:
    assert peak(np.zeros(0, np.float32)) == 0.0
    assert peak(np.array([0.25, -0.5], np.float32)) == 0.5
