"""A voice is made of recordings, by clicks and keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from rtvc.making.home import Wish, making_of
from tests.ui.desk import put_voice

JUDGED = (
    (("Recordings", "2, 4.0 min, 48 kHz"), ("Speech", "200 s to learn from, 20 s to judge by")),
    "usable: the speaker is recognised, some sounds are rough",
    ("3.1 % of the samples are clipped; record at a lower level",),
)
TAKES = (Path("/takes"),)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def judged(desk):
    """The desk, after recordings were judged."""
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.window.making.zone.paths_chosen.emit(TAKES)
    errand = desk.errand(":check")
    assert errand.arguments == (TAKES,)
    errand.end(JUDGED)
    desk.qtbot.waitUntil(lambda: desk.window.making.pages.currentIndex() == 1)
    return desk


def fill(desk, name="anna", whose="Anna Berg"):
    form = desk.window.making.form
    desk.qtbot.keyClicks(form.name, name)
    desk.qtbot.keyClicks(form.whose, whose)
    form.agreed.setChecked(True)


def begin(desk):
    fill(desk)
    desk.click(desk.window.making.form.begin)
    return desk.errand(":make")


def test_recordings_are_judged_in_words(judged):
    words = judged.window.making.report.words

    assert "Usable: the speaker is recognised" in words
    assert "200 s to learn from" in words
    assert "⚠ 3.1 % of the samples are clipped" in words


def test_nothing_begins_before_somebody_agreed(judged):
    form = judged.window.making.form
    fill(judged)
    assert form.begin.isEnabled()

    form.agreed.setChecked(False)
    assert not form.begin.isEnabled()
    form.agreed.setChecked(True)
    form.name.setText("a/b")

    assert not form.begin.isEnabled()
    assert "must be free of" in form.fault.text()


def test_voice_is_made_heard_and_chosen(judged, tmp_path):
    errand, progress = begin(judged), judged.window.making.progress
    own, wish = errand.arguments
    assert (own, wish) == (judged.own, Wish("anna", "anna", "Anna Berg, who agreed", ("/takes",), 10.0))
    errand.tell("reach", "training: spectrum 1.20, judge 0.50", 0.4)
    errand.tell("preview", "/x/preview.wav", 1.0, 2.0)
    errand.tell("preview", "/x/preview.wav", 2.0, 1.5)
    judged.qtbot.waitUntil(lambda: "25 % nearer" in progress.preview.text())
    assert (progress.words.text(), progress.bar.value()) == ("Training: spectrum 1.20, judge 0.50", 400)

    judged.click(progress.listen)
    heard = judged.errand(":hear_file")
    assert heard.arguments == (making_of("anna").preview, None)
    heard.end()
    put_voice(tmp_path, "anna")
    errand.end("anna")

    judged.qtbot.waitUntil(lambda: judged.window.voices.chosen == "anna")
    assert progress.headline.text() == "anna is a voice now."
    judged.click(progress.close_button)
    assert not judged.window.making.isVisible()


def test_paused_voice_goes_on_where_it_was(judged):
    begin(judged)
    progress = judged.window.making.progress

    judged.click(progress.pause)
    judged.qtbot.waitUntil(progress.resume.isVisible)
    assert progress.headline.text() == "anna waits"
    judged.click(progress.resume)

    judged.qtbot.waitUntil(lambda: len([one for one in judged.errands if one.work.endswith(":make")]) == 2)
    assert judged.errands[-1].arguments[1].name == "anna"


def test_discarded_voice_leaves_nothing(judged):
    begin(judged)
    making_of("anna").begin(Wish("anna", "anna", "mine", ()))
    progress = judged.window.making.progress
    judged.click(progress.pause)
    judged.qtbot.waitUntil(progress.discard.isVisible)

    judged.click(progress.discard)

    judged.qtbot.waitUntil(lambda: judged.window.making.pages.currentIndex() == 0)
    assert not making_of("anna").is_begun


def test_unfinished_voice_is_offered_when_the_window_is_opened_again(desk):
    wish = Wish("anna", "anna", "mine", ("/takes",), 5.0)
    making_of("anna").begin(wish)
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    notice = desk.window.making.notice
    desk.qtbot.waitUntil(notice.isVisible)

    desk.click(notice.action)

    assert desk.errand(":make").arguments[1] == wish


def test_name_that_is_taken_is_told_and_can_be_changed(judged):
    begin(judged).fail("there is a voice anna already; choose another name, such as anna-2")

    judged.qtbot.waitUntil(judged.window.making.notice.isVisible)
    assert judged.window.making.pages.currentIndex() == 1
    assert "anna-2" in judged.window.making.notice.words.text()


def test_recordings_that_cannot_be_read_are_told(desk):
    desk.window.making.zone.paths_chosen.emit(TAKES)
    desk.window.making.show()

    desk.errand(":check").fail("/takes has no recordings")

    desk.qtbot.waitUntil(desk.window.making.notice.isVisible)
    assert desk.window.making.pages.currentIndex() == 0


def test_making_goes_on_while_its_window_is_closed(judged):
    errand = begin(judged)

    judged.window.making.close()
    errand.tell("reach", "training", 0.5)

    judged.qtbot.waitUntil(lambda: judged.window.making.progress.bar.value() == 500)
    judged.qtbot.keyClick(judged.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert judged.window.making.pages.currentIndex() == 2
