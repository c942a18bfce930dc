import pytest
from PySide6.QtCore import Qt

from rtvc.params import Control
from ui.value_switch import ValueSwitch, is_switch

AUTO = Control("auto", "Automatic", 0.0, 1.0, 1.0, "", 1.0, "Moves your range.")


@pytest.fixture
def switch(qtbot):
    made = ValueSwitch(AUTO, "&Automatic")
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.mark.parametrize(
    ("control", "answer"),
    [
        (AUTO, True),
        (Control("a", "A", 0.0, 1.0, 1.0), False),
        (Control("a", "A", 0.0, 1.0, 1.0, "", 0.5), False),
        (Control("a", "A", 1.0, 8.0, 1.0, "", 1.0), False),
    ],
)
def test_control_of_two_values_is_a_switch(control, answer):
    assert is_switch(control) is answer


def test_space_and_letter_switch(qtbot, switch):
    told = []
    switch.value_changed.connect(told.append)

    qtbot.keyClick(switch.knob, Qt.Key.Key_Space)
    qtbot.keyClick(switch, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)

    qtbot.waitUntil(lambda: told == [0.0, 1.0])


def test_delete_goes_home(qtbot, switch):
    switch.set_value(0.0)

    qtbot.keyClick(switch.knob, Qt.Key.Key_Delete)

    assert switch.value == 1.0


def test_setter_tells_only_changes(qtbot, switch):
    with qtbot.assertNotEmitted(switch.value_changed):
        switch.set_value(1.0)


def test_assistive_programs_hear_name_and_meaning(switch):
    assert (switch.knob.accessibleName(), switch.knob.accessibleDescription()) == ("Automatic", "Moves your range.")
