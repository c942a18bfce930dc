"""Windows of samples and their spectra, in numpy."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.steps import Array

Float = TypeVar("Float", np.float32, np.float64)


def windows_of(samples: NDArray[Float], length: int, hop: int) -> NDArray[Float]:
    """All windows of contiguous samples [..., N], `hop` apart, as a view [..., T, length].

    What numpy has for it takes longer than all that is done with the windows of one step.
    """
    shape = (*samples.shape[:-1], (samples.shape[-1] - length) // hop + 1, length)
    strides = (*samples.strides[:-1], hop * samples.itemsize, samples.itemsize)
    return np.ndarray(shape, samples.dtype, samples, strides=strides)


def power_spectra(samples: Array, window: Array, hop: int, size: int, is_centred: bool = False) -> Array:
    """Samples -> squared magnitudes of their short-time spectra of `size` points [T, size / 2 + 1].

    With `is_centred` the mean of each piece is taken away first.
    """
    pieces = windows_of(samples, len(window), hop)
    if is_centred:
        pieces = np.subtract(pieces, np.add.reduce(pieces, axis=1, keepdims=True) / np.float32(len(window)))
    spectra = np.fft.rfft(pieces * window, size)
    power: Array = np.asarray((spectra * spectra.conj()).real, np.float32)
    return power


def hann(length: int, is_periodic: bool = True) -> Array:
    """Return the Hann window [length] that ends where the next one would begin, or at its own zero."""
    turns = np.arange(length) / (length if is_periodic else length - 1)
    window: Array = (0.5 - 0.5 * np.cos(2 * np.pi * turns)).astype(np.float32)
    return window
