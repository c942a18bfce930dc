"""The window driven over a real socket."""

import threading

import pytest

from rtvc.config import load
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
