"""Sentences are read aloud, by clicks and keys."""

import pytest
from PySide6.QtCore import Qt

from rtvc.making.home import recordings_of

SENTENCES = ("One day.", "Two nights.", "Three weeks.")


@pytest.fixture
def reading(desk, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    dialog = desk.window.reading
    desk.qtbot.keyClicks(dialog.name, "anna")
    desk.qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    errand = desk.errand(":read")
    errand.tell("sentences", SENTENCES, 2, 1)
    desk.qtbot.waitUntil(lambda: dialog.sentence.text() == "Two nights.")
    return dialog, errand


def test_reading_begins_at_the_first_sentence_that_was_not_read(reading):
    dialog, errand = reading

    assert errand.arguments == (recordings_of("anna"), None)
    assert (dialog.place.text(), dialog.verdict.text()) == ("Sentence 2 of 3", "1 were read before.")


def test_space_records_and_ends_and_a_good_take_leads_on(desk, reading):
    dialog, errand = reading
    desk.qtbot.keyClick(dialog.record, Qt.Key.Key_Space)
    errand.tell("level", 0.5)
    desk.qtbot.keyClick(dialog.record, Qt.Key.Key_Space)
    assert errand.asked == [("record", 2), ("finish",)]

    errand.tell("take", 2, "", 2.5, 2)

    desk.qtbot.waitUntil(lambda: dialog.sentence.text() == "Three weeks.")
    assert dialog.verdict.text() == "Good, 2.5 s."


def test_bad_take_is_read_again(desk, reading):
    dialog, errand = reading
    desk.click(dialog.record)

    errand.tell("take", 2, "it is too quiet (-50 dBFS): come closer", 2.0, 1)

    desk.qtbot.waitUntil(lambda: "too quiet" in dialog.verdict.text())
    assert dialog.sentence.text() == "Two nights."
    assert dialog.record.text() == "Record (Space)"


def test_skipped_to_the_end_the_voice_can_be_made(desk, reading):
    dialog, _ = reading
    desk.click(dialog.skip)
    desk.click(dialog.skip)
    assert dialog.sentence.text() == "That was the last sentence."

    desk.click(dialog.use)

    assert desk.errand(":check").arguments == ((recordings_of("anna"),),)
    assert desk.window.making.isVisible() and not dialog.isVisible()


def test_microphone_that_is_gone_is_told(desk, reading):
    dialog, errand = reading

    errand.fail("microphone mic is gone, or brings no sound")

    desk.qtbot.waitUntil(lambda: dialog.verdict.text().startswith("Microphone mic is gone"))
    assert dialog.begin.isEnabled()
