"""Undo, reset, the icon beside the clock and the first steps, by keys and clicks."""

import pytest
from PySide6.QtCore import Qt

from rtvc.config import AudioConfig, Config, EngineConfig, VoiceConfig, WindowConfig, load
from rtvc.plan import DEFAULT
from rtvc.status import State
from ui.state_line import Mood
from ui.tray import Tray, state_icon

CONTROL = Qt.KeyboardModifier.ControlModifier


def rested(desk):
    desk.controller._settings.save()


def test_undo_takes_back_what_was_changed_last(open_desk):
    desk = open_desk(Config(voice=VoiceConfig("slt")))
    assert not desk.window.menu.undo.isEnabled()
    desk.window.output.choose("ear")
    rested(desk)
    desk.qtbot.keyClick(desk.window.controls.rows["pitch"].knob, Qt.Key.Key_Right)
    rested(desk)
    desk.choose_voice(0)
    rested(desk)

    desk.qtbot.keyClick(desk.window, Qt.Key.Key_Z, CONTROL)
    assert desk.window.voices.chosen == "slt"
    assert desk.window.controls.rows["pitch"].value == 1.0
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_Z, CONTROL)
    assert desk.window.controls.rows["pitch"].value == 0.0
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_Z, CONTROL)

    assert desk.window.output.chosen is None
    assert not desk.window.menu.undo.isEnabled()
    desk.close()
    assert load(desk.path).audio == AudioConfig()


def test_reset_begins_anew_and_can_be_undone(open_desk):
    desk = open_desk(
        Config(engine=EngineConfig(hop_ms=60.0), voice=VoiceConfig("bdl"), talkers={"mic": 118.0},
               window=WindowConfig("dark"))
    )  # fmt: skip

    desk.window.menu.reset.trigger()

    assert (desk.window.voices.chosen, desk.window.latency.hop.value) == ("slt", 20.0)
    assert desk.controller.config.talkers == {"mic": 118.0}
    desk.window.menu.undo.trigger()
    assert (desk.window.voices.chosen, desk.window.latency.hop.value) == ("bdl", 60.0)
    assert desk.controller.config.window.appearance == "dark"


def test_what_runs_begins_anew_with_the_settings_from_before(desk):
    desk.start()
    desk.window.output.choose("ear")
    rested(desk)
    desk.session.said.clear()

    desk.window.menu.undo.trigger()

    desk.qtbot.waitUntil(lambda: desk.session.options.output == DEFAULT)


def test_tray_shows_the_state_and_does_what_is_done_most(desk):
    tray = desk.controller._program.tray
    tray.run_action.trigger()
    desk.wait_said("passthrough", False)
    desk.show(state=State.RUNNING, voice="slt")
    desk.qtbot.waitUntil(lambda: desk.window.state.headline.text() == "Live as SLT")
    assert tray.run_action.text() == "S&top"
    assert "Live as SLT" in tray.icon.toolTip()

    tray.mute.trigger()
    desk.wait_said("mute", True)
    assert desk.window.transport.mute.isChecked()
    desk.click(desk.window.transport.passthrough)
    assert tray.passthrough.isChecked()
    tray.run_action.trigger()
    desk.wait_said("stop")


def test_icon_has_a_colour_for_each_state(qapp):
    colours = {state_icon(mood).pixmap(64).toImage().pixelColor(32, 6).name() for mood in Mood}

    assert len(colours) == len(Mood)


def test_window_comes_back_from_the_tray(desk):
    desk.window.hide()

    desk.controller._program.tray.window_action.trigger()

    assert desk.window.isVisible()


def test_start_minimised_is_kept_and_done(open_desk):
    desk = open_desk()
    desk.window.menu.minimised.trigger()
    desk.close()
    assert load(desk.path).window.minimised

    again = open_desk()
    again.window.hide()
    again.controller.open()
    assert again.window.isMinimized()


def test_start_minimised_is_beside_the_clock_where_there_is_a_place(open_desk, monkeypatch, qapp):
    desk = open_desk(Config(window=WindowConfig(minimised=True)))
    desk.window.hide()
    monkeypatch.setattr(Tray, "is_there", True)

    desk.controller.open()
    qapp.setQuitOnLastWindowClosed(True)

    assert not desk.window.isVisible()
    desk.controller._program.tray.show_asked.emit()
    assert desk.window.isVisible() and not desk.window.isMinimized()


def test_first_steps_lead_through_voice_microphone_and_call(desk):
    welcome = desk.window.welcome
    desk.window.menu.welcome.trigger()
    assert welcome.isVisible() and not welcome.back.isEnabled()
    desk.click(welcome.hear)
    assert desk.errand(":hear_voice").arguments[0].name == "slt"

    desk.click(welcome.next)
    desk.qtbot.waitUntil(lambda: welcome.input.count() == 3)
    welcome.input.choose("cam")
    assert desk.window.input.chosen == "cam"
    desk.click(welcome.start)
    desk.wait_said("start", "slt")
    desk.show(state=State.RUNNING, level_in=0.5)
    assert welcome.level.level_db == pytest.approx(-6.0, abs=0.5)

    desk.click(welcome.next)
    desk.click(welcome.next)
    assert not welcome.isVisible()


def test_first_steps_are_shown_to_who_is_here_for_the_first_time(open_desk):
    desk = open_desk()
    assert desk.controller._settings.is_new
    desk.window.hide()

    desk.controller.open()
    desk.window.drawn.emit()

    assert desk.window.welcome.isVisible()


def test_tray_can_be_made_without_a_place_for_it(qapp):
    tray = Tray(qapp)
    tray.appear()

    assert tray.is_there == tray.icon.isVisible()
