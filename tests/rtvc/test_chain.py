"""A chain lets only numbers out, stays aligned when its stages restart, and says what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan

import numpy as np
import pytest

from models.base import Param, Stage, StreamSpec
from models.steps import Array
from rtvc.chain import FADE, Chain
from rtvc.resample import Samples

STEP = 160


class Late:
    """Passes samples on when `held` later ones are there; turns into NaN those above 9."""

    def __init__(self, held: int, values: Mapping[str, float]) -> None:
        self._held, self._values = held, values
        self.delay = held / 16_000
        self.starts: list[float] = []
        self.reset()

    def reset(self) -> None:
        self._past = np.zeros((1, 1, 0), np.float32)
        self.learned = {"talker_hz": self._values.get("talker_hz", 0.0)}
        self.starts.append(self.learned["talker_hz"])

    def push(self, x: Array) -> Array:
        self.learned = {"talker_hz": 118.0}
        self._past = np.concatenate([self._past, x], axis=-1)
        ready = max(self._past.shape[-1] - self._held, 0)
        made, self._past = self._past[..., :ready], self._past[..., ready:]
        return np.where(made > 9, np.float32(nan), made)


class Doubled:
    """Twice the rate, each sample two times."""

    delay = 0.0

    def push(self, x: Array) -> Array:
        assert x.shape[-1] > 0
        return x.repeat(2, axis=-1)

    def reset(self) -> None:
        pass


@dataclass
class Voice:
    held: tuple[int, ...] = (100,)
    input_rate: int = 16_000
    output_rate: int = 32_000
    hop: int = STEP
    params: tuple[Param, ...] = ()
    remembered: tuple[str, ...] = ("talker_hz",)
    stages: list[Stage] = field(default_factory=list)

    def open(self, spec: StreamSpec, values: Mapping[str, float]) -> list[Stage]:
        self.stages = [*(Late(held, values) for held in self.held), Doubled()]
        return self.stages


def run(chain: Chain, samples: Samples) -> list[Samples]:
    return [chain.push(piece) for piece in samples.reshape(-1, STEP)]


def ramp(steps: int) -> Samples:
    return np.linspace(0.1, 0.9, steps * STEP).astype(np.float32)


def test_what_comes_out_is_the_stages_output() -> None:
    heard = np.concatenate(run(Chain(Voice(), StreamSpec(), {}), ramp(10)))

    np.testing.assert_array_equal(heard, np.repeat(ramp(10), 2)[: len(heard)])
    assert len(heard) == 2 * (10 * STEP - 100)


def test_delay_and_time_are_told_by_stage() -> None:
    chain = Chain(Voice(held=(100, 60)), StreamSpec(), {})

    run(chain, ramp(10))

    assert chain.delay == pytest.approx(0.01)
    assert list(chain.seconds) == ["Late", "Late2", "Doubled"]
    assert min(chain.seconds.values()) > 0


@pytest.mark.parametrize("held", [(0,), (100,), (500,), (100, 333)])
def test_after_no_number_came_out_the_sound_is_back_in_its_place(held: tuple[int, ...]) -> None:
    samples = ramp(40)
    samples[15 * STEP + 7] = 10
    chain = Chain(Voice(held), StreamSpec(), {})

    heard = np.concatenate(run(chain, samples))

    wanted = np.repeat(ramp(40), 2)[: len(heard)]
    first = 2 * (15 * STEP + 7)
    bad = 2 * (14 * STEP - sum(held)), first + 2 * (2 * STEP + 2 * sum(held)) + 2 * round(32_000 * FADE)
    assert chain.nan_count == 1
    assert np.isfinite(heard).all()
    assert len(heard) == 2 * (40 * STEP - sum(held))
    np.testing.assert_array_equal(heard[: bad[0]], wanted[: bad[0]])
    np.testing.assert_array_equal(heard[bad[1] :], wanted[bad[1] :])
    assert np.abs(np.diff(heard)).max() < 0.01


def test_a_voice_that_is_broken_for_good_is_silent_at_a_steady_pace() -> None:
    samples = ramp(60)
    samples[20 * STEP :] = 10
    chain = Chain(Voice((100,)), StreamSpec(), {})

    sizes = [len(piece) for piece in run(chain, samples)]

    assert set(sizes[1:]) == {2 * STEP}
    assert chain.nan_count > 10


def test_what_was_learned_survives_a_restart_of_the_stages() -> None:
    samples = ramp(20)
    samples[10 * STEP] = 10
    voice, values = Voice(), {"talker_hz": 0.0}
    chain = Chain(voice, StreamSpec(), values)

    run(chain, samples)

    assert voice.stages[0].starts[-1] == 118.0  # type: ignore[attr-defined]
    assert values["talker_hz"] == 118.0
    assert chain.learned == {"talker_hz": 118.0}


def test_reset_gives_the_same_again() -> None:
    chain = Chain(Voice(), StreamSpec(), {})
    samples = ramp(20)
    samples[10 * STEP] = 10
    first = np.concatenate(run(chain, samples))

    chain.reset()

    np.testing.assert_array_equal(np.concatenate(run(chain, samples)), first)
