import json

import pytest

from rtvc.devices import Device

DEVICES = (
    Device("alsa_input.usb [1]", "USB Mic", is_input=True, is_output=False, is_default=True, rate=44100),
    Device(
        "out.monitor", "Monitor of Out", is_input=True, is_output=False, is_default=False, rate=48000, is_monitor=True
    ),
    Device("out", "Out", is_input=False, is_output=True, is_default=True, rate=48000),
)


@pytest.fixture
def devices(monkeypatch):
    monkeypatch.setattr("rtvc.commands.devices.list_devices", lambda: DEVICES)


def test_list_shows_exact_names_and_marks_the_default(rtvc, devices):
    answer = rtvc("devices")

    rows = {line.split("  ")[0]: line for line in answer.out.splitlines()}
    assert answer.code == 0
    assert "*" in rows["alsa_input.usb [1]"]
    assert "*" not in rows["out.monitor"]
    assert "(monitor)" in rows["out.monitor"]


def test_list_is_json_for_programs(rtvc, devices):
    found = json.loads(rtvc("devices", "--json").out)

    assert found[0] == {
        "name": "alsa_input.usb [1]",
        "description": "USB Mic",
        "is_input": True,
        "is_output": False,
        "is_default": True,
        "rate": 44100,
        "is_monitor": False,
    }


def test_machine_without_devices_has_an_empty_list(rtvc, monkeypatch):
    monkeypatch.setattr("rtvc.commands.devices.list_devices", tuple)

    assert json.loads(rtvc("devices", "--json").out) == []
    assert rtvc("devices").out == "inputs: none\noutputs: none\n"


def test_list_names_what_the_sound_server_has(rtvc, server):
    names = [device["name"] for device in json.loads(rtvc("devices", "--json").out)]

    assert {"rtvc_mic", "rtvc_out", "rtvc_out.monitor"} <= set(names)


def test_long_names_are_never_cut(rtvc, monkeypatch):
    name = "alsa_output.pci-0000_00_1f.3-platform-skl_hda_dsp_generic.HiFi___ucm0001.hw_" + "x" * 100
    one = Device(name, "麦克风", is_input=False, is_output=True, is_default=False, rate=48000)
    monkeypatch.setattr("rtvc.commands.devices.list_devices", lambda: (one,))

    assert name in rtvc("devices").out
