"""Weights of 8 bits: near to the whole ones, whatever their shape."""

import numpy as np
import pytest

from models.quantized import LARGEST, MIDDLE, blockwise


@pytest.mark.parametrize(("width", "block"), [(64, 64), (96, 32), (100, 32), (3, 64)])
def test_codes_and_scales_give_the_weights_back(width: int, block: int) -> None:
    matrix = np.random.default_rng(0).standard_normal((5, width)).astype(np.float32)

    codes, scales = blockwise(matrix, block)

    assert codes.dtype == np.uint8 and codes.shape == (5, -(-width // block), block)
    back = ((codes.astype(np.float32) - MIDDLE) * scales[..., None]).reshape(5, -1)
    assert np.abs(back[:, :width] - matrix).max() <= scales.max() / 2 + 1e-6
    assert not back[:, width:].any()


def test_each_run_uses_its_whole_range() -> None:
    matrix = np.concatenate([np.full((1, 32), 100.0), np.linspace(-1e-3, 1e-3, 32)[None]], axis=1).astype(np.float32)

    codes, _ = blockwise(matrix, 32)

    assert codes[0, 1].min() == MIDDLE - LARGEST and codes[0, 1].max() == MIDDLE + LARGEST


def test_zeros_stay_zeros() -> None:
    codes, scales = blockwise(np.zeros((2, 32), np.float32), 32)

    assert (codes == MIDDLE).all() and np.isfinite(scales).all()
