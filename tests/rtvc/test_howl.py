"""A monitor that the microphone hears is found; speech, tones and the voice's own delay are not."""

import numpy as np
import pytest

from rtvc.demo import RECORDING
from rtvc.howl import RATE, HowlGuard
from rtvc.resample import Resampler, Samples
from rtvc.wavfile import read_audio

BLOCK = RATE // 50
VOICE_DELAY = round(0.14 * RATE)


@pytest.fixture(scope="module")
def speech() -> Samples:
    samples, rate = read_audio(RECORDING)
    return Resampler(rate, RATE).push(samples)


def seconds_until_found(
    spoken: Samples, echo: float, way: float = 0.08, is_converted: bool = True, noise: float = 1e-4
) -> float | None:
    """Let a session run whose played sound comes back into the microphone; a converted voice has other phases."""
    guard, count = HowlGuard(RATE, RATE), len(spoken)
    hiss = np.random.default_rng(0).normal(0, noise, count).astype(np.float32)
    other = np.sign(np.sin(0.7 * np.arange(count))).astype(np.float32) if is_converted else np.ones(count, np.float32)
    heard, played = np.zeros(count, np.float32), np.zeros(count, np.float32)
    back = round(way * RATE)
    for start in range(0, count - BLOCK, BLOCK):
        piece = slice(start, start + BLOCK)
        heard[piece] = spoken[piece] + hiss[piece]
        if start >= back:
            heard[piece] += echo * played[start - back : start - back + BLOCK]
        if start >= VOICE_DELAY:
            played[piece] = heard[start - VOICE_DELAY : start - VOICE_DELAY + BLOCK] * other[piece]
        if guard.push(heard[piece], played[piece]):
            return start / RATE
    return None


@pytest.mark.parametrize(("echo", "is_converted"), [(0.1, True), (0.3, True), (0.9, True), (0.4, False), (0.9, False)])
@pytest.mark.parametrize("way", [0.03, 0.3])
def test_it_is_found_in_seconds(speech: Samples, echo: float, is_converted: bool, way: float) -> None:
    found = seconds_until_found(speech, echo, way, is_converted)

    assert found is not None and found < 8.0


@pytest.mark.parametrize("is_converted", [True, False])
def test_headphones_are_left_alone(speech: Samples, is_converted: bool) -> None:
    assert seconds_until_found(speech, 0.0, is_converted=is_converted) is None


@pytest.mark.parametrize("hertz", [50, 440, 1_000])
@pytest.mark.parametrize("noise", [0.0, 1e-4])
def test_a_hum_is_no_monitor(hertz: int, noise: float) -> None:
    hum = (0.2 * np.sin(2 * np.pi * hertz * np.arange(8 * RATE) / RATE)).astype(np.float32)

    assert seconds_until_found(hum, 0.0, is_converted=False, noise=noise) is None


def test_silence_is_no_monitor() -> None:
    assert seconds_until_found(np.zeros(6 * RATE, np.float32), 0.5) is None


def test_devices_of_other_rates_are_compared_too(speech: Samples) -> None:
    guard = HowlGuard(48_000, 44_100)
    up = Resampler(RATE, 48_000).push(speech), Resampler(RATE, 44_100).push(np.roll(speech, -400))

    found = [
        guard.push(up[0][480 * n : 480 * n + 480], up[1][441 * n : 441 * n + 441]) for n in range(len(speech) // 80 - 2)
    ]

    assert any(found)


def test_a_tone_that_sets_in_is_no_monitor() -> None:
    time = np.arange(6 * RATE) / RATE
    tone = (0.2 * np.sin(2 * np.pi * 1000 * time) * (time > 1.3)).astype(np.float32)
    guard = HowlGuard(RATE, RATE)

    assert not any(guard.push(piece, 0.5 * piece) for piece in tone.reshape(-1, RATE // 50))
