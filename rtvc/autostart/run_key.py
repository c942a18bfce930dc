"""Autostart on Windows: a value of the user's Run key, and the mark that the Task Manager sets beside it."""

import importlib
import subprocess
from typing import Any

from rtvc.errors import RtvcError

EXPLORER = r"Software\Microsoft\Windows\CurrentVersion"
RUN = rf"{EXPLORER}\Run"
APPROVED = rf"{EXPLORER}\Explorer\StartupApproved\Run"
NAME = "rtvc"


class RunKey:
    """The value; `command` is what it starts. `registry` is the module `winreg`."""

    def __init__(self, command: list[str], registry: Any = None) -> None:
        self._command = subprocess.list2cmdline(command)
        self._registry = importlib.import_module("winreg") if registry is None else registry

    def is_on(self) -> bool:
        """Whether the value is there, and the Task Manager has not switched it off."""
        mark = self._value(APPROVED)
        is_switched_off = isinstance(mark, bytes) and bool(mark) and bool(mark[0] & 1)
        return self._value(RUN) is not None and not is_switched_off

    def switch(self, is_wanted: bool) -> None:
        """Write the value, or remove it; the Task Manager's mark goes with either."""
        registry = self._registry
        try:
            self._remove(APPROVED)
            if is_wanted:
                with registry.CreateKeyEx(registry.HKEY_CURRENT_USER, RUN, 0, registry.KEY_SET_VALUE) as key:
                    registry.SetValueEx(key, NAME, 0, registry.REG_SZ, self._command)
            else:
                self._remove(RUN)
        except OSError as error:
            raise RtvcError(f"autostart cannot be switched: the registry refuses ({error.strerror})") from error

    def _value(self, path: str) -> Any:
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, path) as key:
                return registry.QueryValueEx(key, NAME)[0]
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RtvcError(f"autostart cannot be read: the registry refuses ({error.strerror})") from error

    def _remove(self, path: str) -> None:
        registry = self._registry
        try:
            with registry.OpenKey(registry.HKEY_CURRENT_USER, path, 0, registry.KEY_SET_VALUE) as key:
                registry.DeleteValue(key, NAME)
        except FileNotFoundError:
            return
