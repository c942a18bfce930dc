"""Monitor, virtual microphone and recorder, by clicks."""

from pathlib import Path

import pytest

from rtvc.config import AudioConfig, Config, load
from rtvc.errors import AudioFileError, DeviceError
from ui.run_options import recording_paths


class Virtual:
    """A virtual microphone that remembers what happened to it."""

    output = "ear"

    def __init__(self):
        self.said = []

    def tend(self):
        self.said.append("tend")
        return False

    def close(self):
        self.said.append("close")


def press(desk, switch):
    desk.click(switch)


def test_monitor_is_off_until_one_is_chosen_and_then_heard(desk):
    monitor = desk.window.monitor
    assert (monitor.currentText(), monitor.absence) == ("Off", "")
    desk.start()
    desk.session.said.clear()

    monitor.setCurrentIndex(monitor.findText("Earphone"))
    desk.wait_said("start", "slt")

    assert desk.session.options.monitor == "ear"


def test_virtual_microphone_is_spoken_into_and_taken_away_again(desk, monkeypatch):
    made = Virtual()
    monkeypatch.setattr(desk.controller._sound._virtual, "_make", lambda: made)
    switch = desk.window.sound.virtual

    press(desk, switch)
    desk.qtbot.waitUntil(lambda: desk.window.output.chosen == "ear")
    assert "rtvc microphone" in desk.window.sound.notice.words.text()
    press(desk, switch)

    desk.qtbot.waitUntil(lambda: "close" in made.said)
    assert desk.window.output.chosen is None


def test_virtual_microphone_goes_with_the_window(desk, monkeypatch):
    made = Virtual()
    monkeypatch.setattr(desk.controller._sound._virtual, "_make", lambda: made)
    press(desk, desk.window.sound.virtual)
    desk.qtbot.waitUntil(lambda: desk.window.output.chosen == "ear")

    desk.close()

    assert made.said[-1] == "close"


def test_virtual_microphone_that_was_spoken_into_is_made_again(open_desk, monkeypatch):
    made = Virtual()
    made.output = "rtvc_virtual_out"
    monkeypatch.setattr("ui.virtual_microphone.make_virtual", lambda: made)

    desk = open_desk(Config(audio=AudioConfig(output="rtvc_virtual_out")))

    desk.qtbot.waitUntil(lambda: desk.controller._sound._virtual._microphone is made)
    assert desk.window.sound.virtual.isChecked()
    press(desk, desk.window.sound.virtual)
    assert desk.window.output.chosen is None


def test_machine_that_can_make_none_says_so(desk, monkeypatch):
    def refuse():
        raise DeviceError("install BlackHole")

    monkeypatch.setattr(desk.controller._sound._virtual, "_make", refuse)
    press(desk, desk.window.sound.virtual)

    desk.qtbot.waitUntil(lambda: desk.window.sound.notice.words.text() == "Install BlackHole")
    assert not desk.window.sound.virtual.isChecked()


def test_both_sides_are_recorded_into_new_files(desk, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_music_dir", lambda: str(tmp_path / "music"))
    desk.start()
    assert desk.session.options.record is None
    desk.session.said.clear()

    press(desk, desk.window.sound.recording)
    desk.wait_said("start", "slt")

    folder = tmp_path / "music" / "rtvc"
    played, heard = desk.session.options.record, desk.session.options.record_input
    assert folder.is_dir() and played.parent == heard.parent == folder and played != heard
    assert played.suffix == heard.suffix == ".flac"
    assert str(folder) in desk.window.sound.notice.words.text()


def test_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(AudioFileError, match="cannot be made"):
        recording_paths(tmp_path / "file" / "folder")
    assert recording_paths(None) == (None, None)


def test_chosen_monitor_is_kept(desk):
    desk.window.monitor.choose("ear")
    desk.close()

    assert load(desk.path).audio.monitor == "ear"
    assert isinstance(desk.path, Path)
