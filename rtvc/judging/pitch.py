"""F0 of whole recordings by Praat, the measure for trackers that must do with less time."""

import numpy as np
import numpy.typing as npt

from rtvc.resample import Samples

RATE = 16_000
STEP = 160
"""Samples from one value to the next (10 ms)."""
LEAST_S = 0.2
FEWEST_VOICED = 20
"""Values voiced in both tracks without which they cannot be compared."""


def praat_pitch(samples: Samples) -> npt.NDArray[np.float32]:
    """Samples [n] at 16 kHz -> F0 in Hz at the middle of every 10 ms [n // 160], 0 where unvoiced (Boersma 1993).

    Raises ImportError where Parselmouth is not installed.
    """
    import parselmouth

    frames = len(samples) // STEP
    if len(samples) < LEAST_S * RATE:
        return np.zeros(frames, np.float32)
    track = parselmouth.Sound(samples.astype(np.float64), RATE).to_pitch_ac(
        time_step=STEP / RATE, pitch_floor=60.0, pitch_ceiling=700.0, voicing_threshold=0.5, octave_cost=0.02
    )
    found, start = track.selected_array["frequency"], track.xs()[0]
    index = np.round(((np.arange(frames) + 0.5) * STEP / RATE - start) * RATE / STEP).astype(int)
    inside = (index >= 0) & (index < len(found))
    return np.where(inside, found[np.clip(index, 0, len(found) - 1)], 0).astype(np.float32)


def melody_kept(source: npt.NDArray[np.float32], converted: npt.NDArray[np.float32]) -> float | None:
    """Return the correlation of two tracks' log-F0 where both are voiced; None where that is nearly nowhere."""
    count = min(len(source), len(converted))
    both = (source[:count] > 0) & (converted[:count] > 0)
    if both.sum() <= FEWEST_VOICED:
        return None
    return float(np.corrcoef(np.log(source[:count][both]), np.log(converted[:count][both]))[0, 1])
