"""What is around the voice in the engine: off by default, the same for every cut, no click, never above the ceiling."""

import numpy as np
import pytest

from models.passthrough import PassthroughModel
from rtvc.engine import Engine
from rtvc.level import Limiter, peak
from rtvc.resample import Samples

RATE = 16_000
NO_GATE = {"gate_db": -90.0}
ALL = {"high_pass_hz": 90.0, "bass_db": 6.0, "middle_db": -3.0, "treble_db": 4.0, "voice_share": 70.0}


def sine(seconds: float = 1.0, level: float = 0.3) -> Samples:
    return (level * np.sin(2 * np.pi * 250 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


@pytest.mark.parametrize("cut", [97, 160, 441])
def test_the_cut_changes_nothing(cut: int) -> None:
    samples = sine()
    whole, pieces = (Engine(PassthroughModel(), RATE, RATE, values={**NO_GATE, **ALL}) for _ in range(2))

    heard = [pieces.process(samples[i : i + cut]) for i in range(0, len(samples), cut)]

    wanted = np.concatenate([whole.process(samples), whole.flush()])
    np.testing.assert_allclose(np.concatenate([*heard, pieces.flush()]), wanted, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("input_gain_db", 12.0),
        ("output_gain_db", -24.0),
        ("high_pass_hz", 300.0),
        ("bass_db", 12.0),
        ("middle_db", -12.0),
        ("treble_db", 12.0),
        ("voice_share", 0.0),
        ("ceiling_db", -24.0),
        ("denoise", 100.0),
    ],
)
def test_a_control_changed_while_running_makes_no_click(name: str, value: float) -> None:
    engine = Engine(PassthroughModel(), RATE, RATE, values=NO_GATE)
    default = engine.values[name]
    heard = []
    for wanted in (default, value, default):
        engine.set_value(name, wanted)
        heard += [engine.process(piece) for piece in np.split(sine(0.32), 16)]

    joined = np.concatenate(heard)[400:]
    assert np.abs(np.diff(joined)).max() < 1.6 * max(np.abs(joined).max(), 0.3) * 2 * np.pi * 250 / RATE


@pytest.mark.parametrize("ceiling", [0.0, -3.0, -24.0])
def test_nothing_is_ever_above_the_ceiling(ceiling: float) -> None:
    loud = np.random.default_rng(0).normal(0, 3.0, RATE).astype(np.float32)
    engine = Engine(PassthroughModel(), RATE, RATE, values={**NO_GATE, **ALL, "ceiling_db": ceiling})

    heard = np.concatenate([engine.process(loud), engine.flush()])

    assert peak(heard) <= np.float32(10 ** (ceiling / 20))


def test_below_the_ceiling_the_limiter_changes_nothing() -> None:
    samples = sine(level=0.3)

    assert Limiter(RATE).push(samples, -6.0) is samples


def test_noise_suppression_is_counted_in_the_delay_or_told_where_it_is_missing() -> None:
    engine = Engine(PassthroughModel(), RATE, RATE, values=NO_GATE)
    before = engine.delay.total
    engine.process(sine())
    engine.set_value("denoise", 100.0)

    engine.process(sine())

    assert engine.delay.total > before or any("noise suppression" in one for one in engine.remarks)
