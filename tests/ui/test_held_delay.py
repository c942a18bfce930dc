"""A whole delay is held: chosen with keys, told to a run, kept, and called impossible where it is."""

import pytest
from PySide6.QtCore import Qt

from rtvc.config import AudioConfig, Config, load
from rtvc.status import Delay, State


@pytest.fixture
def held(open_desk):
    """The window with a held delay of 200 ms while a voice runs that takes 55 ms and a margin."""
    desk = open_desk(Config(audio=AudioConfig(total_ms=200.0)))
    desk.start()
    desk.show(state=State.RUNNING, delay=Delay(hop=0.02, device=0.035, margin=0.145))
    return desk


def test_delay_is_held_from_the_switch_on_and_kept(desk):
    desk.start()
    hold = desk.window.latency.hold
    assert (hold.total_ms, hold.slider.isVisible(), desk.window.latency.margin.isEnabled()) == (None, False, True)

    desk.click(hold.switch)
    desk.wait_said("total", 0.2)

    assert hold.slider.isVisible()
    assert not desk.window.latency.margin.isEnabled()
    desk.qtbot.keyClick(hold.slider.knob, Qt.Key.Key_Right)
    desk.wait_said("total", 0.21)
    desk.close()
    assert load(desk.path).audio.total_ms == 210


def test_margin_counts_again_when_the_delay_is_held_no_longer(held):
    held.click(held.window.latency.hold.switch)

    held.wait_said("margin", 0.03)
    assert held.session.said[-2:] == [("total", None), ("margin", 0.03)]
    assert held.window.latency.margin.isEnabled()


def test_run_begins_with_the_delay_that_is_held(held):
    assert (held.session.options.total, held.session.options.holds_strictly) == (0.2, False)


def test_slider_begins_where_the_delay_can_be_held(held):
    hold = held.window.latency.hold

    assert hold.hint.text() == "Possible from 60 ms on; the margin is what is left."
    held.qtbot.keyClick(hold.slider.knob, Qt.Key.Key_Home)

    held.wait_said("total", 0.06)


def test_what_cannot_be_held_stays_chosen_and_is_told(held):
    hold = held.window.latency.hold

    held.show(state=State.RUNNING, delay=Delay(hop=0.2, device=0.055, margin=0.03))

    assert hold.hint.text() == "Cannot be held: it takes at least 260 ms. Choose more, or a shorter hop."
    assert (hold.total_ms, hold.hint.property("mood")) == (200, "warning")
    held.qtbot.keyClick(hold.slider.knob, Qt.Key.Key_End)
    assert hold.hint.property("mood") == ""
    held.qtbot.keyClick(hold.slider.knob, Qt.Key.Key_Home)
    held.wait_said("total", 0.26)


def test_expected_delay_is_the_one_that_will_be_held(open_desk):
    desk = open_desk(Config(audio=AudioConfig(total_ms=300.0)))

    desk.qtbot.waitUntil(lambda: desk.window.delay.total.text() == "300 ms")
