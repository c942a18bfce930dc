from dataclasses import replace

from PySide6.QtCore import Qt

from rtvc.config import AudioConfig, Config, EngineConfig, VoiceConfig, WindowConfig, load, update
from rtvc.status import State
from ui.state_line import Mood


def test_moving_a_control_is_heard_and_kept_for_this_voice_alone(desk):
    desk.start()

    desk.qtbot.keyClick(desk.window.controls.rows["pitch"].knob, Qt.Key.Key_Right)
    desk.wait_said("value", "pitch", 1.0)
    desk.choose_voice(0)
    desk.wait_said("voice", "bdl")

    assert desk.session.switched[1]["pitch"] == 0.0
    assert desk.window.controls.rows["pitch"].value == 0.0
    desk.choose_voice(1)
    assert desk.window.controls.rows["pitch"].value == 1.0
    desk.close()
    assert load(desk.path).voice == VoiceConfig("slt", {"slt": {"pitch": 1.0}})


def test_reset_sends_controls_home_and_forgets_them(open_desk):
    desk = open_desk(Config(voice=VoiceConfig("slt", {"slt": {"pitch": 3.0, "gate_db": -40.0}})))
    assert desk.window.controls.rows["pitch"].value == 3.0

    desk.click(desk.window.reset)

    desk.close()
    assert load(desk.path).voice.params == {"slt": {}}


def test_settings_survive_a_restart(open_desk):
    desk = open_desk()
    desk.choose_voice(0)
    desk.qtbot.keyClick(desk.window.latency.hop.knob, Qt.Key.Key_Right)
    desk.qtbot.keyClick(desk.window.latency.margin.knob, Qt.Key.Key_Right)
    for _ in range(2):
        desk.qtbot.keyClick(desk.window.input, Qt.Key.Key_Down)
    desk.window.menu.actions_by_choice["dark"].trigger()
    desk.window.resize(1000, 700)
    desk.close()

    again = open_desk()

    assert load(again.path) == Config(
        audio=AudioConfig(input="cam"),
        engine=EngineConfig(hop_ms=30.0, margin_ms=35.0),
        voice=VoiceConfig("bdl"),
        window=WindowConfig("dark", 1000, 700),
    )
    window = again.window
    assert (window.voices.chosen, window.input.chosen, window.latency.hop.value) == ("bdl", "cam", 30.0)
    assert (window.width(), window.height()) == (1000, 700)
    assert window.palette().window().color().lightness() < 60


def test_absent_device_is_kept_and_told(open_desk):
    desk = open_desk(Config(audio=AudioConfig(output="headset")))

    desk.qtbot.waitUntil(lambda: desk.window.state.mood is Mood.WARNING)

    assert desk.window.state.sentence.text() == "Output headset is not connected"
    desk.close()
    assert load(desk.path).audio.output == "headset"


def test_no_voice_at_all_is_told_with_what_to_do(open_desk, tmp_path):
    desk = open_desk()
    for voice in (tmp_path / "voices").iterdir():
        voice.rename(tmp_path / voice.name)

    desk.controller._desk.reload()

    desk.qtbot.waitUntil(lambda: "No voice is installed. Add one" in desk.window.state.sentence.text())


def test_missing_voice_is_told_with_the_nearest_name_and_not_replaced(open_desk):
    desk = open_desk(Config(voice=VoiceConfig("slt2")))

    desk.qtbot.waitUntil(lambda: desk.window.state.mood is Mood.WARNING)

    assert desk.window.state.sentence.text() == "No voice 'slt2'; did you mean slt?"
    desk.click(desk.window.transport.start)
    desk.qtbot.waitUntil(lambda: desk.window.state.mood is Mood.ERROR)
    assert "did you mean slt?" in desk.window.state.sentence.text()
    desk.choose_voice(1)
    desk.start()
    assert desk.session.options.voice.name == "slt"


def test_settings_that_cannot_be_read_are_told_and_left_alone(qtbot, open_desk, tmp_path):
    (tmp_path / "config.yaml").write_text("voice: {nam: slt}\n")
    desk = open_desk()

    assert "did you mean voice.name?" in desk.window.state.sentence.text()
    desk.close()
    assert desk.path.read_text() == "voice: {nam: slt}\n"


def test_what_was_learned_about_the_talker_is_kept_by_microphone(desk):
    desk.start()
    desk.show(state=State.RUNNING, input="mic", learned={"talker_hz": 118.04})
    assert "118 Hz" in desk.window.talker.text()

    desk.click(desk.window.transport.start)
    desk.wait_said("stop")
    desk.start()

    assert desk.session.options.values["talker_hz"] == 118.0
    desk.close()
    assert load(desk.path).talkers == {"mic": 118.0}


def test_another_program_may_change_the_settings_meanwhile(desk):
    update(desk.path, lambda config: replace(config, talkers={"usb": 200.0}))
    desk.qtbot.keyClick(desk.window.latency.hop.knob, Qt.Key.Key_Right)

    desk.close()

    kept = load(desk.path)
    assert (kept.talkers, kept.engine.hop_ms) == ({"usb": 200.0}, 30.0)
