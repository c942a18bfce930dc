"""Whether the window opens when the user logs in, asked of the system and told to it."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from rtvc.autostart.desktop_file import DesktopFile
from rtvc.autostart.launch_agent import LaunchAgent
from rtvc.autostart.run_key import RunKey
from rtvc.config import default_path


class Entry(Protocol):
    """A system's record of what starts with the session; raises RtvcError where it cannot be read or changed."""

    def is_on(self) -> bool:
        """Whether the system starts the program."""

    def switch(self, is_wanted: bool) -> None:
        """Let the system start it, or no longer."""


ENTRIES: dict[str, Callable[[list[str]], Entry]] = {"win32": RunKey, "darwin": LaunchAgent}
"""By `sys.platform`; every other system has the files of freedesktop.org."""


def autostart_entry(config: Path, platform: str = sys.platform) -> Entry:
    """Return this system's record of the window with these settings."""
    return ENTRIES.get(platform, DesktopFile)(start_command(config))


def start_command(config: Path) -> list[str]:
    """Return the words that open the window with these settings, from any folder and without a terminal."""
    python = Path(sys.executable)
    silent = python.with_name("pythonw.exe")  # the one of Windows that opens no console
    words = [str(silent if silent.exists() else python), "-m", "rtvc.cli"]
    return words if config == default_path() else [*words, "--config", str(config.absolute())]
