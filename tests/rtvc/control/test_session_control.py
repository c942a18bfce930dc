"""A real session, driven over a real socket."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rtvc.control.client import ask
from rtvc.control.place import Place
from rtvc.control.server import ControlServer
from rtvc.control.session_control import SessionControl
from rtvc.errors import ControlError, VoiceError
from rtvc.plan import SessionOptions
from rtvc.status import State
from tests.changing import LOUD_LEVEL, voice
from tests.live_path import CONVERTED, GAIN_DB, SPOKEN, LivePath
from tests.pulse_server import PulseServer, wait_until

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def live(server: PulseServer, place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LivePath]:
    record = tmp_path_factory.mktemp("recorded") / "played.wav"
    with LivePath(server, voice=voice("plain"), record=record) as path:

        def options_of(name: str) -> SessionOptions:
            if name != "loud":
                raise VoiceError(f"no voice {name!r}")
            return replace(path.options, voice=voice("loud"), values={"gate_db": -90.0, "gain_db": GAIN_DB + 6.0})

        with ControlServer(SessionControl(path.session, path.options, options_of), place):
            yield path


def test_mute_and_pass_through_are_heard(live: LivePath, place: Place) -> None:
    live.wait_until_heard()
    ask({"do": "mute"}, place)
    live.wait_until_heard(0.0)
    ask({"do": "unmute"}, place)
    ask({"do": "pass-through"}, place)
    live.wait_until_heard(SPOKEN)
    assert ask({"do": "status"}, place)["status"]["pass_through"]
    ask({"do": "pass-through"}, place)
    live.wait_until_heard(CONVERTED)


def test_a_control_is_heard_and_a_wrong_one_told(live: LivePath, place: Place) -> None:
    ask({"do": "set", "name": "output_gain_db", "value": 6.02}, place)
    live.wait_until_heard(2 * CONVERTED)
    with pytest.raises(ControlError, match="did you mean output_gain_db"):
        ask({"do": "set", "name": "output_gain", "value": 0}, place)
    with pytest.raises(ControlError, match="from -24 to 24"):
        ask({"do": "set", "name": "output_gain_db", "value": 99}, place)
    ask({"do": "set", "name": "output_gain_db", "value": 0}, place)
    live.wait_until_heard()


def test_stopped_it_can_be_started_again_with_what_was_set(live: LivePath, place: Place) -> None:
    ask({"do": "set", "name": "gain_db", "value": GAIN_DB + 6.02}, place)
    live.wait_until_heard(2 * CONVERTED)
    ask({"do": "stop"}, place)
    assert ask({"do": "status"}, place)["status"]["state"] == "idle"
    ask({"do": "start"}, place)
    live.wait_for(State.RUNNING)
    live.wait_until_heard(2 * CONVERTED)
    record: Path | None = live.options.record
    assert record is not None and record.with_stem("played-2").exists()


def test_another_voice_takes_over(live: LivePath, place: Place) -> None:
    with pytest.raises(ControlError, match="no voice 'none'"):
        ask({"do": "voice", "name": "none"}, place)
    ask({"do": "voice", "name": "loud"}, place)

    wait_until(lambda: ask({"do": "status"}, place)["status"]["voice"] == "loud", 60, "it speaks")
    live.wait_until_heard(LOUD_LEVEL * 10 ** (6 / 20) / 10**0.3)


def test_it_has_no_window_to_show(live: LivePath, place: Place) -> None:
    with pytest.raises(ControlError, match="without a window"):
        ask({"do": "show"}, place)
