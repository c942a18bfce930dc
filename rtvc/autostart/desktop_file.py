"""Autostart on Linux and its kin: a desktop entry in the user's autostart folder (freedesktop.org, Autostart 0.5)."""

import configparser
import os
from pathlib import Path

from rtvc.errors import RtvcError

NAME = "rtvc.desktop"
GROUP = "Desktop Entry"
OFF = {"Hidden": "true", "X-GNOME-Autostart-enabled": "false"}
"""How desktops' own settings switch an entry off and leave it where it is."""

ENTRY = """\
[Desktop Entry]
Type=Application
Name=rtvc
Comment=Change your voice live
Exec={command}
Terminal=false
X-GNOME-Autostart-enabled=true
"""


class DesktopFile:
    """The entry; `command` is what it starts."""

    def __init__(self, command: list[str], folder: Path | None = None) -> None:
        self._command = command
        self._path = (_config_home() / "autostart" if folder is None else folder) / NAME

    def is_on(self) -> bool:
        """Whether the entry is there, and nobody has switched it off."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return False
        except (OSError, UnicodeDecodeError) as error:
            raise RtvcError(f"{self._path} cannot be read ({error}); remove it, and choose again") from error
        parser = configparser.RawConfigParser(strict=False)
        try:
            parser.read_string(text)
            return not any(parser.get(GROUP, key, fallback="").casefold() == value for key, value in OFF.items())
        except configparser.Error as error:
            raise RtvcError(f"{self._path} is no desktop entry; remove it, and choose again") from error

    def switch(self, is_wanted: bool) -> None:
        """Write the entry, or remove it."""
        try:
            if is_wanted:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.write_text(ENTRY.format(command=quoted(self._command)), encoding="utf-8")
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            raise RtvcError(f"autostart cannot be switched: {self._path} ({error.strerror})") from error


def quoted(command: list[str]) -> str:
    """Return a command as the value of Exec: each word in quotes, and each backslash twice for the value itself."""
    return " ".join(f'"{_escaped(word)}"' for word in command).replace("\\", "\\\\")


def _escaped(word: str) -> str:
    for letter in '\\"`$':
        word = word.replace(letter, f"\\{letter}")
    return word.replace("%", "%%")


def _config_home() -> Path:
    """$XDG_CONFIG_HOME, which counts where it is an absolute path."""
    given = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".config"
