"""Weights on disk, in safetensors files, read as arrays: what needs no PyTorch of `models.checkpoint`."""

import json
from collections.abc import Callable
from pathlib import Path
from stat import S_ISREG
from textwrap import shorten
from typing import Any, TypeVar

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray
from safetensors import SafetensorError

from models.errors import CheckpointError

T = TypeVar("T")

LENGTH_BYTES = 8
MOST_BYTES = 4 << 30
MOST_LETTERS = 120
"""A foreign message or key is cut to this length."""


def read_arrays(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, str]]:
    """Return the arrays of a file by name, in their stored types, and the texts beside them.

    Raises CheckpointError where the file is missing, no regular file, not whole, no safetensors file, of a type that
    numpy does not have, or holds a number that is NaN or infinite.
    """
    raw = read_raw(path)
    return arrays_of(raw, path), texts_of(raw)


def arrays_of(raw: bytes, path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file with this content; raises CheckpointError as `read_arrays` does."""
    return parsed(raw, path, safetensors.numpy.load, lambda array: bool(np.isfinite(array).all()))


def read_file(
    path: Path, parse: Callable[[bytes], dict[str, T]], is_finite: Callable[[T], bool]
) -> tuple[dict[str, T], dict[str, str]]:
    """Return what `parse` makes of a file, and the texts beside it; raises CheckpointError as `read_arrays` does."""
    raw = read_raw(path)
    return parsed(raw, path, parse, is_finite), texts_of(raw)


def parsed(
    raw: bytes, path: Path, parse: Callable[[bytes], dict[str, T]], is_finite: Callable[[T], bool]
) -> dict[str, T]:
    """Return what `parse` makes of a file's content; raises CheckpointError."""
    try:
        found = parse(raw)
    except (SafetensorError, ValueError, KeyError, TypeError, RuntimeError, OverflowError) as error:
        raise CheckpointError(f"{path} is damaged or no safetensors file: {_flat(error)}") from error
    for name, one in found.items():
        if not is_finite(one):
            raise CheckpointError(
                f"{path} holds NaN or infinity in {shown(name)}; the training that wrote it went wrong"
            )
    return found


def read_raw(path: Path) -> bytes:
    """Return the content of a file that may be a safetensors file by its size; raises CheckpointError."""
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            raise CheckpointError(f"{path} is no file")
        if not LENGTH_BYTES < found.st_size <= MOST_BYTES:
            raise CheckpointError(f"{path} has {found.st_size} bytes, which is no size of a safetensors file")
        with path.open("rb") as file:
            length = int.from_bytes(file.read(LENGTH_BYTES), "little")
            if length > found.st_size - LENGTH_BYTES:
                raise CheckpointError(f"{path} is cut off or no safetensors file: its header is longer than the file")
            file.seek(0)
            return file.read()
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read ({error.strerror})") from error


def texts_of(raw: bytes) -> dict[str, str]:
    """Return the texts in a header that has been found to be sound."""
    length = int.from_bytes(raw[:LENGTH_BYTES], "little")
    header = json.loads(raw[LENGTH_BYTES : LENGTH_BYTES + length])
    return {str(key): str(value) for key, value in header.get("__metadata__", {}).items()}


def shown(key: str) -> str:
    """Return a foreign name as it can be printed, and no longer than is good."""
    return key if key.isprintable() and len(key) < MOST_LETTERS else shorten(ascii(key), MOST_LETTERS)


def _flat(error: Exception) -> str:
    return shorten(str(error), MOST_LETTERS)
