"""What the steps of a voice were filled with in 8 bits, kept in files, so that it is made and looked at only once.

Each file belongs to one step of one voice file and to this machine. It is no more than a memory: it may be missing,
damaged, or deleted at any time, and then the step is made anew.
"""

import hashlib
import logging
import os
import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from models.arrays import read_arrays
from models.errors import CheckpointError

logger = logging.getLogger(__name__)

WAY_OF_MAKING = "1"
"""Another one where `models.quantized`, `models.probe` or the start of a stream makes other numbers than before."""
MOST_BYTES = 128 << 20
"""Of all files together; those that were used last stay. A voice takes 12 MB, another look-ahead of it 8 more."""
FILLED, STATE = "filled.", "state."
"""Beginnings of the names of arrays in a file."""
SEAL = "sha256"
LETTERS = 32
"""Of a SHA-256 in a file's name."""

Filled = Mapping[str, NDArray[Any]]


class KeptStep(NamedTuple):
    """What a step is filled with, and the state at the start of its streams."""

    filled: Filled
    initial: list[NDArray[np.float32]]


class KeptSteps:
    """What is kept of one voice file."""

    def __init__(self, folder: Path, voice: bytes, templates: Path) -> None:
        """`voice` is the content of the voice file, `templates` the file of the graphs that are filled."""
        self._folder, self._voice = folder, hashlib.sha256(voice).hexdigest()
        self._templates = templates

    @property
    def has_any(self) -> bool:
        """Whether anything is kept of the voice file, which is so only after it has been found to be sound."""
        return any(self._folder.glob(f"{self._voice[:LETTERS]}-*"))

    def get(self, name: str) -> KeptStep | None:
        """Return a step, None where it is not kept."""
        path = self._path(name)
        if not path.is_file():
            return None
        try:
            arrays, texts = read_arrays(path)
        except CheckpointError as error:
            logger.info("made anew: %s", error)
            return None
        if texts.get(SEAL) != _seal(arrays):
            return None
        with suppress(OSError):
            os.utime(path)
        states = sorted(name for name in arrays if name.startswith(STATE))
        filled = {name.removeprefix(FILLED): array for name, array in arrays.items() if name.startswith(FILLED)}
        return KeptStep(filled, [arrays[name] for name in states])

    def put(self, name: str, filled: Filled, initial: Sequence[NDArray[np.float32]]) -> None:
        """Keep a step; where that cannot be, it will be made anew."""
        arrays = {FILLED + key: np.ascontiguousarray(array) for key, array in filled.items()}
        arrays |= {f"{STATE}{place:03}": np.ascontiguousarray(array) for place, array in enumerate(initial)}
        path = self._path(name)
        unfinished = path.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(safetensors.numpy.save(arrays, {SEAL: _seal(arrays)}))
            unfinished.replace(path)
            _forget_oldest(self._folder)
        except OSError as error:
            logger.info("a step is not kept: %s", error)
            with suppress(OSError):
                unfinished.unlink()

    def _path(self, name: str) -> Path:
        import onnxruntime  # late, as it loads slowly; another one may be slower in 8 bits

        facts = name, WAY_OF_MAKING, onnxruntime.__version__, platform.machine(), platform.node()
        made_with = hashlib.sha256("\n".join(facts).encode() + self._templates.read_bytes()).hexdigest()
        return self._folder / f"{self._voice[:LETTERS]}-{made_with[:LETTERS]}.safetensors"


def forget(folder: Path, voice: str) -> None:
    """Delete what is kept of the voice file with this SHA-256."""
    for path in folder.glob(f"{voice[:LETTERS]}-*"):
        with suppress(OSError):
            path.unlink()


def _seal(arrays: Filled) -> str:
    """Tells whether arrays are those that were written."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(f"{name} {array.dtype} {array.shape}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
    return digest.hexdigest()


def _forget_oldest(folder: Path) -> None:
    """Delete the files that were not used for longest where they are too many."""
    facts = [(path.stat(), path) for path in folder.iterdir()]
    left = MOST_BYTES
    for stat, path in sorted(facts, key=lambda one: one[0].st_mtime_ns, reverse=True):
        left -= stat.st_size
        if left < 0:
            path.unlink(missing_ok=True)
