"""The registry's value that starts the window on Windows, on a registry of paper."""

from contextlib import nullcontext
from typing import Any

import pytest

from rtvc.autostart.run_key import APPROVED, NAME, RUN, RunKey
from rtvc.errors import RtvcError

COMMAND = [r"C:\my voice\pythonw.exe", "-m", "rtvc.cli"]


class Registry:
    """What of `winreg` is used; a key is its own path."""

    HKEY_CURRENT_USER, KEY_SET_VALUE, REG_SZ = "user", "set", "text"

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], Any] = {}
        self.refusal: OSError | None = None

    def OpenKey(self, root: str, path: str, reserved: int = 0, access: str = "") -> Any:
        if self.refusal:
            raise self.refusal
        if not any(place == path for place, _ in self.values):
            raise FileNotFoundError(2, "no such key")
        return nullcontext(path)

    def CreateKeyEx(self, root: str, path: str, reserved: int, access: str) -> Any:
        return nullcontext(path)

    def SetValueEx(self, key: str, name: str, reserved: int, kind: str, value: Any) -> None:
        assert kind == self.REG_SZ
        self.values[key, name] = value

    def QueryValueEx(self, key: str, name: str) -> tuple[Any, str]:
        if (key, name) not in self.values:
            raise FileNotFoundError(2, "no such value")
        return self.values[key, name], self.REG_SZ

    def DeleteValue(self, key: str, name: str) -> None:
        if self.values.pop((key, name), None) is None:
            raise FileNotFoundError(2, "no such value")


def test_value_is_written_and_removed() -> None:
    registry = Registry()
    key = RunKey(COMMAND, registry)
    assert not key.is_on()

    key.switch(True)

    assert key.is_on()
    assert registry.values == {(RUN, NAME): r'"C:\my voice\pythonw.exe" -m rtvc.cli'}
    key.switch(False)
    key.switch(False)
    assert not key.is_on() and registry.values == {}


def test_value_that_the_task_manager_switched_off_is_off_until_it_is_chosen_again() -> None:
    registry = Registry()
    registry.values = {(RUN, NAME): "rtvc", (APPROVED, NAME): bytes([3, *[0] * 11])}
    key = RunKey(COMMAND, registry)
    assert not key.is_on()

    key.switch(True)

    assert key.is_on()


def test_value_that_the_task_manager_allows_is_on() -> None:
    registry = Registry()
    registry.values = {(RUN, NAME): "rtvc", (APPROVED, NAME): bytes([2, *[0] * 11])}

    assert RunKey(COMMAND, registry).is_on()


def test_registry_that_refuses_is_a_sentence() -> None:
    registry = Registry()
    registry.refusal = PermissionError(13, "access is denied")
    key = RunKey(COMMAND, registry)

    with pytest.raises(RtvcError, match=r"cannot be read: the registry refuses \(access is denied\)"):
        key.is_on()
    with pytest.raises(RtvcError, match=r"cannot be switched: the registry refuses \(access is denied\)"):
        key.switch(True)
