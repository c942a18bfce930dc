"""Filters do what their settings say, the same for every cut, and change without a click."""

import numpy as np
import pytest

from rtvc.effects.biquads import high_pass, high_shelf, low_shelf, peak
from rtvc.effects.cascade import Cascade
from rtvc.effects.tone import Design, Settings, Tone, low_cut, three_bands
from rtvc.resample import Samples

RATE = 48_000


def sine(hertz: float, seconds: float = 0.5) -> Samples:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def gain(tone: Tone, settings: Settings, hertz: float) -> float:
    heard = tone.push(sine(hertz), settings)
    return 20 * float(np.log10(np.std(heard[RATE // 4 :]) / np.std(sine(hertz)[RATE // 4 :])))


def one_by_one(filters: list[np.ndarray], samples: Samples) -> np.ndarray:
    """What the filters give by their difference equation, sample by sample."""
    x = samples.astype(np.float64)
    for b0, b1, b2, _, a1, a2 in filters:
        y = np.zeros(len(x))
        for n in range(len(x)):
            y[n] = b0 * x[n]
            y[n] += (b1 * x[n - 1] - a1 * y[n - 1]) if n > 0 else 0.0
            y[n] += (b2 * x[n - 2] - a2 * y[n - 2]) if n > 1 else 0.0
        x = y
    return x


def test_cascade_gives_what_the_difference_equations_give() -> None:
    filters = [high_pass(RATE, 90), low_shelf(RATE, 250, 6), peak(RATE, 1_200, 0.7, -9), high_shelf(RATE, 4_500, 3)]
    samples = np.random.default_rng(0).normal(0, 0.2, 700).astype(np.float32)

    heard = Cascade(filters).push(samples)

    np.testing.assert_allclose(heard, one_by_one(filters, samples), atol=1e-6)


@pytest.mark.parametrize("cut", [1, 7, 32, 100, 480])
def test_the_cut_changes_nothing(cut: int) -> None:
    samples = np.random.default_rng(1).normal(0, 0.2, 1_000).astype(np.float32)
    whole = Tone(RATE, three_bands).push(samples, (6.0, -3.0, 4.0))
    tone = Tone(RATE, three_bands)

    heard = np.concatenate([tone.push(samples[i : i + cut], (6.0, -3.0, 4.0)) for i in range(0, 1_000, cut)])

    np.testing.assert_allclose(heard, whole, atol=1e-6)


@pytest.mark.parametrize(
    ("settings", "hertz", "decibels"),
    [
        ((9.0, 0.0, 0.0), 40.0, 9.0),
        ((9.0, 0.0, 0.0), 250.0, 4.5),
        ((9.0, 0.0, 0.0), 8_000.0, 0.0),
        ((0.0, -6.0, 0.0), 1_200.0, -6.0),
        ((0.0, 0.0, 12.0), 15_000.0, 12.0),
        ((0.0, 0.0, 12.0), 100.0, 0.0),
    ],
)
def test_each_band_reaches_what_it_is_set_to(settings: Settings, hertz: float, decibels: float) -> None:
    assert gain(Tone(RATE, three_bands), settings, hertz) == pytest.approx(decibels, abs=0.3)


@pytest.mark.parametrize(("hertz", "decibels"), [(25.0, -24.1), (100.0, -3.0), (1_000.0, 0.0)])
def test_low_cut_takes_away_what_is_below(hertz: float, decibels: float) -> None:
    assert gain(Tone(RATE, low_cut), (100.0,), hertz) == pytest.approx(decibels, abs=0.5)


def test_what_is_off_touches_nothing() -> None:
    samples = sine(440)

    assert Tone(RATE, three_bands).push(samples, (0.0, 0.0, 0.0)) is samples


@pytest.mark.parametrize(
    ("design", "steps"),
    [
        (three_bands, [(0.0, 0.0, 0.0), (12.0, 12.0, 12.0), (-12.0, 3.0, -12.0), (0.0, 0.0, 0.0)]),
        (low_cut, [(0.0,), (300.0,), (20.0,), (0.0,)]),
    ],
)
def test_a_change_makes_no_step_and_ends_where_it_is_to(design: Design, steps: list[Settings]) -> None:
    tone, samples = Tone(RATE, design), sine(200, 0.1)

    heard = np.concatenate([tone.push(samples[i : i + 480], step) for step in steps for i in range(0, 4_800, 480)])

    loudest = np.abs(heard).max()
    assert np.abs(np.diff(heard)).max() < 1.3 * loudest * 2 * np.pi * 200 / RATE
    assert tone.push(samples, steps[-1]) is samples
