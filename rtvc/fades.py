"""Short fades that keep a beginning or an end from being heard as a click."""

import numpy as np

from rtvc.resample import Samples

FADE = 0.005  # seconds


def ramp(rate: int) -> Samples:
    """Factors [n] from 0 to 1 for one fade at a rate."""
    return np.linspace(0.0, 1.0, round(FADE * rate), dtype=np.float32)


def fade_in(samples: Samples, up: Samples) -> None:
    """Begin samples [n] softly, in place."""
    count = min(len(samples), len(up))
    samples[:count] *= up[:count]


def fade_out(samples: Samples, count: int, last: float, up: Samples) -> None:
    """End the first `count` of samples [n] softly, in place, and make the rest silent.

    Where `count` is too short for a fade, it begins at the last sample played, `last` where there is none.
    """
    samples[count:] = 0.0
    down = up[::-1]
    if count >= len(down):
        samples[count - len(down) : count] *= down
        return
    room = min(len(down), len(samples) - count)
    samples[count : count + room] = (samples[count - 1] if count else last) * down[:room]
