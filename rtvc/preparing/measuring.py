"""Figures of pieces of speech: pitch, timbre, what is behind the speech, and whether two speakers are mixed."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from models.content import LogMel
from models.pitch import PitchTracker
from models.pitch_sizes import HOP
from rtvc.preparing.cutting import FRAME, Cut
from rtvc.preparing.decoding import as_floats
from rtvc.resample import Samples

SURE = 0.6
"""Voicing probability from which a frame is counted."""
CEPSTRA = 13
WINDOW = 512
MOST_BACKGROUND = 300
FEWEST_FOR_GROUPS = 12
QUIETEST = -100.0


@dataclass(frozen=True)
class Sound:
    """One piece: share of voiced frames, geometric mean F0 of these in Hz (0 without any), mean cepstrum [12]."""

    voiced: float
    hertz: float
    cepstrum: NDArray[np.float64]


class Ear:
    """Listens to pieces with a voice's own pitch tracker."""

    def __init__(self, tracker: PitchTracker) -> None:
        self._tracker, self._mel = tracker, LogMel()
        bins = np.arange(80) + 0.5
        self._cosines = np.cos(np.pi / 80 * bins[:, None] * np.arange(1, CEPSTRA)) / 80

    @torch.inference_mode()
    def listen(self, samples: Samples) -> Sound:
        """Describe a piece at 16 kHz [n]."""
        whole = torch.from_numpy(samples[: len(samples) // (2 * HOP) * 2 * HOP])[None]
        pitch = self._tracker.decide(self._tracker(whole))
        sure = pitch.voicing[0] > SURE
        hertz = float(torch.exp(torch.log(pitch.hertz[0][sure]).mean())) if sure.any() else 0.0
        mel = self._mel(whole)[0][: len(sure)]
        told = mel[sure[: len(mel)]] if sure.any() else mel
        return Sound(float(sure.float().mean()), hertz, told.mean(0).double().numpy() @ self._cosines)


@dataclass(frozen=True)
class Levels:
    """Mean level of speech, level behind it (dBFS), and the flatness of the spectrum behind it, 0 to about .45."""

    speech: float
    background: float
    flatness: float


def measure_levels(samples: NDArray[np.int16], found: Cut) -> Levels:
    """Compare the speech of a recording with its quietest moments."""
    levels, speech = found.levels, found.speech
    if not len(levels):
        return Levels(QUIETEST, QUIETEST, 1.0)
    loud = _mean_level(levels[speech]) if speech.any() else QUIETEST
    pauses = np.flatnonzero(~speech)
    if len(pauses) < 50:
        pauses = np.argsort(levels)[: max(len(levels) // 20, 1)]
    chosen = pauses[np.argsort(levels[pauses], kind="stable")[len(pauses) // 5 :]]  # fades at the ends are no room
    return Levels(loud, float(np.median(levels[chosen])), _flatness(samples, chosen))


def _flatness(samples: NDArray[np.int16], frames: NDArray[np.int64]) -> float:
    """Geometric over arithmetic mean of the power spectrum, median over frames of digital sound."""
    few = frames[:: max(len(frames) // MOST_BACKGROUND, 1)]
    found = []
    for frame in few:
        piece = as_floats(samples[frame * FRAME : frame * FRAME + WINDOW])
        if len(piece) == WINDOW and np.abs(piece).max() > 2 / 32768:
            power = np.abs(np.fft.rfft(piece * np.hanning(WINDOW)))[4:200] ** 2 + 1e-12
            found.append(_band_flatness(power))
    return float(np.median(found)) if found else 1.0


def _band_flatness(power: NDArray[np.float64]) -> float:
    """Flatness within bands of 400 Hz, so that the slope of a noise does not count: mean of the three lowest."""
    bands = power[: len(power) // 14 * 14].reshape(-1, 14)
    flatness = np.exp(np.log(bands).mean(-1)) / bands.mean(-1)
    return float(np.sort(flatness)[:3].mean())


def _mean_level(levels: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels.astype(np.float64) / 10))))


def pitch_spread(sounds: list[Sound]) -> float:
    """Standard deviation of the pieces' mean F0 in semitones."""
    return float(np.std([12 * np.log2(sound.hertz) for sound in sounds])) if sounds else 0.0


def two_groups(sounds: list[Sound]) -> tuple[float, tuple[float, float]]:
    """Part pieces into two groups by pitch and timbre; how far these are apart in their own width, and their F0.

    One speaker makes one cloud, which a line through its middle parts into halves about two and a half widths apart.
    """
    if len(sounds) < FEWEST_FOR_GROUPS:
        return 0.0, (0.0, 0.0)
    points = np.array([[12 * np.log2(one.hertz) / 2.0, *(one.cepstrum / 0.12)] for one in sounds])
    points -= points.mean(0)
    axis = np.linalg.svd(points, full_matrices=False)[2][0]
    along = points @ axis
    low, high = _parted(along)
    width = np.sqrt(0.5 * (low.var() + high.var())) + 1e-6
    pitch = np.log([one.hertz for one in sounds])
    groups = (pitch[along <= low.max()], pitch[along > low.max()])
    below, above = sorted(float(np.exp(group.mean())) for group in groups)
    return float((high.mean() - low.mean()) / width), (below, above)


def _parted(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two groups of numbers with the least variance within them, each at least an eighth of all."""
    ordered = np.sort(values)
    least = max(len(ordered) // 8, 2)
    splits = range(least, len(ordered) - least + 1)
    costs = [ordered[:at].var() * at + ordered[at:].var() * (len(ordered) - at) for at in splits]
    best = splits[int(np.argmin(costs))]
    return ordered[:best], ordered[best:]
