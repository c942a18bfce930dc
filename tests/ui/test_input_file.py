"""A recording in the microphone's place, chosen in the list of microphones."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from rtvc.config import AudioConfig, Config, load


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "spoken.wav"
    path.touch()
    return path


def test_last_row_asks_for_a_file_and_is_no_choice(desk, recording):
    box = desk.window.input
    desk.start()

    desk.qtbot.keyClick(box, Qt.Key.Key_End)

    desk.qtbot.waitUntil(lambda: bool(desk.window.findChildren(QFileDialog)))
    assert (box.chosen, box.currentText()) == (None, "System default – Microphone")
    dialog = desk.window.findChildren(QFileDialog)[-1]
    dialog.filesSelected.emit([str(recording)])
    dialog.close()
    desk.qtbot.waitUntil(lambda: desk.session.options.input == recording)
    assert (box.currentText(), box.absence) == ("spoken.wav", "")


def test_recording_is_kept_repeated_and_told_apart_from_a_microphone(open_desk, recording):
    desk = open_desk(Config(audio=AudioConfig(str(recording), total_ms=200.0)))
    sound, latency = desk.window.sound, desk.window.latency
    assert (sound.repeat.isVisible(), sound.repeat.isChecked(), latency.hold.isEnabled()) == (True, True, False)
    assert latency.margin.isEnabled()
    desk.start()
    assert (desk.session.options.input, desk.session.options.repeats) == (recording, True)

    desk.click(sound.repeat)
    desk.qtbot.waitUntil(lambda: not desk.session.options.repeats)
    desk.window.input.choose("cam")

    desk.qtbot.waitUntil(lambda: desk.session.options.input == "cam")
    assert (sound.repeat.isVisible(), latency.hold.isEnabled()) == (False, True)
    desk.close()
    assert (load(desk.path).audio.input, load(desk.path).audio.repeat) == ("cam", False)


def test_recording_that_is_not_there_is_told(open_desk, recording):
    recording.unlink()

    desk = open_desk(Config(audio=AudioConfig(str(recording))))

    assert desk.window.input.absence == f"{recording} is not there"
    assert desk.window.input.property("state") == "missing"
