"""Whether a take of a sentence is good enough to learn from."""

from dataclasses import dataclass

import numpy as np

from rtvc.resample import Samples

FRAME_S = 0.02
TOO_QUIET, TOO_LOUD_PEAK = -42.0, 0.985
LEAST_SPEECH_S, LEAST_RANGE = 0.8, 12.0


@dataclass(frozen=True)
class Take:
    """A take's length in s, level of its speech and of the quiet around it in dBFS, and what is wrong with it, if."""

    seconds: float
    level: float
    background: float
    fault: str


def judge(samples: Samples, rate: int) -> Take:
    """Measure a take [n]; `fault` is empty where it is good."""
    seconds = len(samples) / rate
    levels = _levels(samples, round(FRAME_S * rate))
    if not len(levels):
        return Take(seconds, -100.0, -100.0, "nothing was heard")
    top, floor = float(np.percentile(levels, 90)), float(np.percentile(levels, 5))
    loud = np.count_nonzero(levels > max(floor + 6.0, top - 25.0)) * FRAME_S
    return Take(seconds, top, floor, _fault(samples, top, floor, loud))


def _fault(samples: Samples, level: float, background: float, spoken: float) -> str:
    hot = np.abs(samples) >= TOO_LOUD_PEAK
    if np.count_nonzero(hot[1:] & hot[:-1]) > 2:
        return "it is clipped: move away from the microphone, or turn it down"
    if level < TOO_QUIET:
        return f"it is too quiet ({level:.0f} dBFS): come closer, or turn the microphone up"
    if spoken < LEAST_SPEECH_S:
        return f"only {spoken:.1f} s of speech were heard: read the whole sentence"
    if level - background < LEAST_RANGE:
        return f"the room is only {level - background:.0f} dB below the voice: find a quieter place"
    return ""


def _levels(samples: Samples, frame: int) -> np.ndarray:
    pieces = samples[: len(samples) // frame * frame].reshape(-1, frame).astype(np.float64)
    centred = pieces - pieces.mean(-1, keepdims=True) if len(pieces) else pieces
    return np.asarray(10 * np.log10(np.square(centred).mean(-1) + 1e-10))
