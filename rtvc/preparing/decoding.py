"""Recordings of any rate and length become 16 kHz on disk, block by block, and tell how they were made."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from rtvc.errors import RtvcError
from rtvc.preparing.bandwidth import Bandwidth
from rtvc.resample import Samples, check_rate
from rtvc.wavfile import audio_blocks, pcm

RATE = 16000
CLIPPED = 0.985
"""Two samples in a row beyond this are clipped."""


@dataclass(frozen=True)
class Decoded:
    """A recording at 16 kHz as int16 on disk, its own rate, and the share of clipped samples."""

    path: Path
    rate: int
    seconds: float
    clipped: float
    samples: NDArray[np.int16]


def load_soxr() -> ModuleType:
    """Return the library that changes rates; raises RtvcError where it is not installed."""
    try:
        return import_module("soxr")
    except ImportError as error:
        raise RtvcError("making a voice needs the library soxr: install rtvc with its extra `train`") from error


def decode(path: Path, target: Path, bandwidth: Bandwidth, note: Callable[[], None] = lambda: None) -> Decoded:
    """Write a recording to `target` as int16 at 16 kHz, holding one block in memory; `note` is called after each.

    Raises AudioFileError where it cannot be read, RtvcError where its rate is none.
    """
    clipped = count = found = 0

    def heard() -> Iterator[tuple[int, Samples]]:
        nonlocal clipped, count, found
        for rate, block in audio_blocks(path):
            found, count = rate, count + len(block)
            loud = np.abs(block) >= CLIPPED
            clipped += int(np.count_nonzero(loud[1:] & loud[:-1]))
            bandwidth.add(rate, block)
            yield rate, block
            note()

    samples = _written(heard(), target, RATE)
    return Decoded(path, found, count / found, clipped / count, samples)


def decode_at(path: Path, target: Path, rate: int) -> NDArray[np.int16]:
    """Write a recording to `target` as int16 at `rate`, and return what lies there now; raises as `decode`."""
    return _written(audio_blocks(path), target, rate)


def _written(blocks: Iterable[tuple[int, Samples]], target: Path, wanted: int) -> NDArray[np.int16]:
    """Resample blocks, each told with its rate, onto the disk."""
    soxr = load_soxr()
    stream = None
    with target.open("wb") as out:
        for rate, block in blocks:
            if stream is None:
                check_rate(rate)
                stream = soxr.ResampleStream(rate, wanted, 1, dtype="float32", quality="HQ")
            out.write(pcm(stream.resample_chunk(block)))
        assert stream is not None
        out.write(pcm(stream.resample_chunk(np.zeros(0, np.float32), last=True)))
    return np.memmap(target, np.int16, "r") if target.stat().st_size else np.zeros(0, np.int16)


def as_floats(samples: Iterable[int]) -> Samples:
    """Samples in int16 [n] as float32 in -1 to 1 [n]."""
    return np.asarray(samples, np.float32) / np.float32(32767.0)
