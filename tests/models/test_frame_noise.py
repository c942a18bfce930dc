"""Noise is the same wherever a window starts, and normal."""

import pytest
import torch

from models.frame_noise import frame_noise

FIRST = [0.059911, 0.0155596, -1.1644385]
BEFORE = [0.5366136, -0.7261117, 0.9597204]


@pytest.mark.parametrize("first", [-3, 0, 17, 10_000_000])
def test_overlapping_windows_hold_the_same_numbers(first: int) -> None:
    whole = frame_noise(7, first, 20)

    assert whole.shape == (192, 20)
    assert torch.equal(frame_noise(7, first + 5, 8), whole[:, 5:13])
    assert frame_noise(7, first, 0).shape == (192, 0)


def test_numbers_are_normal_and_unlike_one_another() -> None:
    noise = frame_noise(1, 0, 1000).double()

    assert abs(float(noise.mean())) < 0.02
    assert float(noise.var()) == pytest.approx(1.0, rel=0.02)
    assert float((noise[:, 1:] * noise[:, :-1]).mean().abs()) < 0.02
    assert float((noise[1:] * noise[:-1]).mean().abs()) < 0.02


def test_another_seed_is_another_noise() -> None:
    one, other = frame_noise(1, 0, 100), frame_noise(2, 0, 100)

    assert abs(float((one * other).mean())) < 0.02


def test_the_first_numbers_never_change() -> None:
    """Recordings made with a seed must be made again by later versions."""
    torch.testing.assert_close(frame_noise(0, 0, 1)[:3, 0], torch.tensor(FIRST), atol=1e-6, rtol=0)
    torch.testing.assert_close(frame_noise(5, -1, 1, channels=3)[:, 0], torch.tensor(BEFORE), atol=1e-6, rtol=0)
