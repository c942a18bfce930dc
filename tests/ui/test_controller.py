import pytest
from PySide6.QtCore import Qt

from rtvc.errors import DeviceError
from rtvc.params import COMMON_CONTROLS
from rtvc.plan import DEFAULT
from rtvc.presets import StreamTimes
from rtvc.status import Load, State, Status
from tests.ui.desk import ALT
from ui.state_line import Mood


def test_click_on_start_starts_with_the_default_devices_and_all_values(desk):
    desk.start()

    options = desk.session.options
    assert (options.voice.name, options.input, options.output) == ("slt", "mic", DEFAULT)
    assert (options.hop, options.margin, options.block) == (0.02, 0.03, 0.01)
    assert options.values == {"pitch": 0.0, **{one.name: one.default for one in COMMON_CONTROLS}}
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
    desk.qtbot.keyClick(desk.window.latency.hop.knob, Qt.Key.Key_Right)

    desk.wait_said("windows", StreamTimes(0.03))
    assert ("start", "slt") in desk.session.said
    assert {("mute", True), ("passthrough", True)} <= set(desk.session.said)
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_V, ALT)
    desk.qtbot.keyClick(desk.window.voices, Qt.Key.Key_Up)
    desk.wait_said("voice", "bdl")


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


def test_device_change_takes_effect_while_running(desk):
    desk.start()
    desk.session.said.clear()

    desk.window.output.setFocus()
    desk.qtbot.keyClick(desk.window.output, Qt.Key.Key_End)
    desk.wait_said("start", "slt")

    assert desk.session.options.output == "ear"


def test_levels_and_figures_follow_the_run(desk):
    desk.start()

    desk.show(state=State.RUNNING, seconds=1.0, level_in=0.1, level_out=1.0, late=2, load=Load(0.1, 0.2, 0.3))

    assert desk.window.level_in.level_db == pytest.approx(-20.0, abs=0.5)
    assert desk.window.level_out.clipped
    assert desk.window.health.values["Late"].text() == "2"


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
