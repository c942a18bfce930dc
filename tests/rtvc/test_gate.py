"""The gate silences what is quiet, opens before an onset, and makes no click."""

import numpy as np
import pytest

from rtvc.gate import HOLD, RELEASE, Gate, Hush
from rtvc.resample import Samples

RATE, STEP = 16_000, 320


def tone(level: float, seconds: float) -> Samples:
    """A sine of `level` dB RMS against full scale."""
    size = np.sqrt(2) * 10 ** (level / 20)
    return (size * np.sin(2 * np.pi * 200 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def gated(samples: Samples, threshold: float | None, steps: int = 1) -> Samples:
    gate = Gate(RATE, STEP)
    return np.concatenate([gate.push(piece, threshold) for piece in np.split(samples, len(samples) // STEP // steps)])


def test_off_it_is_not_there() -> None:
    samples = tone(-80, 0.4)

    np.testing.assert_array_equal(gated(samples, None), samples)


def test_quiet_input_becomes_silence() -> None:
    assert not gated(tone(-62, 0.4), -60).any()


def test_loud_input_passes_unchanged_after_the_first_fade() -> None:
    samples = tone(-50, 0.4)

    heard = gated(samples, -60)

    np.testing.assert_array_equal(heard[STEP:], samples[STEP:])


def test_it_opens_within_the_frame_of_the_onset() -> None:
    onset = 5 * STEP + 55  # inside a frame of 80
    samples = np.concatenate([np.zeros(onset, np.float32), tone(-30, 1)])[: 40 * STEP]

    heard = gated(samples, -60)

    np.testing.assert_array_equal(heard, samples)


def test_it_holds_through_a_pause_and_then_fades() -> None:
    pause = tone(-70, 1.0)

    heard = gated(np.concatenate([tone(-30, 0.2), pause]), -60)[round(0.2 * RATE) :]

    held, faded = round(HOLD * RATE), round((HOLD + RELEASE + 0.005) * RATE)
    np.testing.assert_array_equal(heard[: held - 80], pause[: held - 80])
    assert not heard[faded:].any()


def test_a_level_between_the_thresholds_keeps_it_open_but_opens_it_not() -> None:
    between = tone(-63, 1.0)

    assert not gated(between, -60).any()
    after_speech = gated(np.concatenate([tone(-30, 0.2), between]), -60)[round(0.2 * RATE) :]
    np.testing.assert_array_equal(after_speech, between)


def test_opening_and_closing_make_no_step() -> None:
    steady = np.full(RATE // 5, 0.01, np.float32)
    samples = np.concatenate([steady, 0.05 * steady, steady, 0 * steady, 0 * steady, steady])

    heard = gated(samples, -45)

    own_steps = np.abs(np.diff(samples)) > 0
    assert np.abs(np.diff(heard)[~own_steps]).max() <= 0.01 / 40 * 1.01


@pytest.mark.parametrize("steps", [2, 5, 10])
def test_the_result_does_not_depend_on_the_cut(steps: int) -> None:
    bursts = np.repeat(10 ** np.random.default_rng(0).uniform(-4, -1, 100), STEP)
    samples = (bursts * np.random.default_rng(1).standard_normal(len(bursts))).astype(np.float32)

    np.testing.assert_array_equal(gated(samples, -40, steps), gated(samples, -40))


def test_reset_starts_closed_again() -> None:
    gate = Gate(RATE, STEP)
    first = gate.push(tone(-30, 0.2), -60)

    gate.reset()

    np.testing.assert_array_equal(gate.push(tone(-30, 0.2), -60), first)


@pytest.mark.parametrize(
    ("rate", "step", "frame"), [(16_000, 160, 80), (16_000, 320, 80), (44_100, 441, 147), (16_000, 331, 331)]
)
def test_frames_divide_the_step(rate: int, step: int, frame: int) -> None:
    assert Gate(rate, step).frame == frame
    assert len(Gate(rate, step).push(np.zeros(2 * step, np.float32), -60)) == 2 * step


def hushed(opened: list[bool], ahead: int, late: int) -> Samples:
    """What becomes of ones that a voice returns `late` samples late, of which Hush knows `ahead` steps."""
    hush = Hush(STEP, RATE, ahead * STEP / RATE)
    lengths = [max(min(STEP, (i + 1) * STEP - late), 0) for i in range(len(opened))]
    return np.concatenate([hush.push(np.ones(n, np.float32), o) for n, o in zip(lengths, opened, strict=True)])


@pytest.mark.parametrize(("ahead", "late"), [(0, 0), (0, 160), (1, 320), (1, 480), (2, 640)])
def test_what_a_voice_makes_of_silence_is_silenced(ahead: int, late: int) -> None:
    opened = [False] * 5 + [True] * 4 + [False] * 12

    heard = hushed(opened, ahead, late)

    first, last = 5 * STEP, 9 * STEP
    assert not heard[: first - ahead * STEP].any()
    np.testing.assert_array_equal(heard[first:last], np.ones(last - first))
    assert not heard[last + round(RELEASE * RATE) + STEP :].any()
    falls = np.diff(heard[last - 1 : last + round(RELEASE * RATE)])
    assert (falls <= 0).all() and falls.min() > -0.005
    if ahead:
        assert np.abs(np.diff(heard[: first + 1])).max() < 0.005  # faded in before the onset


def test_an_open_gate_leaves_the_voice_as_it_is() -> None:
    samples = np.random.default_rng(0).standard_normal(20 * STEP).astype(np.float32)
    hush = Hush(STEP, RATE, 0.0)

    heard = np.concatenate([hush.push(piece, True) for piece in np.split(samples, 20)])

    np.testing.assert_array_equal(heard, samples)


def test_it_tells_whether_anything_came_through() -> None:
    gate = Gate(RATE, STEP)
    told = []
    for piece in np.split(np.concatenate([tone(-80, 0.1), tone(-30, 0.1), tone(-80, 0.4)]), 30):
        gate.push(piece, -60)
        told.append(gate.is_open)

    closed = 10 + round((HOLD + RELEASE) * RATE / STEP)
    assert told == [False] * 5 + [True] * (closed - 5) + [False] * (30 - closed)
