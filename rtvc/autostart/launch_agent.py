"""Autostart on macOS: a launch agent of the user, a property list that launchd reads at the log-in."""

import plistlib
from pathlib import Path
from xml.parsers.expat import ExpatError

from rtvc.errors import RtvcError

LABEL = "rtvc.window"


class LaunchAgent:
    """The property list; `command` is what it starts."""

    def __init__(self, command: list[str], folder: Path | None = None) -> None:
        self._command = command
        self._path = (Path.home() / "Library" / "LaunchAgents" if folder is None else folder) / f"{LABEL}.plist"

    def is_on(self) -> bool:
        """Whether the list is there, and not disabled."""
        try:
            with self._path.open("rb") as file:
                return not plistlib.load(file).get("Disabled", False)
        except FileNotFoundError:
            return False
        except (OSError, ValueError, AttributeError, ExpatError) as error:
            raise RtvcError(f"{self._path} cannot be read ({error}); remove it, and choose again") from error

    def switch(self, is_wanted: bool) -> None:
        """Write the list, or remove it; what runs goes on."""
        facts = {
            "Label": LABEL,
            "ProgramArguments": self._command,
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        try:
            if is_wanted:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.write_bytes(plistlib.dumps(facts))
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            raise RtvcError(f"autostart cannot be switched: {self._path} ({error.strerror})") from error
