"""The engine gives the same sound for every cut, in its place, of the right length, and within full scale."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from math import inf, nan

import numpy as np
import pytest
import torch

from models.base import StreamSpec
from models.passthrough import PassthroughModel
from rtvc.engine import Engine
from rtvc.errors import RtvcError
from rtvc.resample import Samples
from tests.doubling_voice import DoublingModel

RATES = [(48_000, 48_000), (44_100, 48_000), (16_000, 16_000), (48_000, 11_025), (22_050, 44_100), (8_000, 192_000)]
NO_GATE = {"gate_db": -90.0}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def speechlike(seconds: float, rate: int) -> Samples:
    """Bursts of tones below 3 kHz between pauses."""
    time = np.arange(round(seconds * rate)) / rate
    tones = sum(np.sin(2 * np.pi * hertz * time + hertz) for hertz in (210, 640, 1_300, 2_700))
    return (0.1 * tones * np.clip(np.sin(2 * np.pi * 1.5 * time) * 4, 0, 1)).astype(np.float32)


def converted(engine: Engine, samples: Samples, cut: int) -> Samples:
    pieces = [engine.process(samples[i : i + cut]) for i in range(0, len(samples), cut)]
    return np.concatenate([*pieces, engine.flush()])


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
@pytest.mark.parametrize("model", [PassthroughModel(look_ahead=777), DoublingModel()])
def test_the_cut_changes_nothing(model: PassthroughModel | DoublingModel, rate_in: int, rate_out: int) -> None:
    samples = speechlike(0.7, rate_in)
    values = {"gate_db": -50.0, "input_gain_db": 3.0, "output_gain_db": 12.0}

    whole = converted(Engine(model, rate_in, rate_out, values=values), samples, len(samples))

    for cut in (rate_in // 100, rate_in // 50, rate_in * 2 // 25, rate_in // 5, 441, 97):
        np.testing.assert_array_equal(converted(Engine(model, rate_in, rate_out, values=values), samples, cut), whole)


@pytest.mark.parametrize("hop_ms", [5, 10, 20, 80, 200])
def test_the_hop_changes_nothing_but_the_pieces(hop_ms: int) -> None:
    samples = speechlike(1.0, 48_000)
    wanted = converted(Engine(DoublingModel(), 48_000, 48_000), samples, 480)
    engine = Engine(DoublingModel(), 48_000, 48_000, StreamSpec(hop=hop_ms / 1000))

    heard = converted(engine, samples, 480)

    assert engine.hop == engine.delay.frame == max(hop_ms, 10) / 1000
    np.testing.assert_allclose(heard, wanted, atol=1e-6)


def test_samples_one_by_one_give_the_same() -> None:
    samples = speechlike(0.1, 16_000)

    heard = converted(Engine(PassthroughModel(), 16_000, 48_000), samples, 1)

    np.testing.assert_array_equal(heard, converted(Engine(PassthroughModel(), 16_000, 48_000), samples, 1_600))


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
@pytest.mark.parametrize("model", [PassthroughModel(look_ahead=777), DoublingModel()])
def test_the_sound_stays_in_its_place(model: PassthroughModel | DoublingModel, rate_in: int, rate_out: int) -> None:
    samples = speechlike(1.0, rate_in)

    heard = converted(Engine(model, rate_in, rate_out, values=NO_GATE), samples, rate_in // 100)

    wanted = speechlike(1.0, rate_out)
    error = (heard - wanted)[rate_out // 50 : -rate_out // 50]
    assert 10 * np.log10(np.mean(error**2) / np.mean(wanted**2) + 1e-20) < (-60 if model.hop == 320 else -25)


def test_at_the_model_s_rate_without_gate_it_is_transparent() -> None:
    samples = speechlike(1.0, 16_000)

    np.testing.assert_array_equal(
        converted(Engine(PassthroughModel(), 16_000, 16_000, values=NO_GATE), samples, 480), samples
    )


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
@pytest.mark.parametrize("count", [0, 1, 2, 319, 320, 321, 12_345])
def test_flush_makes_the_length_exact(rate_in: int, rate_out: int, count: int) -> None:
    for model in (PassthroughModel(look_ahead=5_000), DoublingModel()):
        engine = Engine(model, rate_in, rate_out, values=NO_GATE)

        assert len(converted(engine, np.ones(count, np.float32), 1_000)) == round(count * rate_out / rate_in)
        assert len(engine.flush()) == 0


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
def test_delay_is_what_it_says(rate_in: int, rate_out: int) -> None:
    model = PassthroughModel(look_ahead=800)
    engine = Engine(model, rate_in, rate_out)
    made, behind = 0, []

    for i in range(100):
        made += len(engine.process(np.zeros(rate_in // 100, np.float32)))
        behind.append((i + 1) / 100 - made / rate_out)

    # between two pieces the output is behind by the delay less the frame at best, by the whole delay at worst
    assert max(behind) <= engine.delay.total + 1e-3
    assert min(behind[20:]) == pytest.approx(engine.delay.total - engine.hop, abs=0.011)
    assert engine.delay.look_ahead == 0.05


def test_a_flushed_or_reset_engine_starts_anew() -> None:
    engine = Engine(DoublingModel(), 44_100, 48_000, values={"input_gain_db": 6.0})
    samples = speechlike(0.5, 44_100)
    first = converted(engine, samples, 441)

    second = converted(engine, samples, 441)
    engine.process(samples[:7_777])
    engine.retime(1.001)
    engine.reset()

    np.testing.assert_array_equal(second, first)
    np.testing.assert_array_equal(converted(engine, samples, 441), first)


def test_nothing_in_gives_nothing_out() -> None:
    engine = Engine(PassthroughModel(), 48_000, 48_000)

    assert engine.process(np.zeros(0)).shape == (0,)
    assert engine.process([]).dtype == np.float32
    assert engine.flush().shape == (0,)


def test_what_is_no_number_in_the_input_is_silence() -> None:
    samples = speechlike(0.5, 16_000)
    spoilt = samples.copy()
    samples[5_000:5_003] = 0.0
    spoilt[5_000:5_003] = nan, inf, -inf

    heard = converted(Engine(PassthroughModel(), 16_000, 48_000), spoilt, 160)

    np.testing.assert_array_equal(heard, converted(Engine(PassthroughModel(), 16_000, 48_000), samples, 160))


def test_output_stays_within_full_scale() -> None:
    engine = Engine(PassthroughModel(), 48_000, 48_000, values={"output_gain_db": 24.0, "gain_db": 24.0})

    heard = converted(engine, speechlike(0.5, 48_000), 480)

    assert 0.9 < np.abs(heard).max() <= 1.0


def test_levels_are_peaks_of_the_last_call() -> None:
    engine = Engine(
        PassthroughModel(), 16_000, 16_000, values=NO_GATE | {"input_gain_db": -6.0, "output_gain_db": 12.0}
    )

    engine.process(np.full(320, 0.25, np.float32))

    assert engine.level_in == pytest.approx(0.25 * 10**-0.3)
    assert engine.level_out == pytest.approx(0.25 * 10**0.3)


def test_the_gate_silences_a_quiet_room() -> None:
    noise = (1e-4 * np.random.default_rng(0).standard_normal(48_000)).astype(np.float32)

    assert not converted(Engine(PassthroughModel(), 48_000, 48_000), noise, 480).any()
    assert converted(Engine(PassthroughModel(), 48_000, 48_000, values=NO_GATE), noise, 480).any()


def test_an_unsupported_rate_is_told() -> None:
    with pytest.raises(RtvcError, match="4000 Hz"):
        Engine(PassthroughModel(), 4_000, 48_000)


def test_what_the_stages_learned_can_be_asked_for() -> None:
    engine = Engine(DoublingModel(), 48_000, 48_000)

    converted(engine, speechlike(0.2, 48_000), 480)

    assert engine.learned == {"talker_hz": 118.0}


def test_retiming_changes_the_pace_alone() -> None:
    samples = speechlike(4.0, 48_000)
    engine = Engine(PassthroughModel(), 48_000, 48_000, values=NO_GATE)
    engine.retime(1 + 3e-4)

    heard = converted(engine, samples, 480)

    assert len(heard) == pytest.approx(4 * 48_000 * (1 + 3e-4), abs=2)
    places = np.clip(np.arange(len(heard)) / (1 + 3e-4), 0, len(samples) - 1)
    assert np.corrcoef(heard, np.interp(places, np.arange(len(samples)), samples))[0, 1] > 0.995


def test_time_is_told_by_part() -> None:
    engine = Engine(DoublingModel(), 48_000, 48_000)

    converted(engine, speechlike(0.2, 48_000), 480)

    assert list(engine.stage_seconds) == ["resample_in", "gate", "DoublingStage", "resample_out"]
    assert min(engine.stage_seconds.values()) > 0


def test_a_long_stream_keeps_no_memory() -> None:
    engine = Engine(replace(PassthroughModel(), look_ahead=777), 44_100, 48_000)
    block = speechlike(0.01, 44_100)
    engine.retime(1.0002)
    sizes = []

    tracemalloc.start()
    for i in range(3_000):
        engine.process(block)
        if i % 500 == 499:
            sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()

    assert sizes[-1] - sizes[0] < 10_000  # one number a block would be 60,000
