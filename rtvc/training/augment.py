"""Augmentation of recordings: other talkers, rooms, microphones, codecs and noise from one recording.

Everything works on batches [B, N] at 16 kHz and draws from one numpy generator, so a run can be repeated.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from models.content import mel_bands

RATE = 16000
WARPS = np.exp(np.linspace(-0.22, 0.22, 23))
"""Vocal-tract warps: factors by which mel filters move."""


def change_speed(samples: np.ndarray, length: int) -> np.ndarray:
    """Resample a crop to `length` samples: tempo, pitch and formants move together."""
    spectrum = np.fft.rfft(samples)
    wanted = length // 2 + 1
    spectrum = spectrum[:wanted] if len(spectrum) > wanted else np.pad(spectrum, (0, wanted - len(spectrum)))
    return (np.fft.irfft(spectrum, length) * (length / len(samples))).astype(np.float32)


def warped_bases() -> Tensor:
    """Mel filters for every factor of `WARPS` [23, 257, 80]; the middle one is unwarped."""
    return torch.stack([mel_bands(float(w)).T for w in WARPS])


def draw_warps(rng: np.random.Generator, batch: int, share: float = 0.7) -> Tensor:
    """Indices into `WARPS` [B]; `share` of them drawn at random, the others unwarped."""
    drawn = rng.integers(0, len(WARPS), batch)
    return torch.from_numpy(np.where(rng.random(batch) < share, drawn, len(WARPS) // 2))


def colour(samples: Tensor, rng: np.random.Generator, reverb: float = 0.25, band_limit: float = 0.15) -> Tensor:
    """Random microphone response, room and bandwidth, each a filter applied in one spectrum [B, N]."""
    batch, length = samples.shape
    size = length + RATE // 2
    frequencies = np.linspace(0, RATE / 2, size // 2 + 1)
    knots = np.array([0, 100, 200, 400, 800, 1400, 2200, 3200, 4500, 6000, 8000])
    gains = []
    for _ in range(batch):
        decibels = np.interp(frequencies, knots, rng.normal(0, 4, len(knots)))
        if rng.random() < band_limit:
            edge = rng.uniform(3300, 7500)
            decibels = decibels - np.clip((frequencies - edge) / 200, 0, 1) * rng.uniform(20, 60)
        if rng.random() < 0.2:
            decibels = decibels - np.clip((rng.uniform(60, 300) - frequencies) / 60, 0, 1) * 30
        gains.append(10 ** (decibels / 20))
    response = torch.from_numpy(np.array(gains, dtype=np.float32)) * torch.stack(
        [torch.fft.rfft(room(rng) if rng.random() < reverb else _unit(), size) for _ in range(batch)]
    )
    return torch.fft.irfft(torch.fft.rfft(samples, size) * response, size)[:, :length]


def _unit() -> Tensor:
    impulse = torch.zeros(RATE // 2)
    impulse[0] = 1.0
    return impulse


def room(rng: np.random.Generator) -> Tensor:
    """Impulse response of half a second: the direct sound and an exponentially decaying diffuse tail."""
    time = np.arange(RATE // 2) / RATE
    decay = np.exp(-6.9 * time / rng.uniform(0.1, 0.6))
    tail = rng.normal(size=len(time)) * decay
    tail[: int(rng.uniform(0.001, 0.01) * RATE)] = 0
    tail *= 10 ** (-rng.uniform(0, 15) / 20) / np.sqrt(np.sum(tail**2) + 1e-9)
    tail[0] += 1.0
    return torch.from_numpy(tail.astype(np.float32))


def add_noise(samples: Tensor, rng: np.random.Generator, noises: Sequence[np.ndarray], share: float = 0.5) -> Tensor:
    """Coloured, recorded or babble noise at 3-35 dB below a share of the batch [B, N]."""
    batch, length = samples.shape
    power = samples.square().mean(-1).clamp(min=1e-10)
    out = samples.clone()
    for i in range(batch):
        if rng.random() >= share:
            continue
        noise = _noise(i, samples, rng, noises, length)
        wanted = power[i] * 10 ** (-rng.uniform(3, 35) / 10)
        out[i] += noise * torch.sqrt(wanted / noise.square().mean().clamp(min=1e-12))
    return out


def _noise(i: int, samples: Tensor, rng: np.random.Generator, noises: Sequence[np.ndarray], length: int) -> Tensor:
    kind = rng.random()
    if kind < 0.25 and noises:
        source = noises[int(rng.integers(len(noises)))]
        start = rng.integers(0, len(source) - length)
        return torch.from_numpy(np.ascontiguousarray(source[start : start + length]))
    if kind < 0.4 and len(samples) > 2:
        others = rng.permutation([k for k in range(len(samples)) if k != i])[:3]
        return samples[others].roll(int(rng.integers(length)), -1).sum(0) * 0.5
    spectrum = torch.fft.rfft(torch.from_numpy(rng.standard_normal(length, dtype=np.float32)))
    slope = torch.arange(1, len(spectrum) + 1).float().pow(-rng.uniform(0, 1.2))
    return torch.fft.irfft(spectrum * slope, length)


def set_level(samples: Tensor, rng: np.random.Generator, low: float = -40.0, high: float = -12.0) -> Tensor:
    """Scale every row to a random RMS level in dBFS and clip to full scale [B, N]."""
    level = torch.from_numpy(rng.uniform(low, high, len(samples)).astype(np.float32))
    rms = samples.square().mean(-1).sqrt().clamp(min=1e-6)
    return (samples * (10 ** (level / 20) / rms)[:, None]).clamp(-1.0, 1.0)


def close_gate(samples: Tensor, labels: Tensor, rng: np.random.Generator, share: float = 0.2) -> Tensor:
    """Silence a random span of some rows as an input gate does, in samples [B, N] and phone labels [B, T].

    Returns where the gate was closed [B, T].
    """
    step = samples.shape[1] // labels.shape[1]
    closed = torch.zeros(labels.shape, dtype=torch.bool)
    for row in range(len(samples)):
        if rng.random() < share:
            start = int(rng.integers(0, labels.shape[1] - 20)) if rng.random() < 0.5 else 0
            end = start + int(rng.integers(10, 60))
            samples[row, start * step : end * step] = 0.0
            labels[row, start:end] = 0
            closed[row, start:end] = True
    return closed


def mask_mel(mel: Tensor, rng: np.random.Generator) -> Tensor:
    """SpecAugment (Park et al. 2019): up to two bands and two spans of each row set to its mean [B, T, M]."""
    mel = mel.clone()
    batch, frames, bins = mel.shape
    for i in range(batch):
        mean = mel[i].mean()
        for _ in range(rng.integers(0, 3)):
            width, at = rng.integers(1, 10), rng.integers(0, bins)
            mel[i, :, at : at + width] = mean
        for _ in range(rng.integers(0, 3)):
            width, at = rng.integers(1, 16), rng.integers(0, frames)
            mel[i, at : at + width] = mean
    return mel
