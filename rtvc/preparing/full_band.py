"""The chosen pieces of speech once more, at the rate that their voice will have."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rtvc.preparing.decoding import RATE, as_floats, decode_at
from rtvc.wavfile import pcm

FULL_BAND = "pieces_full.i16"


@dataclass(frozen=True)
class Stretch:
    """A stretch of a recording, in samples at 16 kHz, and the gain at which it is learned."""

    first: int
    last: int
    gain: float


@dataclass(frozen=True)
class Origin:
    """A recording, and its pieces: where each begins among all pieces, in samples at 16 kHz, and its stretches."""

    path: Path
    pieces: Sequence[tuple[int, Sequence[Stretch]]]


def write_full_band(
    folder: Path, origins: Sequence[Origin], kept: Collection[int], rate: int, progress: Callable[[str, float], None]
) -> None:
    """Write the pieces that begin at `kept` into the folder as int16, laid out as those at 16 kHz are, times the rates.

    Raises AudioFileError where a recording cannot be read any more, OSError where the disk is full.
    """
    used = [origin for origin in origins if any(start in kept for start, _ in origin.pieces)]
    whole = folder / "recording.i16"
    try:
        with (folder / FULL_BAND).open("wb") as out:
            for i, origin in enumerate(used):
                progress(f"reading {origin.path.name} at {rate / 1000:g} kHz", i / len(used))
                samples = decode_at(origin.path, whole, rate)
                for start, stretches in origin.pieces:
                    if start in kept:
                        out.seek(2 * at_rate(start, rate))
                        out.writelines(_sound(samples, stretch, rate) for stretch in stretches)
    finally:
        whole.unlink(missing_ok=True)


def at_rate(samples: int, rate: int) -> int:
    """A number of samples at 16 kHz, whole frames of 10 ms, as one at another rate."""
    return samples * rate // RATE


def _sound(samples: np.ndarray, stretch: Stretch, rate: int) -> bytes:
    first, last = at_rate(stretch.first, rate), at_rate(stretch.last, rate)
    found = as_floats(samples[first:last]) * np.float32(stretch.gain)
    return pcm(np.pad(found, (0, last - first - len(found))))
