"""A session that begins before its devices are there."""

import pytest

from rtvc.errors import AbsentError
from rtvc.plan import DEFAULT, SessionOptions
from rtvc.session import Session
from rtvc.status import State
from tests.live_path import PATIENCE, LivePath, toy_voice
from tests.pulse_server import PulseServer, wait_until

pytestmark = pytest.mark.timeout(240)


def test_what_may_come_says_what_it_is_called() -> None:
    error = AbsentError("no microphone 'head_mic'; there are none", "microphone head_mic")

    assert (str(error), error.wanted) == ("no microphone 'head_mic'; there are none", "microphone head_mic")


@pytest.mark.parametrize(("input", "output"), [("rtvc_mic", "rtvc_out"), (None, DEFAULT)])
def test_server_that_is_absent_at_the_start_is_waited_for(server: PulseServer, input: str | None, output: str) -> None:
    server.kill()
    live = LivePath(server, input=input, output=output, waits=True)
    try:
        live.session.start(live.options)
        wait_until(
            lambda: live.session.status().message.startswith("waiting for "),
            PATIENCE,
            "it is told",
            lambda: str(live.session.status()),
        )
        assert live.session.status().state is State.LOADING
        server.start()
        live.speak_again()

        live.wait_for(State.RUNNING)
        live.wait_until_heard(source="rtvc_out.monitor" if input else "rtvc_desk.monitor")
        assert live.session.status().message == ""
    finally:
        live.session.close()
        live.player.stop()


def test_microphone_that_is_absent_at_the_start_is_waited_for_and_stop_ends_that(server: PulseServer) -> None:
    server.unplug("rtvc_mic")
    with Session() as session:
        session.start(SessionOptions(toy_voice(), "rtvc_mic", "rtvc_out", device="cpu", waits=True))
        wait_until(lambda: session.status().message, PATIENCE, "it is told")

        assert session.status().message == "waiting for microphone rtvc_mic; it begins by itself when that is there"
        session.stop()
        assert (session.status().state, session.status().message) == (State.IDLE, "")
    server.plug("rtvc_mic")


def test_what_would_feed_back_is_not_waited_for(server: PulseServer) -> None:
    with Session() as session:
        session.start(SessionOptions(toy_voice(), "rtvc_out.monitor", "rtvc_out", device="cpu", waits=True))

        wait_until(lambda: session.status().state is State.FAILED, PATIENCE, "it is refused")
        assert "would feed back" in session.status().message
