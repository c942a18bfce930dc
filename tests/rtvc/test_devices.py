import pytest

from rtvc.devices import Device, find, list_devices
from rtvc.errors import DeviceError
from tests.pulse_server import RATE, PulseServer

DEVICES = (
    Device("desk_mic", "Desk", True, False, False, RATE),
    Device("head_mic", "Headset", True, False, True, RATE),
    Device("speaker", "Speaker", False, True, True, RATE),
    Device("speaker.monitor", "Monitor of Speaker", True, False, False, RATE, is_monitor=True),
)


def test_device_is_found_by_its_exact_name() -> None:
    assert find("desk_mic", "input", DEVICES) is DEVICES[0]


def test_no_name_means_the_default_device() -> None:
    assert find(None, "input", DEVICES) is DEVICES[1]
    assert find(None, "output", DEVICES) is DEVICES[2]


def test_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(DeviceError, match="no microphone 'desk_mik'; did you mean desk_mic"):
        find("desk_mik", "input", DEVICES)


def test_part_of_a_name_is_no_name() -> None:
    with pytest.raises(DeviceError):
        find("speaker.", "output", DEVICES)


def test_machine_without_a_microphone_says_so_and_takes_no_monitor() -> None:
    with pytest.raises(DeviceError, match="there is no microphone on this machine"):
        find(None, "input", DEVICES[2:])


def test_devices_are_listed_as_the_server_names_them(server: PulseServer) -> None:
    listed = {one.name: one for one in list_devices()}

    assert {"rtvc_feed.monitor", "rtvc_mic", "rtvc_out", "rtvc_ear"} <= set(listed)
    assert listed["rtvc_mic"] == Device("rtvc_mic", "Microphone", True, False, True, RATE)
    assert listed["rtvc_out"] == Device("rtvc_out", "Speaker", False, True, False, RATE)
    assert listed["rtvc_desk"].is_default
    assert listed["rtvc_out.monitor"].is_monitor


def test_no_server_and_no_other_sound_system_is_one_sentence(
    server: PulseServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    monkeypatch.setitem(__import__("sys").modules, "sounddevice", None)

    with pytest.raises(DeviceError, match="there is no sound server"):
        list_devices()
