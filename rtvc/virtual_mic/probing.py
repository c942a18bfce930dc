"""Whether a virtual microphone does its work: a tone is played into it, and what comes out is looked at."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rtvc.loopback import Exchange, play_and_hear
from rtvc.resample import Samples

RATE = 48_000
HERTZ = 1_000
PLAYED_DB = -30.0  # dBFS, of the tone's amplitude: heard well by a program, hardly noticed by people
SECONDS, TONE_SECONDS = 1.5, 0.8
LEAST_DB = -20.0  # that the tone may lose on the way and still be there
PIECE = RATE // 20


@dataclass(frozen=True)
class Probe:
    """What came of a tone: its amplitude in dBFS, and in a sentence what that means."""

    is_heard: bool
    level: float
    words: str


def probe(
    output: str, microphone: str, has_server: bool = True, is_cancelled: Callable[[], bool] = lambda: False
) -> Probe:
    """Play a quiet tone at an output and listen at a microphone; DeviceError where one cannot be opened."""
    heard = play_and_hear(Exchange(output, microphone, RATE, _tone(), SECONDS, has_server), is_cancelled)
    level = 20 * float(np.log10(max(tone_amplitude(heard), 1e-6)))
    if level < PLAYED_DB + LEAST_DB:
        words = f"a tone played at {output} does not come out of {microphone}; is one of the two muted?"
        return Probe(False, level, words)
    return Probe(True, level, f"a tone played at {output} comes out of {microphone} at {level:.0f} dBFS")


def tone_amplitude(samples: Samples) -> float:
    """The amplitude that the tone reaches in a whole piece of samples [n]; 0 where there is none."""
    pieces = samples[: len(samples) // PIECE * PIECE].reshape(-1, PIECE)
    wave = np.exp(-2j * np.pi * HERTZ * np.arange(PIECE) / RATE)
    return float((2 * np.abs(pieces @ wave) / PIECE).max(initial=0.0))


def _tone() -> Samples:
    time = np.arange(round(TONE_SECONDS * RATE)) / RATE
    edges = np.minimum(np.minimum(time, time[::-1]) / 0.02, 1.0)
    return (10 ** (PLAYED_DB / 20) * edges * np.sin(2 * np.pi * HERTZ * time)).astype(np.float32)
