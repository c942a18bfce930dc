import pytest
import yaml
from PySide6.QtCore import QPoint, Qt

from rtvc.config import AudioConfig, Config, EngineConfig, VoiceConfig, WindowConfig, load, save, update
from rtvc.devices import Device
from rtvc.errors import DeviceError
from rtvc.library import Library
from rtvc.status import Delay, Load, State, Status
from tests.ui.recorded_session import RecordedSession
from ui.controller import Controller
from ui.kept_settings import KeptSettings
from ui.state_line import Mood
from ui.window import Window

PITCH = {"name": "pitch", "label": "Pitch shift", "low": -12, "high": 12, "default": 0, "unit": "st", "step": 1}
DEVICES = (
    Device("mic", "Microphone", True, False, True, 48000),
    Device("cam", "Camera", True, False, False, 44100),
    Device("out", "Speaker", False, True, True, 48000),
    Device("ear", "Earphone", False, True, False, 48000),
)
ALT = Qt.KeyboardModifier.AltModifier


class Desk:
    """A window with everything it needs, its session and its settings file."""

    def __init__(self, qtbot, folder, config=None):
        self.qtbot = qtbot
        self.path = folder / "config.yaml"
        self.devices = DEVICES
        self.session = RecordedSession()
        if config is not None:
            save(config, self.path)
        self.window = Window()
        qtbot.addWidget(self.window)
        settings = KeptSettings(self.path)
        library = Library([folder / "voices"])
        self.controller = Controller(self.window, settings, library, lambda: self.session, lambda: self.devices)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: self.window.voices.model().rowCount() == 2 and self.window.input.count() == 3)

    def click(self, widget):
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def choose_voice(self, row):
        voices = self.window.voices
        place = voices.visualRect(voices.model().index(row, 0)).center()
        self.qtbot.mouseClick(voices.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def wait_said(self, *what):
        self.qtbot.waitUntil(lambda: what in self.session.said)

    def start(self):
        self.click(self.window.transport.start)
        self.wait_said("passthrough", False)
        self.qtbot.waitUntil(lambda: self.window.state.mood is not Mood.BUSY)

    def show(self, **status):
        self.session.shown = Status(**status)
        self.controller._figures_shown = 0.0
        self.controller.refresh()

    def close(self):
        self.session.gate.set()
        self.window.close()
        return self.controller.close(10)


@pytest.fixture
def open_desk(qtbot, tmp_path, monkeypatch):
    for name, sex in (("bdl", "male"), ("slt", "female")):
        folder = tmp_path / "voices" / name
        folder.mkdir(parents=True)
        card = {"family": "passthrough", "title": name.upper(), "sex": sex, "look_ahead_ms": 40, "params": [PITCH]}
        (folder / "card.yaml").write_text(yaml.safe_dump(card))
    monkeypatch.setattr("ui.run_options.list_devices", lambda: DEVICES)
    desks = []

    def open_one(config=None):
        desks.append(Desk(qtbot, tmp_path, config))
        return desks[-1]

    yield open_one
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(open_desk):
    return open_desk()


def test_click_on_start_starts_with_the_default_devices_and_all_values(desk):
    desk.start()

    options = desk.session.options
    assert (options.voice.name, options.input, options.output) == ("slt", "mic", "out")
    assert (options.hop, options.margin, options.block) == (0.02, 0.03, 0.01)
    assert options.values == {"pitch": 0.0, "gate_db": -60.0, "input_gain_db": 0.0, "output_gain_db": 0.0}
    assert desk.window.state.headline.text() == "Live as SLT"


def test_second_click_stops(desk):
    desk.start()

    desk.click(desk.window.transport.start)
    desk.wait_said("stop")

    desk.qtbot.waitUntil(lambda: desk.window.state.headline.text() == "Ready")
    assert desk.window.transport.start.text() == "&Start"


def test_loading_is_shown_at_once(desk):
    desk.session.gate.clear()

    desk.click(desk.window.transport.start)

    assert desk.window.state.headline.text() == "Loading SLT …"
    assert desk.window.transport.start.text() == "&Stop"


def test_everything_can_be_done_by_keys(desk):
    for key in (Qt.Key.Key_S, Qt.Key.Key_U, Qt.Key.Key_P, Qt.Key.Key_H):
        desk.qtbot.keyClick(desk.window, key, ALT)
    desk.qtbot.keyClick(desk.window.hop.knob, Qt.Key.Key_Right)

    desk.wait_said("hop", 0.03)
    assert ("start", "slt") in desk.session.said
    assert {("mute", True), ("passthrough", True)} <= set(desk.session.said)
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_V, ALT)
    desk.qtbot.keyClick(desk.window.voices, Qt.Key.Key_Up)
    desk.wait_said("start", "bdl")


def test_fault_at_start_is_a_sentence_in_the_window(desk):
    desk.session.fault = DeviceError("no output 'out' is there")

    desk.click(desk.window.transport.start)

    desk.qtbot.waitUntil(lambda: desk.window.state.mood is Mood.ERROR)
    assert desk.window.state.sentence.text() == "No output 'out' is there"
    assert desk.window.transport.start.text() == "&Start"


def test_run_that_fails_later_says_why_and_can_be_started_again(desk):
    desk.start()

    desk.show(state=State.FAILED, message="the engine ended twice")

    assert (desk.window.state.mood, desk.window.state.sentence.text()) == (Mood.ERROR, "The engine ended twice")
    assert desk.window.transport.start.text() == "&Start"


def test_moving_a_control_is_heard_and_kept_for_this_voice_alone(desk):
    desk.start()

    desk.qtbot.keyClick(desk.window.controls.rows["pitch"].knob, Qt.Key.Key_Right)
    desk.wait_said("value", "pitch", 1.0)
    desk.choose_voice(0)
    desk.wait_said("start", "bdl")

    assert desk.session.options.values["pitch"] == 0.0
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


def test_device_change_takes_effect_while_running(desk):
    desk.start()
    desk.session.said.clear()

    desk.window.output.setFocus()
    desk.qtbot.keyClick(desk.window.output, Qt.Key.Key_End)
    desk.wait_said("start", "slt")

    assert desk.session.options.output == "ear"


def test_hop_and_margin_reach_a_run_when_the_slider_rests(desk):
    desk.start()

    for _ in range(3):
        desk.qtbot.keyClick(desk.window.hop.knob, Qt.Key.Key_Right)
    desk.qtbot.keyClick(desk.window.margin.knob, Qt.Key.Key_Left)
    desk.wait_said("margin", 0.025)

    assert [said for said in desk.session.said if said[0] == "hop"] == [("hop", 0.05)]


def test_delay_is_expected_before_and_measured_while_running(desk):
    desk.qtbot.waitUntil(lambda: desk.window.delay.total.text() == "110 ms")  # blocks 20, hop 20, margin 30, 40 ahead
    desk.qtbot.keyClick(desk.window.hop.knob, Qt.Key.Key_Right)
    desk.qtbot.waitUntil(lambda: desk.window.delay.total.text() == "120 ms")

    desk.start()
    desk.show(state=State.RUNNING, delay=Delay(hop=0.02, compute=0.005, device=0.1))

    assert desk.window.delay.total.text() == "125 ms"
    assert "Compute 5 ms" in desk.window.delay.words


def test_levels_and_figures_follow_the_run(desk):
    desk.start()

    desk.show(state=State.RUNNING, seconds=1.0, level_in=0.1, level_out=1.0, late=2, load=Load(0.1, 0.2, 0.3))

    assert desk.window.level_in.level_db == pytest.approx(-20.0, abs=0.5)
    assert desk.window.level_out.clipped
    assert desk.window.health.values["Late"].text() == "2"


def test_settings_survive_a_restart(open_desk):
    desk = open_desk()
    desk.choose_voice(0)
    desk.qtbot.keyClick(desk.window.hop.knob, Qt.Key.Key_Right)
    desk.qtbot.keyClick(desk.window.margin.knob, Qt.Key.Key_Right)
    desk.qtbot.keyClick(desk.window.input, Qt.Key.Key_End)
    desk.window.appearance.actions_by_choice["dark"].trigger()
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
    assert (window.voices.chosen, window.input.chosen, window.hop.value) == ("bdl", "cam", 30.0)
    assert (window.width(), window.height()) == (1000, 700)
    assert window.palette().window().color().lightness() < 60


def test_absent_device_is_kept_and_told(open_desk):
    desk = open_desk(Config(audio=AudioConfig(output="headset")))

    desk.qtbot.waitUntil(lambda: desk.window.state.mood is Mood.WARNING)

    assert desk.window.state.sentence.text() == "Output headset is not connected"
    desk.close()
    assert load(desk.path).audio.output == "headset"


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


def test_hidden_window_asks_nothing(desk):
    desk.window.hide()

    asked = []
    desk.session.status = lambda: asked.append(1) or Status()
    desk.qtbot.wait(120)

    assert asked == []
    desk.window.show()
    desk.qtbot.wait(120)


def test_close_ends_the_session(desk):
    desk.start()

    assert desk.close()
    assert desk.session.said[-1] == ("close",)


def test_close_does_not_wait_for_a_session_that_hangs(desk):
    desk.start()
    desk.session.gate.clear()
    desk.window.close()

    assert not desk.controller.close(0.2)


def test_another_program_may_change_the_settings_meanwhile(desk):
    from dataclasses import replace

    update(desk.path, lambda config: replace(config, talkers={"usb": 200.0}))
    desk.qtbot.keyClick(desk.window.hop.knob, Qt.Key.Key_Right)

    desk.close()

    kept = load(desk.path)
    assert (kept.talkers, kept.engine.hop_ms) == ({"usb": 200.0}, 30.0)


@pytest.mark.parametrize(("width", "height"), [(820, 600), (900, 640), (1600, 1000)])
def test_every_widget_is_inside_and_none_covers_another(desk, width, height):
    window = desk.window
    window.resize(width, height)
    desk.qtbot.wait(20)
    widgets = [
        window.state, window.appearance, window.transport, window.voices, window.controls, window.input,
        window.output, window.level_in, window.level_out, window.delay, window.hop, window.margin, window.health,
    ]  # fmt: skip

    places = [widget.rect().translated(widget.mapTo(window, QPoint(0, 0))) for widget in widgets]

    assert (window.width(), window.height()) == (width, height)
    assert all(window.rect().contains(place) for place in places)
    pairs = [(one, other) for at, one in enumerate(places) for other in places[at + 1 :]]
    assert not any(one.intersects(other) for one, other in pairs)


def test_tab_reaches_every_control(desk):
    window = desk.window
    window.transport.start.setFocus()
    reached = []
    for _ in range(20):
        focused = window.focusWidget()
        if focused in reached:
            break
        reached.append(focused)
        desk.qtbot.keyClick(focused, Qt.Key.Key_Tab)

    sliders = [row.knob for row in window.controls.rows.values()]
    assert reached == [
        window.transport.start, window.voices, window.reset, *sliders, window.input, window.output,
        window.hop.knob, window.margin.knob, window.transport.passthrough, window.transport.mute, window.appearance,
    ]  # fmt: skip
