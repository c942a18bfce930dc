"""RNNoise (Valin 2018), a recurrent network that tells speech from noise, from the library in the package pyrnnoise.

The package's own Python side is left aside, as it loads drawing and video libraries; its file of weights and code is
all there is to it.
"""

import ctypes
import importlib.util
import sys
from pathlib import Path

import numpy as np

from rtvc.errors import RtvcError
from rtvc.resample import Samples

PACKAGE = "pyrnnoise"
FILES = {"win32": "rnnoise.dll", "darwin": "librnnoise.dylib"}
USUAL_FILE = "librnnoise.so"
RATE = 48_000
FRAME = 480
LATENESS = 960  # samples by which what comes out is behind what went in
FULL_SCALE = 32_768.0
MISSING = "noise suppression needs a library that is not installed; get it with: pip install 'rtvc[denoise]'"

_Numbers = ctypes.POINTER(ctypes.c_float)


def library_path() -> Path | None:
    """Return where the library is, None where it is not installed; loads nothing."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found is not None else ():
        path = Path(folder) / FILES.get(sys.platform, USUAL_FILE)
        if path.is_file():
            return path
    return None


class RNNoise:
    """One stream of frames [480] at 48 kHz."""

    def __init__(self) -> None:
        """Load the library; RtvcError where it is not installed or does not run on this machine."""
        path = library_path()
        if path is None:
            raise RtvcError(MISSING)
        try:
            self._library = ctypes.CDLL(str(path))
            self._library.rnnoise_create.restype = ctypes.c_void_p
            self._library.rnnoise_create.argtypes = [ctypes.c_void_p]
            self._library.rnnoise_destroy.argtypes = [ctypes.c_void_p]
            self._library.rnnoise_destroy.restype = None
            self._library.rnnoise_process_frame.restype = ctypes.c_float
            self._library.rnnoise_process_frame.argtypes = [ctypes.c_void_p, _Numbers, _Numbers]
        except (OSError, AttributeError) as error:
            raise RtvcError(f"the library for noise suppression does not load on this machine ({error})") from error
        self._state = self._library.rnnoise_create(None)

    def push(self, frame: Samples) -> Samples:
        """One frame [480] -> the one that came in LATENESS samples ago, without its noise."""
        heard = np.ascontiguousarray(frame, np.float32) * np.float32(FULL_SCALE)
        made = np.empty(FRAME, np.float32)
        self._library.rnnoise_process_frame(self._state, made.ctypes.data_as(_Numbers), heard.ctypes.data_as(_Numbers))
        return made / np.float32(FULL_SCALE)

    def close(self) -> None:
        """Free the state; safe to call again."""
        if self._state is not None:
            self._library.rnnoise_destroy(self._state)
            self._state = None

    def __del__(self) -> None:
        if getattr(self, "_state", None) is not None:
            self.close()
