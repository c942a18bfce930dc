"""Second-order filters: coefficients [6], b0 b1 b2 1 a1 a2, after the Audio EQ Cookbook (Bristow-Johnson)."""

from math import cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

Coefficients = NDArray[np.float64]

FLAT_Q = sqrt(0.5)  # no peak in the response
HIGHEST_SHARE = 0.45  # of the rate, up to which a corner can be set


def high_pass(rate: int, hertz: float) -> Coefficients:
    """Takes away what is below a frequency, 12 dB for each octave; -3 dB there."""
    cosine, alpha = _angle(rate, hertz, FLAT_Q)
    side = (1 + cosine) / 2
    return _scaled([side, -2 * side, side, 1 + alpha, -2 * cosine, 1 - alpha])


def low_shelf(rate: int, hertz: float, decibels: float) -> Coefficients:
    """Raises what is below a frequency by so many dB; half of it there."""
    cosine, alpha = _angle(rate, hertz, FLAT_Q)
    gain = 10 ** (decibels / 40)
    up, down, slope = gain + 1, gain - 1, 2 * sqrt(gain) * alpha
    return _scaled(
        [
            gain * (up - down * cosine + slope),
            2 * gain * (down - up * cosine),
            gain * (up - down * cosine - slope),
            up + down * cosine + slope,
            -2 * (down + up * cosine),
            up + down * cosine - slope,
        ]
    )


def high_shelf(rate: int, hertz: float, decibels: float) -> Coefficients:
    """Raises what is above a frequency by so many dB; half of it there."""
    cosine, alpha = _angle(rate, hertz, FLAT_Q)
    gain = 10 ** (decibels / 40)
    up, down, slope = gain + 1, gain - 1, 2 * sqrt(gain) * alpha
    return _scaled(
        [
            gain * (up + down * cosine + slope),
            -2 * gain * (down + up * cosine),
            gain * (up + down * cosine - slope),
            up - down * cosine + slope,
            2 * (down - up * cosine),
            up - down * cosine - slope,
        ]
    )


def peak(rate: int, hertz: float, quality: float, decibels: float) -> Coefficients:
    """Raises what is around a frequency by so many dB; the higher the quality the narrower."""
    cosine, alpha = _angle(rate, hertz, quality)
    gain = 10 ** (decibels / 40)
    return _scaled([1 + alpha * gain, -2 * cosine, 1 - alpha * gain, 1 + alpha / gain, -2 * cosine, 1 - alpha / gain])


def _angle(rate: int, hertz: float, quality: float) -> tuple[float, float]:
    """The cosine of a frequency's angle, and the cookbook's alpha."""
    angle = 2 * pi * min(hertz, HIGHEST_SHARE * rate) / rate
    return cos(angle), sin(angle) / (2 * quality)


def _scaled(coefficients: list[float]) -> Coefficients:
    found = np.array(coefficients)
    return np.asarray(found / found[3])
