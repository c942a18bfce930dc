"""Sees to it that the virtual microphone is there while a session speaks into it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rtvc.errors import DeviceError
from rtvc.virtual_mic.owning import VirtualMicrophone

PERIOD = 1.0  # seconds


@contextmanager
def tended_microphone() -> Iterator[VirtualMicrophone]:
    """Have a virtual microphone, made again when the sound server comes back; raises DeviceError."""
    stopping = threading.Event()

    def tend(microphone: VirtualMicrophone) -> None:
        while not stopping.wait(PERIOD):
            with suppress(DeviceError):  # waited for, as the session does
                microphone.tend()

    with VirtualMicrophone() as microphone:
        thread = threading.Thread(target=tend, args=(microphone,), name="virtual microphone", daemon=True)
        thread.start()
        try:
            yield microphone
        finally:
            stopping.set()
            thread.join()
