"""A field that takes keys."""

import pytest
from PySide6.QtCore import Qt

from rtvc.hotkeys.combination import read_combination
from ui.key_field import KeyField

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
PAD = Qt.KeyboardModifier.KeypadModifier


@pytest.fixture
def field(qtbot):
    made = KeyField("Mute")
    qtbot.addWidget(made)
    made.chosen = []
    made.keys_chosen.connect(made.chosen.append)
    return made


@pytest.mark.parametrize(
    ("key", "modifiers", "expected"),
    [
        (Qt.Key.Key_F9, CTRL | SHIFT, "Ctrl+Shift+F9"),
        (Qt.Key.Key_M, ALT, "Alt+M"),
        (Qt.Key.Key_Pause, Qt.KeyboardModifier.NoModifier, "Pause"),
        (Qt.Key.Key_5, PAD, "Num+5"),
        (Qt.Key.Key_Enter, PAD | CTRL, "Ctrl+Num+Enter"),
        (Qt.Key.Key_Exclam, CTRL | SHIFT, "Ctrl+Shift+!"),
        (Qt.Key.Key_Plus, CTRL, "Ctrl++"),
        (Qt.Key.Key_PageUp, CTRL, "Ctrl+PgUp"),
        (Qt.Key.Key_VolumeMute, Qt.KeyboardModifier.NoModifier, "Volume Mute"),
        (Qt.Key.Key_MediaPlay, Qt.KeyboardModifier.NoModifier, "Media Play"),
        (Qt.Key.Key_Z, CTRL, "Ctrl+Z"),
    ],
)
def test_pressed_keys_are_taken_in_words_that_are_understood(qtbot, field, key, modifiers, expected):
    qtbot.keyClick(field, Qt.Key.Key_Control)
    qtbot.keyClick(field, key, modifiers)

    assert field.chosen == [field.keys] == [expected]
    assert field.text() != ""
    assert read_combination(expected) is not None


def test_backspace_takes_the_keys_away_and_escape_leaves_them(qtbot, field):
    field.show_keys("Ctrl+F9")

    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.keys, field.chosen) == ("Ctrl+F9", [])
    qtbot.keyClick(field, Qt.Key.Key_Backspace)

    assert (field.keys, field.text(), field.chosen) == ("", "", [""])


def test_what_nobody_understands_is_shown_as_it_is_written(field):
    field.show_keys("Strg+Q")

    assert field.text() != ""


def test_field_waits_for_keys_while_it_has_the_focus(qtbot, field):
    told = []
    field.recording.connect(told.append)
    before = field.placeholderText()
    field.show()
    field.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    assert field.placeholderText() != before

    field.clearFocus()

    assert told == [True, False]
    assert field.placeholderText() == before
