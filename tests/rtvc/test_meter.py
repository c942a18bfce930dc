import numpy as np
import pytest

from rtvc.meter import falling_peak


def test_louder_block_is_shown_at_once() -> None:
    assert falling_peak(0.1, np.array([0.0, -0.5], np.float32), 8000) == 0.5


@pytest.mark.parametrize("block", [8, 80, 800])
def test_level_falls_with_time_however_long_the_blocks_are(block: int) -> None:
    level = 1.0

    for _ in range(800 // block):
        level = falling_peak(level, np.zeros(block, np.float32), 8000)

    assert level == pytest.approx(np.exp(-0.1 / 0.06))


def test_silence_is_zero_in_the_end() -> None:
    level = 1.0

    for _ in range(100):
        level = falling_peak(level, np.zeros(80, np.float32), 8000)

    assert level == 0.0
