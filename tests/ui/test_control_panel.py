import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from rtvc.params import COMMON_CONTROLS, Control
from ui.control_panel import ControlPanel

PITCH = Control("pitch", "Pitch", -12.0, 12.0, 0.0, "st", 1.0)


@pytest.fixture
def panel(qtbot):
    made = ControlPanel()
    qtbot.addWidget(made)
    made.resize(280, 300)
    made.show_controls((PITCH, *COMMON_CONTROLS), {"pitch": 2.0})
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_every_control_is_drawn_with_its_value(panel):
    assert {name: slider.value for name, slider in panel.rows.items()} == {
        "pitch": 2.0,
        **{control.name: control.default for control in COMMON_CONTROLS},
    }


def test_moved_control_is_told_by_name(qtbot, panel):
    with qtbot.waitSignal(panel.value_chosen) as told:
        qtbot.keyClick(panel.rows["pitch"].knob, Qt.Key.Key_Right)

    assert told.args == ["pitch", 3.0]


def test_another_voice_replaces_all_controls(qtbot, panel):
    with qtbot.assertNotEmitted(panel.value_chosen):
        panel.show_controls(COMMON_CONTROLS[1:], {"input_gain_db": 6.0})

    assert set(panel.rows) == {control.name for control in COMMON_CONTROLS[1:]}
    assert panel.rows["input_gain_db"].value == 6.0


def test_reset_sends_every_control_home(panel):
    panel.show_values({"gate_db": -40.0, "unknown": 1.0})

    panel.reset()

    assert [panel.rows[name].value for name in ("pitch", "gate_db")] == [0.0, -60.0]


def test_tab_goes_from_control_to_control(qtbot, panel):
    panel.activateWindow()
    panel.rows["pitch"].knob.setFocus()

    qtbot.keyClick(panel.rows["pitch"].knob, Qt.Key.Key_Tab)

    assert panel.rows["input_gain_db"].knob.hasFocus()


def test_controls_stand_under_their_headings(panel):
    shown = [one.text() for one in panel.widget().findChildren(QLabel) if one.property("role") == "heading"]

    assert shown == ["Voice", "Microphone", "Output"]
