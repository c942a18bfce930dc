"""What a microphone hears on bad days: clean recordings degraded, and sounds that are no speech."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from rtvc.resample import Samples

RATE = 16_000
REVERBERATION = 0.5  # seconds until the room's tail has fallen by 60 dB
LOWEST_HISS_DB, HISS_DB = -70.0, -50.0

Degrade = Callable[[Samples, np.random.Generator], Samples]
"""Samples [n] at 16 kHz -> what is heard in their place [n]."""


def level(samples: Samples) -> float:
    """RMS in dBFS."""
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)) + 1e-12))


def at_level(samples: NDArray[np.floating], decibels: float) -> Samples:
    """Return samples [n] with that RMS in dBFS, clipped to full scale."""
    scaled = samples * 10 ** ((decibels - level(np.asarray(samples, np.float32))) / 20)
    return np.clip(scaled, -1.0, 1.0).astype(np.float32)


def noise(count: int, rng: np.random.Generator, slope: float = 0.5) -> Samples:
    """Noise [count] whose amplitudes fall with frequency to the power of `slope`."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    return np.fft.irfft(spectrum / np.arange(1, len(spectrum) + 1) ** slope, count).astype(np.float32)


def noisy(samples: Samples, rng: np.random.Generator) -> Samples:
    """A fan or a street 10 dB below the speech."""
    return np.clip(samples + at_level(noise(len(samples), rng), level(samples) - 10), -1.0, 1.0).astype(np.float32)


def reverberant(samples: Samples, rng: np.random.Generator) -> Samples:
    """A bare room, as loud as the direct sound."""
    time = np.arange(round(REVERBERATION * RATE)) / RATE
    tail = rng.standard_normal(len(time)) * 10 ** (-3 * time / REVERBERATION)
    tail /= np.sqrt(np.square(tail).sum())
    size = len(samples) + len(tail)
    late = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(tail, size), size)[: len(samples)]
    return at_level(samples + late, level(samples))


def quiet(samples: Samples, rng: np.random.Generator) -> Samples:
    """Somebody far from the microphone."""
    return at_level(samples, -40.0)


def clipped(samples: Samples, rng: np.random.Generator) -> Samples:
    """Somebody too near to it: 12 dB over full scale."""
    loudest = float(np.abs(samples).max())
    return np.clip(samples * (10 ** (12 / 20) / max(loudest, 1e-6)), -1.0, 1.0).astype(np.float32)


def laughter(samples: Samples, rng: np.random.Generator) -> Samples:
    """Voiced and breathy bursts, five in a second, from high to low."""
    time = np.arange(len(samples)) / RATE
    beat = time * 5 % 1.0
    hertz = 330 - 120 * (time % 1.6) / 1.6 + 40 * np.exp(-beat * 6)
    breath = noise(len(samples), rng, 0.2)
    sound = _harmonics(hertz, 12) * np.exp(-beat * 4) + breath / breath.std() * 0.3 * np.exp(-(1 - beat) * 6)
    return at_level(sound * (time % 1.6 < 1.1), -25.0)


def music(samples: Samples, rng: np.random.Generator) -> Samples:
    """Chords of four harmonic tones with a noisy beat."""
    time = np.arange(len(samples)) / RATE
    bar = (time * 2).astype(int)
    sound = np.zeros(len(samples))
    for interval in (0, 4, 7, 12):
        steps = np.array([0, 5, 7, 3])[bar % 4] + interval
        sound += _harmonics(np.asarray(130.8 * 2 ** (steps / 12)), 8)
    beat = noise(len(samples), rng, 0.0)
    return at_level(sound + 3 * beat / beat.std() * np.exp(-(time * 4 % 1.0) * 20), -22.0)


def near_silence(samples: Samples, rng: np.random.Generator) -> Samples:
    """A quiet room: hiss at -70 dBFS."""
    return at_level(noise(len(samples), rng, 0.0), LOWEST_HISS_DB)


def loud_hiss(samples: Samples, rng: np.random.Generator) -> Samples:
    """A bad microphone: hiss at -50 dBFS, which the gate lets pass."""
    return at_level(noise(len(samples), rng, 0.0), HISS_DB)


def digital_silence(samples: Samples, rng: np.random.Generator) -> Samples:
    """A microphone that is switched off."""
    return np.zeros(len(samples), np.float32)


def unchanged(samples: Samples, rng: np.random.Generator) -> Samples:
    """The recording as it is."""
    return samples


SPEECH: Mapping[str, Degrade] = {
    "clean": unchanged,
    "noise 10 dB": noisy,
    "reverb 0.5 s": reverberant,
    "level -40 dBFS": quiet,
    "clipping +12 dB": clipped,
}
OTHER: Mapping[str, Degrade] = {"laughter": laughter, "music": music, "hiss -50 dBFS": loud_hiss}
SILENCE: Mapping[str, Degrade] = {"hiss -70 dBFS": near_silence, "silence": digital_silence}


def _harmonics(hertz: NDArray[np.floating], count: int) -> NDArray[np.floating]:
    """Sum of `count` harmonics of an F0 in Hz at every sample [n]."""
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    return np.sum([np.sin(k * phase) / k for k in range(1, count + 1)], axis=0)
