"""Sound that is there and may not be used is told as such."""

import os
from pathlib import Path

import pytest

from rtvc import permission
from rtvc.devices import list_devices
from rtvc.errors import AbsentError, DeviceError


@pytest.fixture
def forbidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where nobody may read; the machine's own sound is not there."""
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path / 'native'}")
    monkeypatch.setattr(permission, "DEVICES", tmp_path / "snd")
    monkeypatch.setattr(os, "access", lambda path, mode: not Path(path).is_relative_to(tmp_path))
    monkeypatch.setattr("rtvc.devices._library_devices", lambda: ())
    (tmp_path / "snd").mkdir()
    return tmp_path


def test_server_of_another_user_is_told(forbidden: Path) -> None:
    (forbidden / "native").touch()

    with pytest.raises(DeviceError, match="may not speak to the sound server") as refused:
        list_devices()
    assert not isinstance(refused.value, AbsentError)


def test_devices_of_another_group_are_told(forbidden: Path) -> None:
    (forbidden / "snd" / "pcmC0D0p").touch()

    with pytest.raises(DeviceError, match=r"may not use the sound devices in .*group `audio`"):
        list_devices()


def test_server_that_is_not_there_may_come(forbidden: Path) -> None:
    with pytest.raises(AbsentError, match="the sound server does not answer, and there is no sound device") as refused:
        list_devices()
    assert refused.value.wanted == "the sound server"


@pytest.mark.parametrize(
    ("server", "runtime", "expected"),
    [
        ("unix:/run/pulse", "", Path("/run/pulse")),
        ("/run/pulse", "", Path("/run/pulse")),
        ("tcp:desk", "/run/user/1", None),
        ("", "/run/user/1", Path("/run/user/1/pulse/native")),
        ("", "", None),
    ],
)
def test_socket_is_where_the_server_s_clients_look(
    monkeypatch: pytest.MonkeyPatch, server: str, runtime: str, expected: Path | None
) -> None:
    monkeypatch.setenv("PULSE_SERVER", server)
    monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)

    assert permission.server_socket() == expected
