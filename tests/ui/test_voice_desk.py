"""Voices are brought in, heard, renamed and removed by clicks, keys and drops."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QLineEdit

from rtvc.config import Config, VoiceConfig, load
from tests.ui.desk import put_voice
from ui.voice_card import play_place

NO_DELAY = Qt.DropAction.CopyAction


def drop(desk, *paths, onto=None):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    window, voices = desk.window, desk.window.voices
    place = window.rect().center()
    if onto is not None:
        place = voices.viewport().mapTo(window, voices.visualRect(voices.model().index(onto, 0)).center())
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dragEnterEvent(QDragEnterEvent(place, Qt.DropAction.CopyAction, data, buttons, keys))
    window.dropEvent(QDropEvent(QPointF(place), Qt.DropAction.CopyAction, data, buttons, keys))


def names(desk):
    model = desk.window.voices.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def notice(desk):
    bar = desk.window.voice_panel.notice
    return bar.words.text() if bar.isVisible() else ""


def test_dropped_voice_is_imported_with_its_clip_and_chosen(desk, tmp_path):
    drop(desk, Path("/x/anna.pth"), Path("/x/clip.wav"))
    errand = desk.errand(":import_file")
    errand.tell("reach", "writing", 0.7)
    desk.qtbot.waitUntil(lambda: notice(desk) == "Writing …")
    bar = desk.window.voice_panel.notice
    assert (bar.progress.value(), bar.action.text()) == (700, "Cancel")
    put_voice(tmp_path, "anna")

    errand.end(("anna", (), ()))

    desk.qtbot.waitUntil(lambda: desk.window.voices.chosen == "anna")
    assert errand.arguments[1:] == (Path("/x/anna.pth"), (Path("/x/clip.wav"),))
    assert (notice(desk), names(desk)) == ("Anna is ready.", ["ANNA", "BDL", "SLT"])
    desk.close()
    assert load(desk.path).voice.name == "anna"


def test_import_is_cancelled_by_its_button(desk):
    drop(desk, Path("/x/anna.pth"))
    errand = desk.errand(":import_file")
    errand.tell("reach", "reading", 0.2)
    desk.qtbot.waitUntil(lambda: notice(desk) == "Reading …")

    desk.click(desk.window.voice_panel.notice.action)

    desk.qtbot.waitUntil(lambda: notice(desk) == "")
    assert desk.window.voices.chosen == "slt"


def test_wrong_file_is_told_in_a_sentence(desk):
    drop(desk, Path("/x/gpt.ckpt"))

    desk.errand(":import_file").fail("gpt.ckpt is the other half of a voice; import the one in SoVITS_weights")

    desk.qtbot.waitUntil(lambda: notice(desk).startswith("Gpt.ckpt is the other half"))
    assert desk.window.voice_panel.notice.property("mood") == "warning"


def test_drop_that_is_nothing_is_told(desk):
    drop(desk, Path("/x/notes.txt"))

    assert notice(desk) == "Notes.txt is neither a GPT-SoVITS voice (.pth) nor a recording."
    assert desk.errands == []


def test_parts_that_are_missing_are_fetched_by_a_button(desk, tmp_path):
    drop(desk, Path("/x/anna.pth"))
    put_voice(tmp_path, "anna", family="sovits")
    desk.errand(":import_file").end(("anna", (), ("it needs the part hubert; get it with: rtvc voices fetch hubert",)))
    desk.qtbot.waitUntil(lambda: notice(desk) == "Anna needs the part hubert.")

    desk.click(desk.window.voice_panel.notice.action)

    desk.errand(":fetch_parts").end(("anna", (), ()))
    desk.qtbot.waitUntil(lambda: notice(desk) == "Anna is ready.")


def test_clip_on_an_imported_voice_is_its_reference(open_desk, tmp_path):
    put_voice(tmp_path, "mine", family="sovits")
    desk = open_desk()

    drop(desk, Path("/x/clip.flac"), onto=1)

    assert desk.errand(":give_references").arguments[1:] == ("mine", (Path("/x/clip.flac"),))


def test_import_by_keys_asks_for_the_file(desk, tmp_path):
    (tmp_path / "anna.pth").touch()
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    dialog = desk.window.findChild(QFileDialog)

    dialog.findChild(QLineEdit).setText(str(tmp_path / "anna.pth"))
    dialog.accept()

    assert desk.errand(":import_file").arguments[1] == tmp_path / "anna.pth"


def test_voice_is_heard_as_it_is_set_and_stops_when_asked_again(open_desk):
    desk = open_desk(Config(voice=VoiceConfig("slt", {"bdl": {"pitch": 4.0}})))
    voices = desk.window.voices
    button = play_place(voices.visualRect(voices.model().index(0, 0))).center().toPoint()

    desk.qtbot.mouseClick(voices.viewport(), Qt.MouseButton.LeftButton, pos=button)
    errand = desk.errand(":hear_voice")
    voice, values, times, output = errand.arguments
    assert (voice.name, values["pitch"], times.hop, output) == ("bdl", 4.0, 0.02, None)
    errand.tell("reach", "preparing", 0.5)
    desk.qtbot.waitUntil(lambda: notice(desk) == "Preparing to speak …")
    errand.tell("reach", "playing", 0.1)
    desk.qtbot.waitUntil(lambda: notice(desk) == "")

    desk.qtbot.mouseClick(voices.viewport(), Qt.MouseButton.LeftButton, pos=button)
    desk.qtbot.waitUntil(lambda: voices._heard == "")
    assert voices.chosen == "slt"


def test_renamed_voice_keeps_its_settings_and_goes_on_speaking(open_desk):
    desk = open_desk(Config(voice=VoiceConfig("slt", {"slt": {"pitch": 4.0}})))
    desk.start()

    desk.window.voices.setFocus()
    desk.qtbot.keyClick(desk.window.voices, Qt.Key.Key_F2)
    editor = desk.window.voices.viewport().findChild(QLineEdit)
    desk.qtbot.keyClicks(editor, "zoe")
    desk.qtbot.keyClick(editor, Qt.Key.Key_Return)

    desk.wait_said("voice", "zoe")
    desk.qtbot.waitUntil(lambda: desk.window.voices.chosen == "zoe")
    assert desk.session.switched[1]["pitch"] == 4.0
    desk.close()
    assert load(desk.path).voice == VoiceConfig("zoe", {"zoe": {"pitch": 4.0}})


def test_name_that_is_taken_is_refused_in_a_sentence(desk):
    desk.window.voices.rename_asked.emit("slt", "bdl")

    desk.qtbot.waitUntil(lambda: "there is a voice bdl already" in notice(desk).lower())


def test_removed_voice_gives_way_to_another_and_undo_brings_it_back(desk):
    desk.start()

    desk.window.voices.setFocus()
    desk.qtbot.keyClick(desk.window.voices, Qt.Key.Key_Delete)
    desk.wait_said("voice", "bdl")
    desk.qtbot.waitUntil(lambda: names(desk) == ["BDL"] and notice(desk) == "Slt is removed.")

    desk.click(desk.window.voice_panel.notice.action)
    desk.qtbot.waitUntil(lambda: names(desk) == ["BDL", "SLT"] and desk.window.voices.chosen == "slt")


def test_back_goes_to_the_voice_before_and_again_to_this_one(desk):
    back = desk.window.voice_panel.back
    assert not back.isEnabled()
    desk.choose_voice(0)

    desk.click(back)
    assert desk.window.voices.chosen == "slt"
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.voices.chosen == "bdl"


def test_search_is_typed_and_left_downwards(desk):
    panel = desk.window.voice_panel
    desk.qtbot.keyClick(desk.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.keyClicks(panel.search, "bd")
    assert names(desk) == ["BDL"]

    desk.qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert panel.voices.hasFocus()
    desk.qtbot.keyClick(panel.voices, Qt.Key.Key_Down)
    assert panel.voices.chosen == "bdl"


def test_menu_offers_what_can_be_done_with_a_voice(open_desk, tmp_path):
    put_voice(tmp_path, "mine", family="sovits")
    desk = open_desk()

    menu = desk.window.voice_panel.menu_of(desk.window.voices.item("mine"))

    words = [action.text().replace("&", "").partition("\t")[0] for action in menu.actions()]
    assert words == ["Hear it", "References of its speaker …", "Rename", "Remove"]


@pytest.mark.parametrize("limit", [5.0])
def test_window_closes_while_something_is_imported(desk, limit):
    drop(desk, Path("/x/anna.pth"))
    desk.errand(":import_file")
    assert threading.active_count() > 1

    assert desk.controller.close(limit)
