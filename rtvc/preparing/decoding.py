"""Recordings of any rate and length become 16 kHz on disk, block by block, and tell how they were made."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from rtvc.errors import AudioFileError, RtvcError
from rtvc.recordings import recordings_under
from rtvc.resample import Samples, check_rate
from rtvc.wavfile import audio_blocks, pcm

RATE = 16000
SPECTRUM = 2048
EDGE_DB = 70.0
"""Energy so far below the strongest frequency is no longer counted as bandwidth."""
CLIPPED = 0.985
"""Two samples in a row beyond this are clipped."""


@dataclass(frozen=True)
class Decoded:
    """A recording at 16 kHz as int16 on disk, its own rate, the share of clipped samples and its bandwidth in Hz."""

    path: Path
    rate: int
    seconds: float
    clipped: float
    bandwidth: float
    samples: NDArray[np.int16]


def find_recordings(given: Sequence[Path]) -> list[Path]:
    """Return the files given, and those in the folders given, each once; raises AudioFileError where there are none."""
    found: dict[Path, None] = {}
    for path in given:
        if not path.exists():
            raise AudioFileError(f"no file or folder {path}")
        inside = recordings_under(path) if path.is_dir() else [path]
        if not inside:
            raise AudioFileError(f"{path}: there is no recording in this folder")
        found |= {one.resolve(): None for one in inside}
    return list(found)


def load_soxr() -> ModuleType:
    """Return the library that changes rates; raises RtvcError where it is not installed."""
    try:
        return import_module("soxr")
    except ImportError as error:
        raise RtvcError("making a voice needs the library soxr: install rtvc with its extra `train`") from error


def decode(path: Path, target: Path, note: Callable[[], None] = lambda: None) -> Decoded:
    """Write a recording to `target` as int16 at 16 kHz, holding one block in memory; `note` is called after each.

    Raises AudioFileError where it cannot be read, RtvcError where its rate is none.
    """
    soxr = load_soxr()
    clipped = count = rate = 0
    spectrum = _Spectrum()
    stream = None
    with target.open("wb") as out:
        for rate, block in audio_blocks(path):
            if stream is None:
                check_rate(rate)
                stream = soxr.ResampleStream(rate, RATE, 1, dtype="float32", quality="HQ")
            count += len(block)
            loud = np.abs(block) >= CLIPPED
            clipped += int(np.count_nonzero(loud[1:] & loud[:-1]))
            spectrum.add(block)
            out.write(pcm(stream.resample_chunk(block)))
            note()
        assert stream is not None
        out.write(pcm(stream.resample_chunk(np.zeros(0, np.float32), last=True)))
    samples = np.memmap(target, np.int16, "r") if target.stat().st_size else np.zeros(0, np.int16)
    return Decoded(path, rate, count / rate, clipped / count, spectrum.highest(rate), samples)


class _Spectrum:
    """Mean power spectrum of a recording at its own rate."""

    def __init__(self) -> None:
        self._power = np.zeros(SPECTRUM // 2 + 1)
        self._window = np.hanning(SPECTRUM).astype(np.float32)

    def add(self, samples: Samples) -> None:
        """Count the whole pieces of a block [n]."""
        whole = len(samples) // SPECTRUM * SPECTRUM
        pieces = samples[:whole].reshape(-1, SPECTRUM) * self._window
        self._power += (np.abs(np.fft.rfft(pieces, axis=-1)) ** 2).sum(0)

    def highest(self, rate: int) -> float:
        """The highest frequency with energy, in Hz."""
        smooth = np.convolve(self._power, np.ones(5) / 5, "same")
        strong = np.flatnonzero(smooth > smooth.max() * 10 ** (-EDGE_DB / 10))
        return float(strong[-1] * rate / SPECTRUM) if len(strong) else 0.0


def as_floats(samples: Iterable[int]) -> Samples:
    """Samples in int16 [n] as float32 in -1 to 1 [n]."""
    return np.asarray(samples, np.float32) / np.float32(32767.0)
