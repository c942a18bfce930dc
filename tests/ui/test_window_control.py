"""The window driven over a real socket."""

import subprocess
import sys
import threading

import pytest
from PySide6.QtCore import Qt

from rtvc.config import Config, ControlConfig, load
from rtvc.control.client import ask
from rtvc.control.place import Place
from rtvc.errors import ControlError, RtvcError
from rtvc.status import State


class Caller:
    """Another program: asks over the socket while the window goes on."""

    def __init__(self, desk, folder):
        self._desk, self.folder = desk, folder

    def ask(self, **request):
        outcome = []

        def call():
            try:
                outcome.append(ask(request, Place(self.folder)))
            except RtvcError as error:
                outcome.append(error)

        threading.Thread(target=call, daemon=True).start()
        self._desk.qtbot.waitUntil(lambda: bool(outcome), timeout=20_000)
        if isinstance(outcome[0], RtvcError):
            raise outcome[0]
        return outcome[0]


@pytest.fixture
def driven(desk, tmp_path):
    desk.controller.control.open(Place(tmp_path / "socket"))
    yield desk, Caller(desk, tmp_path / "socket")
    desk.controller.control.close()


def test_other_programs_drive_the_window(driven):
    desk, other = driven
    window = desk.window

    other.ask(do="mute")
    other.ask(do="voice", name="slt")
    other.ask(do="set", name="pitch", value=3)
    other.ask(do="start")
    desk.wait_said("start", "slt")
    desk.wait_said("mute", True)
    assert window.transport.mute.isChecked()
    assert window.controls.rows["pitch"].value == 3.0
    desk.qtbot.waitUntil(lambda: desk.session.shown.state is State.RUNNING)

    assert other.ask(do="pass-through")["pass_through"] is True
    assert other.ask(do="pass-through")["pass_through"] is False
    told = other.ask(do="status")["status"]
    assert (told["state"], told["voice"], told["muted"]) == ("running", "slt", True)
    assert other.ask(do="history")["history"] == []

    other.ask(do="stop")
    desk.wait_said("stop")
    window.showMinimized()
    other.ask(do="show")
    assert not window.isMinimized()
    other.ask(do="quit")
    desk.qtbot.waitUntil(lambda: not window.isVisible())
    desk.close()
    assert load(desk.path).voice.params == {"slt": {"pitch": 3.0}}


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ({"do": "voice", "name": "slp"}, "no voice 'slp'; did you mean slt"),
        ({"do": "set", "name": "pich", "value": 1}, "no control 'pich'; did you mean pitch"),
        ({"do": "set", "name": "pitch", "value": 99}, "it must be from -12 to 12"),
    ],
)
def test_what_cannot_be_is_answered_in_a_sentence(driven, request_, sentence):
    _, other = driven
    other.ask(do="voice", name="bdl")

    with pytest.raises(ControlError, match=sentence):
        other.ask(**request_)


def test_second_rtvc_says_why_it_cannot_be_driven(driven, open_desk):
    _, other = driven
    second = open_desk()

    second.controller.control.open(Place(other.folder))
    second.controller.refresh()

    assert "another rtvc is listening" in second.window.state.sentence.text().casefold()


@pytest.fixture
def runtime_folder(tmp_path, monkeypatch):
    """Where programs of this user find each other."""
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))


def ctl(desk, *words):
    """What `rtvc ctl` answers while the window goes on."""
    program = subprocess.Popen(
        [sys.executable, "-m", "rtvc.cli", "ctl", *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    desk.qtbot.waitUntil(lambda: program.poll() is not None, timeout=60_000)
    return program.returncode, "".join(program.communicate())


def click_in_menu(desk, action):
    """Open the menu and click on one of its lines."""
    menu = desk.window.menu.menu()
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    desk.qtbot.waitUntil(menu.isVisible)
    desk.qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def test_switch_in_the_menu_lets_other_programs_in_and_out(runtime_folder, desk):
    switch = desk.window.menu.control
    code, words = ctl(desk, "status")
    assert code == 1 and "let other programs drive rtvc" in words

    click_in_menu(desk, switch)
    assert switch.isChecked()
    code, words = ctl(desk, "status")
    assert code == 0 and "idle" in words
    click_in_menu(desk, switch)
    code, words = ctl(desk, "status")

    assert not switch.isChecked()
    assert code == 1 and "no rtvc is listening" in words


def test_what_was_chosen_is_kept_and_undone(runtime_folder, open_desk):
    desk = open_desk(Config(control=ControlConfig(enabled=True)))
    control, menu = desk.controller.control, desk.window.menu
    control.follow()
    assert menu.control.isChecked()
    assert Caller(desk, Place().folder).ask(do="status")["status"]["state"] == "idle"

    menu.control.trigger()
    desk.controller._settings.save()
    with pytest.raises(ControlError, match="no rtvc is listening"):
        Place().connect()
    menu.undo.trigger()

    assert menu.control.isChecked()
    assert Caller(desk, Place().folder).ask(do="status")["status"]["state"] == "idle"
    control.close()
    desk.close()
    assert load(desk.path).control.enabled


def test_switch_says_why_nobody_can_drive_the_window_until_it_is_off(runtime_folder, desk, open_desk):
    desk.window.menu.control.trigger()
    second = open_desk()

    second.window.menu.control.trigger()
    second.controller.refresh()
    assert "another rtvc is listening" in second.window.state.sentence.text().casefold()
    second.window.menu.control.trigger()
    second.controller.refresh()

    assert "another rtvc" not in second.window.state.sentence.text().casefold()
    desk.controller.control.close()
