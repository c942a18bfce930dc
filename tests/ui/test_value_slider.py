import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from rtvc.params import Control
from ui.value_slider import ValueSlider

PITCH = Control("pitch", "Pitch", -12.0, 12.0, 0.0, "st", 1.0, "Higher or lower.")
HOP = Control("hop_ms", "Hop", 10.0, 200.0, 20.0, "ms", 10.0)


@pytest.fixture
def pitch(qtbot):
    return shown(qtbot, ValueSlider(PITCH, "&Pitch"))


@pytest.fixture
def hop(qtbot):
    return shown(qtbot, ValueSlider(HOP))


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.resize(240, 60)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    return widget


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        ([Qt.Key.Key_Right], 1.0),
        ([Qt.Key.Key_Left, Qt.Key.Key_Left], -2.0),
        ([Qt.Key.Key_PageUp], 10.0),
        ([Qt.Key.Key_End], 12.0),
        ([Qt.Key.Key_Home], -12.0),
        ([Qt.Key.Key_End, Qt.Key.Key_Delete], 0.0),
        ([Qt.Key.Key_End, Qt.Key.Key_Backspace], 0.0),
    ],
)
def test_keys_move_by_steps(qtbot, pitch, keys, value):
    pitch.knob.setFocus()

    for key in keys:
        qtbot.keyClick(pitch.knob, key)

    assert pitch.value == value


def test_double_click_goes_home(qtbot, pitch):
    pitch.set_value(7.0)

    qtbot.mouseDClick(pitch.knob, Qt.MouseButton.LeftButton)

    assert pitch.value == 0.0


def test_handle_can_be_dragged(qtbot, pitch):
    slider = pitch.knob
    middle = QPoint(slider.width() // 2, slider.height() // 2)

    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(slider, QPoint(slider.width(), slider.height() // 2))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width(), slider.height() // 2))

    assert pitch.value == 12.0


def test_mnemonic_leads_to_the_slider(qtbot, pitch):
    qtbot.keyClick(pitch, Qt.Key.Key_P, Qt.KeyboardModifier.AltModifier)

    assert pitch.knob.hasFocus()


def test_change_is_told_once(qtbot, pitch):
    told = []
    pitch.value_changed.connect(told.append)

    pitch.set_value(3.0)
    pitch.set_value(3.0)
    qtbot.keyClick(pitch.knob, Qt.Key.Key_Right)

    assert told == [3.0, 4.0]


def test_value_between_steps_stays_until_it_is_moved(qtbot, hop):
    hop.set_value(26.0)

    assert (hop.value, hop.knob.value()) == (26.0, 2)
    qtbot.keyClick(hop.knob, Qt.Key.Key_Right)
    assert hop.value == 40.0


def test_value_above_the_range_widens_it(qtbot, hop):
    hop.set_value(400.0)

    qtbot.keyClick(hop.knob, Qt.Key.Key_Left)

    assert hop.value == 390.0


@pytest.mark.parametrize(("focused", "value"), [(False, 0.0), (True, 3.0)])
def test_wheel_turns_only_a_chosen_slider(pitch, focused, value):
    if focused:
        pitch.knob.setFocus()
    else:
        pitch.knob.clearFocus()
    turn = QWheelEvent(
        QPointF(20, 10),
        QPointF(20, 10),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )

    QApplication.sendEvent(pitch.knob, turn)

    assert pitch.value == value


def test_assistive_programs_hear_name_value_and_meaning(pitch):
    pitch.set_value(-2.0)

    assert pitch.knob.accessibleName() == "Pitch"
    assert pitch.knob.accessibleDescription() == "−2 st. Higher or lower."
    assert "Double-click" in pitch.knob.toolTip()
