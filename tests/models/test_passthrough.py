"""The voice that changes nothing is exact, keeps its stated delay and obeys its gain."""

import numpy as np
import pytest

from models.base import Stage, StreamSpec
from models.errors import ModelError
from models.passthrough import HOP, RATE, load
from models.steps import Array


def noise(steps: int) -> Array:
    return np.random.default_rng(0).standard_normal((1, 1, steps * HOP)).astype(np.float32)


def open_stage(values: dict[str, float] | None = None, **card: object) -> Stage:
    (stage,) = load(card, None).open(StreamSpec(), {"gain_db": 0.0} if values is None else values)
    return stage


@pytest.mark.parametrize("steps", [1, 2, 5, 10])
@pytest.mark.parametrize("look_ahead_ms", [0, 50])
def test_joined_pushes_are_the_input_from_its_first_sample(steps: int, look_ahead_ms: int) -> None:
    stage, wav = (
        open_stage(look_ahead_ms=look_ahead_ms),
        noise(20),
    )

    joined = np.concatenate([stage.push(piece) for piece in np.split(wav, 20 // steps, axis=-1)], axis=-1)

    assert stage.delay == look_ahead_ms / 1000
    assert np.array_equal(joined, wav[..., : wav.shape[-1] - round(stage.delay * RATE)])


def test_reset_forgets_what_waits() -> None:
    stage, wav = (
        open_stage(look_ahead_ms=20),
        noise(4),
    )
    first = stage.push(wav)

    stage.reset()

    assert np.array_equal(stage.push(wav), first)


def test_gain_is_read_at_each_push() -> None:
    values = {"gain_db": 0.0}
    stage, ones = open_stage(values), np.ones((1, 1, HOP), np.float32)

    before = stage.push(ones)
    values["gain_db"] = -20.0
    after = stage.push(ones)

    assert np.array_equal(before, ones)
    np.testing.assert_allclose(after, 0.1 * ones, rtol=1e-6)


@pytest.mark.parametrize("look_ahead_ms", [-1, "50", 1e9, float("nan")])
def test_a_look_ahead_that_is_no_time_is_refused(look_ahead_ms: object) -> None:
    with pytest.raises(ModelError, match="look_ahead_ms"):
        load({"look_ahead_ms": look_ahead_ms}, None)
