"""The resampler is exact in length and place, clean, and blind to how its input is cut."""

import numpy as np
import pytest

from rtvc.errors import RtvcError
from rtvc.resample import Resampler, Samples

PAIRS = [
    (48_000, 16_000),
    (16_000, 48_000),
    (44_100, 16_000),
    (16_000, 44_100),
    (22_050, 16_000),
    (11_025, 16_000),
    (11_025, 48_000),
    (48_000, 11_025),
    (44_100, 48_000),
    (48_000, 44_100),
    (32_000, 48_000),
    (192_000, 16_000),
    (8_000, 192_000),
    (192_000, 8_000),
    (44_101, 16_000),
    (16_000, 47_999),
]


def tone(frequency: float, rate: int, seconds: float = 0.5) -> Samples:
    return np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate).astype(np.float32)


def noise(count: int) -> Samples:
    return np.random.default_rng(0).standard_normal(count).astype(np.float32)


def convert(rate_in: int, rate_out: int, samples: Samples, cut: int = 10**9) -> Samples:
    resampler = Resampler(rate_in, rate_out)
    pieces = [resampler.push(samples[i : i + cut]) for i in range(0, len(samples), cut)]
    return np.concatenate([*pieces, resampler.flush()])


def level(samples: Samples) -> float:
    """dB of the middle of a signal against a sine of full scale."""
    middle = samples[len(samples) // 4 : -len(samples) // 4].astype(np.float64)
    return float(10 * np.log10(2 * np.mean(middle**2) + 1e-20))


@pytest.mark.parametrize(("rate_in", "rate_out"), PAIRS)
def test_output_does_not_depend_on_the_cut(rate_in: int, rate_out: int) -> None:
    samples = noise(rate_in // 20 + 3)

    whole = convert(rate_in, rate_out, samples)

    for cut in (1, 7, rate_in // 100, rate_in // 50 + 1):
        np.testing.assert_array_equal(convert(rate_in, rate_out, samples, cut), whole)


@pytest.mark.parametrize(("rate_in", "rate_out"), PAIRS)
@pytest.mark.parametrize("count", [0, 1, 2, 479, 4_803])
def test_length_is_exact(rate_in: int, rate_out: int, count: int) -> None:
    assert len(convert(rate_in, rate_out, noise(count), 480)) == round(count * rate_out / rate_in)


@pytest.mark.parametrize(("rate_in", "rate_out"), PAIRS)
def test_a_tone_stays_in_place(rate_in: int, rate_out: int) -> None:
    heard = convert(rate_in, rate_out, tone(1_000, rate_in))[: rate_out // 3]

    error = (heard - tone(1_000, rate_out)[: len(heard)])[rate_out // 100 :]
    assert np.abs(error).max() < 1e-4


@pytest.mark.parametrize("rate_in", [192_000, 48_000, 44_100, 22_050, 44_101])
def test_down_to_16_khz_keeps_7_khz_and_stops_what_would_fold(rate_in: int) -> None:
    gains = {hertz: level(convert(rate_in, 16_000, tone(hertz, rate_in))) for hertz in (100, 4_000, 7_000, 7_500)}
    aliases = [level(convert(rate_in, 16_000, tone(hertz, rate_in))) for hertz in (8_500, 9_000, 10_500)]

    assert max(abs(gains[hertz]) for hertz in (100, 4_000, 7_000)) < 0.01
    assert gains[7_500] > -1.0
    assert max(aliases) < -80


@pytest.mark.parametrize(
    ("rate_in", "rate_out", "kept", "clean"),
    [(16_000, 48_000, 7_000, 6_500), (32_000, 48_000, 15_000, 14_000), (16_000, 44_100, 7_000, 6_500)],
)
def test_upwards_the_band_is_flat_and_images_are_80_db_down(rate_in: int, rate_out: int, kept: int, clean: int) -> None:
    heard = convert(rate_in, rate_out, tone(clean, rate_in))

    image = heard - tone(clean, rate_out)
    assert abs(level(heard)) < 0.01 and level(image) < -75
    assert level(convert(rate_in, rate_out, tone(kept, rate_in))) > -0.5


def test_a_constant_stays_the_same_constant() -> None:
    for rate_in, rate_out in PAIRS:
        heard = convert(rate_in, rate_out, np.ones(rate_in // 10, np.float32))

        assert np.abs(heard[len(heard) // 4 : -len(heard) // 4] - 1).max() < 1e-6


@pytest.mark.parametrize(("rate_in", "rate_out"), PAIRS)
def test_delay_is_what_it_says_and_short(rate_in: int, rate_out: int) -> None:
    resampler = Resampler(rate_in, rate_out)
    count = rate_in // 10

    made = len(resampler.push(noise(count)))

    assert count / rate_in - made / rate_out == pytest.approx(resampler.delay, abs=1 / rate_in + 1 / rate_out)
    assert resampler.delay <= 0.002


@pytest.mark.parametrize(("rate_in", "rate_out", "delay"), [(48_000, 16_000, 0.002), (16_000, 48_000, 0.001)])
def test_delay_at_the_usual_rates(rate_in: int, rate_out: int, delay: float) -> None:
    assert Resampler(rate_in, rate_out).delay == pytest.approx(delay)


def test_equal_rates_pass_unchanged() -> None:
    resampler = Resampler(44_100, 44_100)

    heard = np.concatenate([resampler.push(noise(1_000)), resampler.flush()])

    np.testing.assert_array_equal(heard, noise(1_000))
    assert resampler.delay == 0


def test_reset_and_flush_start_a_new_stream() -> None:
    resampler = Resampler(44_100, 16_000)
    first = np.concatenate([resampler.push(noise(5_000)), resampler.flush()])

    second = np.concatenate([resampler.push(noise(5_000)), resampler.flush()])
    resampler.push(noise(777))
    resampler.reset()
    third = np.concatenate([resampler.push(noise(5_000)), resampler.flush()])

    np.testing.assert_array_equal(second, first)
    np.testing.assert_array_equal(third, first)


def test_a_long_stream_stays_exact_and_its_memory_constant() -> None:
    resampler = Resampler(44_100, 16_000)
    block, made = tone(900, 44_100, 0.1), 0

    sizes = set()
    for _ in range(600):  # 900 Hz: each tenth of a second holds whole periods
        heard = resampler.push(block)
        made += len(heard)
        sizes.add(resampler._buffer.nbytes)

    late = np.sin(2 * np.pi * 900 * (made - len(heard) + np.arange(len(heard))) / 16_000)
    assert np.abs(heard - late).max() < 1e-4
    assert max(sizes) <= 4 * (2 * 88 + 3)


@pytest.mark.parametrize("rate", [0, 7_999, 192_001])
def test_a_rate_out_of_range_is_told(rate: int) -> None:
    with pytest.raises(RtvcError, match=f"{rate} Hz"):
        Resampler(rate, 16_000)
