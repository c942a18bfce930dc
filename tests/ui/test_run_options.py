from dataclasses import replace

import pytest

from rtvc.config import AudioConfig, Config, EngineConfig, VoiceConfig
from rtvc.devices import Device
from rtvc.errors import DeviceError
from rtvc.library import Voice
from rtvc.params import COMMON_CONTROLS
from rtvc.plan import DEFAULT
from ui.run_options import microphone_of, session_options

PITCH = {"name": "pitch", "label": "Pitch", "low": -12, "high": 12, "default": 0}
VOICE = Voice("slt", {"family": "passthrough", "params": [PITCH]}, None, None)
COMMON = {one.name: one.default for one in COMMON_CONTROLS}
CHOSEN = Config(audio=AudioConfig("mic", "out", "ear", total_ms=250.0, block_ms=5.0))


def no_server():
    raise DeviceError("no sound server")


def test_options_are_the_settings_in_seconds(monkeypatch):
    monkeypatch.setattr("ui.run_options.list_devices", no_server)
    config = replace(
        CHOSEN,
        engine=EngineConfig("cpu", 2, 40.0, 50.0),
        voice=VoiceConfig("slt", {"slt": {"pitch": 3.0, "gone": 1.0}, "bdl": {"pitch": 9.0}}),
    )

    options = session_options(config, VOICE)

    assert (options.input, options.output, options.monitor) == ("mic", "out", "ear")
    assert (options.hop, options.margin, options.block) == (0.04, 0.05, 0.005)
    assert options.total == 0.25
    assert (options.device, options.threads) == ("cpu", 2)
    assert options.values == {"pitch": 3.0, **COMMON}


def test_learned_talker_of_this_microphone_goes_along():
    options = session_options(replace(CHOSEN, talkers={"mic": 118.0, "cam": 200.0}), VOICE)

    assert options.values == {"pitch": 0.0, **COMMON, "talker_hz": 118.0}


def test_default_devices_are_asked_of_the_server(monkeypatch):
    devices = (
        Device("cam", "", True, False, False, 48000),
        Device("mic", "", True, False, True, 48000),
        Device("out", "", False, True, True, 48000),
    )
    monkeypatch.setattr("ui.run_options.list_devices", lambda: devices)

    options = session_options(Config(), VOICE)

    assert (options.input, options.output) == ("mic", DEFAULT)


@pytest.mark.parametrize("devices", [lambda: (), no_server])
def test_machine_without_devices_leaves_it_to_the_session_to_wait(monkeypatch, devices):
    monkeypatch.setattr("ui.run_options.list_devices", devices)

    options = session_options(Config(), VOICE)

    assert (options.input, options.output, options.waits) == (None, DEFAULT, True)


def test_recording_takes_the_microphone_s_place(monkeypatch, tmp_path):
    monkeypatch.setattr("ui.run_options.list_devices", no_server)
    config = Config(audio=AudioConfig(str(tmp_path / "spoken.wav"), "out", repeat=False))

    options = session_options(config, VOICE)

    assert (options.input, options.repeats) == (tmp_path / "spoken.wav", False)
    assert (microphone_of(config), microphone_of(CHOSEN)) == (None, "mic")
