"""A click that can be found again in what a loop gives back, and the time between its two arrivals."""

import numpy as np
from numpy.typing import NDArray

from rtvc.resample import Samples

CLICK_SECONDS = 0.06
LEVEL = 0.1  # of full scale, at its peak
LOWEST, HIGHEST = 200.0, 6_000.0  # Hz: what every path lets through
EDGE = 0.005  # seconds of its fades
NEAREST = 0.01  # seconds between the click and its return, at least
LEAST_ALIKE = 0.3  # a return's likeness to the click, 1 for the same, to count as one


def click(rate: int) -> Samples:
    """Return a short burst of noise [n], always the same: like a click to the ear, and like nothing else."""
    count = round(CLICK_SECONDS * rate)
    spectrum = np.fft.rfft(np.random.default_rng(6).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / rate)
    spectrum[(hertz < LOWEST) | (hertz > HIGHEST)] = 0.0
    burst = np.fft.irfft(spectrum, count)
    edge = np.clip(np.arange(1, count + 1) / (EDGE * rate), 0.0, 1.0)
    burst *= edge * edge[::-1]
    return np.asarray(LEVEL / np.abs(burst).max() * burst, np.float32)


def time_of_return(heard: Samples, rate: int) -> float | None:
    """Return the seconds between the click and its first return in a recording [n]; None where one is missing."""
    alike = likeness(heard, click(rate))
    first = _first_peak(alike, 0, rate)
    if first is None:
        return None
    second = _first_peak(alike, first + round(NEAREST * rate) + round(EDGE * rate), rate)
    return None if second is None else (second - first) / rate


def likeness(heard: Samples, wanted: Samples) -> NDArray[np.float64]:
    """How like a sound each stretch of a recording is, whatever its level: 0 to 1, for each place [n - m + 1]."""
    count = len(heard) - len(wanted) + 1
    if count < 1:
        return np.zeros(0)
    size = 1 << (len(heard) + len(wanted) - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)[:count]
    energy = np.concatenate([[0.0], np.cumsum(np.square(heard, dtype=np.float64))])
    loudness = np.sqrt(np.maximum(energy[len(wanted) :] - energy[:count], 1e-12))
    norm = float(np.linalg.norm(wanted.astype(np.float64)))
    return np.asarray(np.abs(product) / (loudness * norm))


def _first_peak(alike: NDArray[np.float64], start: int, rate: int) -> int | None:
    """The top of the first hill that is high enough."""
    above = np.flatnonzero(alike[start:] > LEAST_ALIKE)
    if not len(above):
        return None
    place = start + int(above[0])
    return place + int(np.argmax(alike[place : place + round(NEAREST * rate)]))
