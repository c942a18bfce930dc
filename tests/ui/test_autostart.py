"""The menu's switch for the start at the log-in, against a desktop's real folder."""

import pytest

from rtvc.autostart.desktop_file import NAME


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "desktop"))
    return tmp_path / "desktop" / "autostart"


def test_switch_writes_and_removes_what_the_desktop_starts(folder, desk):
    menu = desk.window.menu
    menu.opening.emit()
    assert not menu.autostart.isChecked()

    menu.autostart.trigger()

    assert menu.autostart.isChecked()
    assert str(desk.path) in (folder / NAME).read_text()
    menu.autostart.trigger()
    assert not menu.autostart.isChecked() and not (folder / NAME).exists()


def test_switch_shows_what_the_desktop_says_and_no_setting(folder, desk):
    menu = desk.window.menu
    menu.autostart.trigger()
    (folder / NAME).unlink()

    menu.opening.emit()

    assert not menu.autostart.isChecked()


def test_what_cannot_be_switched_is_a_sentence_until_it_can(folder, desk):
    folder.parent.write_text("a file")
    menu = desk.window.menu

    menu.autostart.trigger()
    desk.controller.refresh()
    assert not menu.autostart.isChecked()
    assert "Autostart cannot be switched" in desk.window.state.sentence.text()
    folder.parent.unlink()
    menu.autostart.trigger()
    desk.controller.refresh()

    assert menu.autostart.isChecked()
    assert "Autostart" not in desk.window.state.sentence.text()
