"""The control socket: who may, what is answered, and how bad input is told."""

import json
import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rtvc.control import server as server_module
from rtvc.control.client import ask
from rtvc.control.place import LOCK, PORT_FILE, SOCKET, Place
from rtvc.control.server import MOST_BYTES, MOST_CONNECTIONS, ControlServer
from rtvc.errors import ControlError, RtvcError
from rtvc.lock import Lock
from rtvc.status import State, Status
from tests.pulse_server import wait_until

KINDS = [True, False]


class Target:
    """Remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.dry = False
        self.shown: Status | None = None

    def start(self) -> None:
        self.asked.append(("start",))

    def stop(self) -> None:
        self.asked.append(("stop",))

    def set_mute(self, muted: bool) -> None:
        self.asked.append(("mute", muted))

    def set_passthrough(self, passthrough: bool) -> None:
        self.dry = passthrough

    def set_voice(self, name: str) -> None:
        if name == "none":
            raise RtvcError("no voice 'none'")
        self.asked.append(("voice", name))

    def set_value(self, name: str, value: float) -> None:
        self.asked.append(("set", name, value))

    def show(self) -> None:
        self.asked.append(("show",))

    def quit(self) -> None:
        self.asked.append(("quit",))

    def history(self) -> list[dict[str, Any]]:
        return [{"late": 0, "message": "x" * 300}] * 300

    def status(self) -> Status:
        return self.shown or Status(State.RUNNING, voice="slt", passthrough=self.dry)


@pytest.fixture(params=KINDS, ids=["unix", "port"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(tmp_path / "run", request.param)


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
def server(target: Target, place: Place) -> Iterator[ControlServer]:
    with ControlServer(target, place) as running:
        yield running


def written(place: Place, data: bytes) -> dict[str, Any]:
    """What is answered to raw bytes."""
    line = place.connect()
    with line.connection as connection:
        connection.settimeout(20)
        connection.sendall(data)
        with connection.makefile("rb") as answer:
            found: dict[str, Any] = json.loads(answer.readline())
            return found


def token(place: Place) -> dict[str, str]:
    line = place.connect()
    line.connection.close()
    return {"token": line.token} if line.token else {}


def test_everything_that_can_be_asked_reaches_the_session(server: ControlServer, place: Place, target: Target) -> None:
    for request in (
        {"do": "start"},
        {"do": "mute"},
        {"do": "unmute"},
        {"do": "voice", "name": "bdl"},
        {"do": "set", "name": "gate_db", "value": -50},
        {"do": "show"},
        {"do": "stop"},
        {"do": "quit"},
    ):
        assert ask(request, place) == {}

    assert target.asked == [
        ("start",),
        ("mute", True),
        ("mute", False),
        ("voice", "bdl"),
        ("set", "gate_db", -50.0),
        ("show",),
        ("stop",),
        ("quit",),
    ]


def test_pass_through_is_switched_over_or_to_what_is_said(server: ControlServer, place: Place, target: Target) -> None:
    told = [ask({"do": "pass-through"}, place), ask({"do": "pass-through"}, place)]

    assert [one["pass_through"] for one in told] == [True, False]
    assert ask({"do": "pass-through", "on": True}, place) == {"pass_through": True} and target.dry


def test_one_key_can_start_and_stop_and_mute_and_unmute(server: ControlServer, place: Place, target: Target) -> None:
    for state, muted in ((State.RUNNING, False), (State.IDLE, True), (State.FAILED, False)):
        target.shown = Status(state, muted=muted)
        ask({"do": "toggle"}, place)
        assert ask({"do": "toggle-mute"}, place) == {"muted": not muted}

    assert target.asked == [("stop",), ("mute", True), ("start",), ("mute", False), ("start",), ("mute", True)]


def test_status_is_told_as_plain_facts(server: ControlServer, place: Place) -> None:
    status = ask({"do": "status"}, place)["status"]

    assert (status["state"], status["voice"], status["muted"], status["late"]) == ("running", "slt", False, 0)


def test_the_last_minutes_counters_are_told_whole(server: ControlServer, place: Place) -> None:
    assert len(ask({"do": "history"}, place)["history"]) == 300


def test_several_requests_follow_each_other_on_one_connection(server: ControlServer, place: Place) -> None:
    line = json.dumps({"do": "status", **token(place)}).encode() + b"\n"
    connection = place.connect().connection
    with connection, connection.makefile("rb") as answers:
        connection.settimeout(20)
        connection.sendall(3 * line)

        assert [json.loads(answers.readline())["ok"] for _ in range(3)] == [True] * 3


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({}, "nothing called 'None'"),
        ({"do": "mut"}, "nothing called 'mut' to do; did you mean mute"),
        ({"do": ["mute"]}, "nothing called"),
        ({"do": "mute", "loud": 1}, "mute takes no 'loud'"),
        ({"do": "voice"}, "voice needs a name"),
        ({"do": "voice", "name": "x" * 300}, "voice needs a name of 1 to 200"),
        ({"do": "voice", "name": "none"}, "no voice 'none'"),
        ({"do": "set", "name": "gate_db", "value": "loud"}, "set needs a number for gate_db"),
        ({"do": "set", "name": "gate_db", "value": True}, "set needs a number for gate_db"),
        ({"do": "pass-through", "on": "yes"}, "true or false"),
    ],
)
def test_bad_request_is_answered_in_a_sentence(
    server: ControlServer, place: Place, request_: dict[str, Any], words: str
) -> None:
    with pytest.raises(ControlError, match=words):
        ask(request_, place)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"mute\n", "must be JSON"),
        (b"\xff\xfe\n", "must be JSON"),
        (b"[" * 3000 + b"\n", "must be JSON"),
        (b'"mute"\n', "must be an object"),
        (b"x" * (MOST_BYTES + 5000), "4096 bytes at most"),
        (b'{"do": "set", "name": "a", "value": NaN}\n', "number|token"),
    ],
)
def test_bad_line_is_answered_in_a_sentence(server: ControlServer, place: Place, data: bytes, words: str) -> None:
    import re

    answer = written(place, data)

    assert not answer["ok"]
    assert re.search(words, answer["error"]), answer


def test_a_line_that_does_not_end_is_not_waited_for(
    server: ControlServer, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "LINE_SECONDS", 0.2)

    assert "complete" in written(place, b'{"do": ')["error"]


def test_too_many_connections_are_refused_and_freed_again(server: ControlServer, place: Place) -> None:
    held = [place.connect().connection for _ in range(MOST_CONNECTIONS)]
    wait_until(lambda: len(server._open) == MOST_CONNECTIONS, 20, "all are served")
    with pytest.raises(ControlError):
        ask({"do": "status"}, place)
    for connection in held:
        connection.close()

    wait_until(lambda: not server._open, 20, "they are free")
    assert ask({"do": "status"}, place)


def test_only_the_user_can_reach_it(tmp_path: Path, target: Target) -> None:
    place = Place(tmp_path / "run")
    with ControlServer(target, place):
        assert stat.S_IMODE((tmp_path / "run").stat().st_mode) == 0o700
        assert stat.S_IMODE((tmp_path / "run" / SOCKET).stat().st_mode) == 0o600


def test_a_port_is_local_and_asks_for_the_token_of_a_private_file(tmp_path: Path, target: Target) -> None:
    place = Place(tmp_path, has_unix=False)
    with ControlServer(target, place):
        facts = (tmp_path / PORT_FILE).stat()
        port = json.loads((tmp_path / PORT_FILE).read_text())["port"]
        answers = [written(place, data) for data in (b'{"do": "stop"}\n', b'{"do": "stop", "token": "\xc3\xa4"}\n')]

        assert stat.S_IMODE(facts.st_mode) == 0o600
        assert all("token" in one["error"] for one in answers)
        assert target.asked == []
        with socket.create_connection(("127.0.0.1", port), 5) as connection:
            assert connection.getpeername()[0] == "127.0.0.1"


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path, target: Target) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ControlError, match="not a folder of your own"):
        ControlServer(target, Place(tmp_path / "run"))


def test_two_servers_at_a_time_are_one_too_many(
    server: ControlServer, place: Place, target: Target, tmp_path: Path
) -> None:
    with pytest.raises(ControlError, match="another rtvc is listening"):
        ControlServer(target, Place(tmp_path / "run"))
    assert ask({"do": "status"}, place)


def test_what_a_crash_left_is_replaced(target: Target, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(folder / SOCKET))
    (folder / LOCK).touch()

    with ControlServer(target, Place(folder)):
        assert ask({"do": "status"}, Place(folder))
    assert not (folder / SOCKET).exists()


def test_nobody_there_is_told_in_a_sentence(place: Place) -> None:
    with pytest.raises(ControlError, match=r"no rtvc is listening.*--control"):
        ask({"do": "status"}, place)


def test_a_path_too_long_for_a_socket_is_told(target: Target, tmp_path: Path) -> None:
    with pytest.raises(ControlError, match="cannot hold a socket"):
        ControlServer(target, Place(tmp_path / ("long" * 40)))


def test_closing_ends_open_connections(target: Target, place: Place) -> None:
    running = ControlServer(target, place)
    connection = place.connect().connection
    wait_until(lambda: running._open, 20, "it is served")

    running.close()

    with connection:
        connection.settimeout(20)
        assert connection.recv(10) == b""
    assert not [one for one in threading.enumerate() if one.name == "control"]


def test_a_lock_is_free_once_its_holder_has_ended(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        Lock(tmp_path / "lock").take()
        os._exit(0)
    os.waitpid(child, 0)

    first, second = Lock(tmp_path / "lock"), Lock(tmp_path / "lock")
    assert first.take() and not second.take()
    first.release()
    assert second.take()
    second.release()
