import numpy as np
import pytest

from rtvc.drift import LARGEST_CORRECTION, Steering

PERIOD = 0.5
AIM = 0.03


def steer(drift_ppm: float, seconds: float, start: float = AIM, noise: float = 0.0) -> tuple[Steering, list[float]]:
    """A slack that grows by the difference of the clocks and is corrected; returns how it went."""
    generator = np.random.default_rng(0)
    steering, slack, course = Steering(), start, []
    for _ in range(round(seconds / PERIOD)):
        ratio = steering.update(slack - abs(generator.normal(0, noise)), AIM, PERIOD)
        slack += PERIOD * (drift_ppm * 1e-6 + ratio - 1.0)
        course.append(slack)
    return steering, course


@pytest.mark.parametrize("drift_ppm", [-300, -20, 50, 300])
def test_difference_of_two_clocks_is_learned_and_taken_back(drift_ppm: float) -> None:
    steering, course = steer(drift_ppm, 3600)

    assert steering.drift_ppm == pytest.approx(drift_ppm, abs=2)
    assert course[-1] == pytest.approx(AIM, abs=0.001)
    assert max(abs(slack - AIM) for slack in course) < 0.02


@pytest.mark.parametrize("start", [0.022, 0.03, 0.04])
def test_equal_clocks_leave_every_sample_as_it_is(start: float) -> None:
    steering, course = steer(0, 600, start, noise=0.002)

    assert steering.ratio == 1.0
    assert set(course) == {start}


def test_single_bad_measurements_do_nothing() -> None:
    steering = Steering()

    ratios = {steering.update(0.0 if turn % 5 == 0 else AIM, AIM, PERIOD) for turn in range(200)}

    assert ratios == {1.0}


def test_step_is_pulled_back_and_then_left_alone() -> None:
    steering, slack = Steering(), AIM
    for turn in range(2400):
        slack += PERIOD * (steering.update(slack, AIM, PERIOD) - 1.0) + (0.012 if turn == 100 else 0.0)

    assert slack == pytest.approx(AIM, abs=0.002)
    assert steering.ratio == 1.0


def test_correction_stays_inaudible() -> None:
    steering = Steering()

    ratios = [steering.update(1.0, AIM, PERIOD) for _ in range(1000)]

    assert min(ratios) >= 1.0 - LARGEST_CORRECTION


@pytest.mark.parametrize("start", [0.0285, 0.033, 0.04])
def test_an_exact_aim_is_steered_to_even_from_near(start: float) -> None:
    steering, slack = Steering(), start
    for _ in range(600):
        slack += PERIOD * (steering.update(slack, AIM, PERIOD, is_exact=True) - 1.0)

    assert slack == pytest.approx(AIM, abs=0.001)
