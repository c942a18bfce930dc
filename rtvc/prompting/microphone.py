"""A microphone that is heard from `start` to `stop`, in this process: no live session runs beside it."""

import threading
from time import monotonic

import numpy as np

from rtvc.devices import Device, is_served
from rtvc.errors import DeviceError
from rtvc.level import peak
from rtvc.port import HungError
from rtvc.resample import Samples
from rtvc.streams import SoundLibrary, SoundStream, Wish

BLOCK_S = 0.02
SILENT_S = 2.0
"""A microphone that has brought nothing for so long is gone."""


class Microphone:
    """One input device; `level` is the last block's peak, for a meter.

    PortAudio's thread only appends blocks to a list; everything else is the caller's.
    """

    def __init__(self, device: Device) -> None:
        """Start the sound library; DeviceError where it is missing."""
        self.name, self.rate = device.name, device.rate
        self.level = 0.0
        self._library = SoundLibrary(is_served())
        self._stream: SoundStream | None = None
        self._blocks: list[Samples] = []
        self._lock = threading.Lock()
        self._heard = 0.0

    def start(self) -> None:
        """Begin a take; DeviceError where the device refuses."""
        self.stop()
        self._blocks, self._heard = [], monotonic()
        wish = Wish("input", self.name, self.rate, round(BLOCK_S * self.rate))
        try:
            self._stream = self._library.open_input(wish, self._on_block)
        except DeviceError as error:
            raise DeviceError(f"microphone {self.name} cannot be opened: {error}") from error

    def stop(self) -> Samples:
        """End the take and return it [n]; DeviceError where the microphone brought nothing or went away."""
        if self._stream is None:
            return np.zeros(0, np.float32)
        stream, self._stream = self._stream, None
        is_gone = stream.has_ended or monotonic() - self._heard > SILENT_S
        try:
            stream.close()
        except HungError as error:
            raise DeviceError(f"microphone {self.name} does not answer; end the program and try again") from error
        if is_gone:
            raise DeviceError(f"microphone {self.name} is gone, or brings no sound")
        with self._lock:
            return np.concatenate([np.zeros(0, np.float32), *self._blocks])

    def _on_block(self, samples: Samples, now: float, lost: bool) -> None:
        with self._lock:
            self._blocks.append(samples.copy())
        self._heard, self.level = now, peak(samples)
