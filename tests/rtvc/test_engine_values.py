"""What can be set of an engine, and what is said of what cannot."""

from math import nan

import numpy as np
import pytest

from models.passthrough import PassthroughModel
from rtvc.engine import COMMON_PARAMS, Engine
from rtvc.errors import RtvcError
from tests.doubling_voice import DoublingModel

NO_GATE = {"gate_db": -90.0}


def test_values_start_at_their_defaults_and_are_all_listed() -> None:
    engine = Engine(DoublingModel(), 48_000, 48_000)

    assert [param.name for param in engine.params] == [*(param.name for param in COMMON_PARAMS), "books"]
    assert engine.values == {
        "talker_hz": 0.0,
        **{param.name: param.default for param in COMMON_PARAMS},
        "books": 8,
    }


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [("books", 99, 8), ("books", -1, 1), ("books", 3.4, 3), ("gate_db", -200, -90), ("talker_hz", 123.4, 123.4)],
)
def test_values_are_kept_in_range(name: str, value: float, taken: float) -> None:
    engine = Engine(DoublingModel(), 48_000, 48_000)

    engine.set_value(name, value)

    assert engine.values[name] == taken


@pytest.mark.parametrize(
    ("name", "value", "words"), [("boks", 1, "boks.*did you mean books"), ("books", nan, "books cannot be nan")]
)
def test_unknown_values_are_told(name: str, value: float, words: str) -> None:
    with pytest.raises(RtvcError, match=words):
        Engine(DoublingModel(), 48_000, 48_000, values={name: value})


def test_a_voice_goes_without_what_it_does_not_ask_of_the_talker() -> None:
    assert "talker_hz" not in Engine(PassthroughModel(), 16_000, 16_000, values={"talker_hz": 118.0}).values


def test_a_value_set_while_running_is_heard() -> None:
    engine = Engine(PassthroughModel(), 16_000, 16_000, values=NO_GATE)
    block = np.full(320, 0.25, np.float32)
    engine.process(block)

    engine.set_value("gain_db", -6.0)
    heard = [engine.process(block) for _ in range(3)]

    assert heard[-1].tolist() == pytest.approx([0.25 * 10**-0.3] * 320)
