"""Whether this desktop lets a program hear keys that are meant for another one, and who listens."""

import importlib.util
import os
import sys
from collections.abc import Callable, Collection, Mapping
from enum import Enum
from typing import Protocol

from rtvc.hotkeys.combination import Combination

Opened = Callable[[Collection[str]], None]
Heard = Callable[[str, bool], None]


class Obstacle(Enum):
    """Why no keys can be heard."""

    WAYLAND = "Wayland gives keys to the program in front only"
    NO_DESKTOP = "there is no desktop"
    NO_LIBRARY = "python-xlib is not installed"
    UNSUPPORTED = "nothing is written for this system"


class Listener(Protocol):
    """Hears the keys it was made with, in a thread of the caller's."""

    def run(self, opened: Opened, heard: Heard) -> None:
        """Listen until `close` is called; RtvcError where that is refused or ends by itself.

        `opened` is told once which actions' keys another program has. `heard` is told an action and whether its keys
        went down; they always go up again, if only because the listening ends.
        """

    def close(self) -> None:
        """Let `run` return soon; from any thread, before or while it runs, and again."""


def obstacle(window_system: str, environment: Mapping[str, str] = os.environ) -> Obstacle | None:
    """Return why keys cannot be heard, None where they can; `window_system` is Qt's word for what draws the window."""
    if window_system in ("offscreen", "minimal", "vnc", "eglfs", "linuxfb"):
        return Obstacle.NO_DESKTOP
    is_wayland = environment.get("XDG_SESSION_TYPE") == "wayland" or bool(environment.get("WAYLAND_DISPLAY"))
    if window_system.startswith("wayland") or (window_system == "xcb" and is_wayland):
        return Obstacle.WAYLAND  # an X program there hears the keys of other X programs only
    if window_system == "xcb":
        return None if importlib.util.find_spec("Xlib") else Obstacle.NO_LIBRARY
    return None if window_system == "windows" else Obstacle.UNSUPPORTED


def make_listener(keys: Mapping[str, Combination]) -> Listener:
    """Return who listens on this system, where there is no obstacle."""
    if sys.platform == "win32":
        from rtvc.hotkeys.windows import WindowsListener

        return WindowsListener(keys)
    from rtvc.hotkeys.x11 import XListener

    return XListener(keys)
