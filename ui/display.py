"""Whether a window can be shown here; Qt itself would end the program where it cannot."""

import ctypes
import os
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

WITHOUT_SCREEN = ("offscreen", "minimal", "vnc")
CURSOR_LIBRARY = "libxcb-cursor.so.0"  # Qt refuses to start on X without it


def complaint(environment: Mapping[str, str] = os.environ) -> str:
    """Return one sentence why no window can be shown, empty where one can."""
    if not sys.platform.startswith("linux"):
        return ""
    if environment.get("QT_QPA_PLATFORM", "").startswith(WITHOUT_SCREEN):
        return ""
    wayland, display = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if wayland and _answers(Path(environment.get("XDG_RUNTIME_DIR", "/")) / wayland):
        return ""
    if display:
        return _complaint_about_x(display)
    return "there is no display for the window (neither DISPLAY nor WAYLAND_DISPLAY names one that answers)"


def _complaint_about_x(display: str) -> str:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
        ctypes.CDLL(CURSOR_LIBRARY)
    except OSError as error:
        return f"the window needs a library that is missing ({error}); install libxcb-cursor0"
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = (ctypes.c_char_p, ctypes.c_void_p)
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(display.encode(), None)
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return f"the display {display} of the window does not answer" if refused else ""


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as door:
        try:
            door.connect(str(path))
        except OSError:
            return False
    return True
