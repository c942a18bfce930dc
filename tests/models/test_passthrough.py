"""The voice that changes nothing is exact, keeps its stated delay and obeys its gain."""

import pytest
import torch

from models.base import Stage, StreamSpec
from models.errors import ModelError
from models.passthrough import HOP, RATE, load


def open_stage(values: dict[str, float] | None = None, **card: object) -> Stage:
    (stage,) = load(card, None).open(StreamSpec(), {"gain_db": 0.0} if values is None else values)
    return stage


@pytest.mark.parametrize("steps", [1, 2, 5, 10])
@pytest.mark.parametrize("look_ahead_ms", [0, 50])
def test_joined_pushes_are_the_input_from_its_first_sample(steps: int, look_ahead_ms: int) -> None:
    stage, wav = open_stage(look_ahead_ms=look_ahead_ms), torch.randn(1, 1, 20 * HOP)

    joined = torch.cat([stage.push(piece) for piece in wav.split(steps * HOP, dim=-1)], dim=-1)

    assert stage.delay == look_ahead_ms / 1000
    assert torch.equal(joined, wav[..., : wav.shape[-1] - round(stage.delay * RATE)])


def test_reset_forgets_what_waits() -> None:
    stage, wav = open_stage(look_ahead_ms=20), torch.randn(1, 1, 4 * HOP)
    first = stage.push(wav)

    stage.reset()

    assert torch.equal(stage.push(wav), first)


def test_gain_is_read_at_each_push() -> None:
    values = {"gain_db": 0.0}
    stage, ones = open_stage(values), torch.ones(1, 1, HOP)

    before = stage.push(ones)
    values["gain_db"] = -20.0
    after = stage.push(ones)

    assert torch.equal(before, ones)
    torch.testing.assert_close(after, 0.1 * ones)


@pytest.mark.parametrize("look_ahead_ms", [-1, "50", 1e9, float("nan")])
def test_a_look_ahead_that_is_no_time_is_refused(look_ahead_ms: object) -> None:
    with pytest.raises(ModelError, match="look_ahead_ms"):
        load({"look_ahead_ms": look_ahead_ms}, None)
