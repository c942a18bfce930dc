"""Noise suppression stays in its place, costs nothing while off, and is told where it cannot be had."""

import numpy as np
import pytest

from rtvc.effects.denoise import Denoiser
from rtvc.effects.rnnoise import FRAME, LATENESS, MISSING, RATE, RNNoise, library_path
from rtvc.errors import RtvcError
from rtvc.resample import Samples

CUTS = [441, 480, 960, 97]


class Echo:
    """A suppressor that only waits, and takes all below a tenth away."""

    def __init__(self) -> None:
        self._past = np.zeros(LATENESS, np.float32)

    def push(self, frame: Samples) -> Samples:
        self._past = np.concatenate([self._past, frame])
        made, self._past = self._past[:FRAME], self._past[FRAME:]
        return made * np.float32(0.5)


def missing() -> Echo:
    raise RtvcError(MISSING)


def sine(rate: int, seconds: float = 1.0) -> Samples:
    return (0.5 * np.sin(2 * np.pi * 300 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def pushed(denoiser: Denoiser, samples: Samples, amount: float, cut: int) -> Samples:
    return np.concatenate([denoiser.push(samples[i : i + cut], amount) for i in range(0, len(samples), cut)])


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000])
@pytest.mark.parametrize("cut", CUTS)
def test_a_stream_that_begins_with_it_stays_in_its_place(rate: int, cut: int) -> None:
    denoiser = Denoiser(rate, Echo)

    heard = pushed(denoiser, sine(rate), 1.0, cut)

    assert len(heard) == rate - round(denoiser.delay * rate)
    inner = slice(rate // 20, -rate // 20)
    np.testing.assert_allclose(heard[inner], 0.5 * sine(rate)[: len(heard)][inner], atol=2e-3)


def test_a_part_of_it_leaves_a_part_of_the_noise() -> None:
    heard = pushed(Denoiser(RATE, Echo), sine(RATE), 0.5, 480)

    np.testing.assert_allclose(heard, 0.75 * sine(RATE)[: len(heard)], atol=1e-4)


@pytest.mark.parametrize("cut", CUTS)
def test_switched_while_running_it_makes_no_step_and_loses_no_sample(cut: int) -> None:
    denoiser, samples = Denoiser(RATE, Echo), sine(RATE, 0.5)

    heard = [pushed(denoiser, samples, amount, cut) for amount in (0.0, 1.0, 0.3, 0.0)]

    joined = np.concatenate(heard)
    assert len(joined) == 4 * len(samples)
    assert np.abs(np.diff(joined)).max() < 2.5 * 0.5 * 2 * np.pi * 300 / RATE
    assert np.abs(heard[1][RATE // 4 :]).max() == pytest.approx(0.25, abs=0.01)
    assert denoiser.delay == 0.0


def test_what_is_off_touches_nothing_and_loads_nothing() -> None:
    samples = sine(RATE)
    denoiser = Denoiser(RATE, missing)

    assert denoiser.push(samples, 0.0) is samples
    assert denoiser.remark == ""


def test_a_library_that_is_not_there_is_told_and_the_sound_goes_on() -> None:
    samples = sine(RATE)
    denoiser = Denoiser(RATE, missing)

    assert denoiser.push(samples, 1.0) is samples
    assert "rtvc[denoise]" in denoiser.remark
    assert denoiser.delay == 0.0


@pytest.mark.skipif(library_path() is None, reason="rtvc[denoise] is not installed")
def test_noise_goes_and_speech_stays() -> None:
    time = np.arange(4 * RATE) / RATE
    buzz = sum(np.sin(2 * np.pi * 140 * n * time) / n for n in range(1, 25))
    speech = (0.1 * buzz * (np.sin(2 * np.pi * 2 * time) > 0)).astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 0.01, len(time)).astype(np.float32)

    alone = pushed(Denoiser(RATE), noise, 1.0, 480)
    both = pushed(Denoiser(RATE), speech + noise, 1.0, 480)

    assert np.std(alone[RATE:]) < 0.2 * np.std(noise)
    assert np.corrcoef(both[RATE:], speech[RATE : len(both)])[0, 1] > 0.9


@pytest.mark.skipif(library_path() is None, reason="rtvc[denoise] is not installed")
def test_library_is_as_late_as_is_said() -> None:
    network, samples = RNNoise(), np.random.default_rng(0).normal(0, 0.1, 100 * FRAME).astype(np.float32)
    speech = samples * (np.sin(2 * np.pi * 3 * np.arange(len(samples)) / RATE) > 0)

    heard = np.concatenate([network.push(frame) for frame in speech.reshape(-1, FRAME)])

    size = 2 * len(samples)
    correlation = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(speech, size)))
    assert int(np.argmax(correlation)) == LATENESS
