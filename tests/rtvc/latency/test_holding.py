"""A chosen whole delay is set by the margin, kept by the steering, and refused where it cannot be."""

import pytest

from rtvc.errors import RtvcError
from rtvc.latency.holding import HeldDelay, least_delay, refused
from rtvc.shared import SESSION, Fields
from rtvc.status import State
from tests.live_path import LivePath
from tests.pulse_server import PulseServer, wait_until

HOP, DEVICES = 0.02, 0.05


def run(held: HeldDelay, session: Fields, stretches: int, start: int = 0, off: float = 0.0, epoch: float = 1.0) -> str:
    """Let stretches pass in a session whose slack follows the aim, `off` seconds beside it; return what is wrong."""
    for count in range(start, start + stretches):
        margin = (session["aim"] or session["margin"]) + off
        held.tick({"hop": HOP, "device": DEVICES, "margin": margin}, epoch, count)
    return held.fault


@pytest.fixture
def session() -> Fields:
    made = Fields(SESSION)
    made["margin"] = 0.03
    return made


def test_the_margin_makes_up_what_is_left(session: Fields) -> None:
    assert run(HeldDelay(0.2, session), session, 10) == ""

    assert session["margin"] == pytest.approx(0.13)
    assert session["aim"] == pytest.approx(0.13)


def test_a_small_rest_is_steered_away_and_a_large_one_set_anew(session: Fields) -> None:
    held = HeldDelay(0.2, session)
    run(held, session, 10)
    run(held, session, 60, 10, off=0.004)
    assert session["aim"] == pytest.approx(0.126, abs=0.0015)
    assert session["margin"] == pytest.approx(0.13)

    run(held, session, 40, 70, off=0.03)
    assert session["aim"] + 0.03 == pytest.approx(0.13, abs=0.02)


def test_another_stream_is_measured_anew(session: Fields) -> None:
    held = HeldDelay(0.2, session)
    run(held, session, 10)
    session["aim"] = session["margin"] = 0.01

    run(held, session, 10, 10, epoch=2.0)

    assert session["margin"] == pytest.approx(0.13)


def test_less_than_the_least_is_refused_in_a_sentence(session: Fields) -> None:
    words = run(HeldDelay(0.06, session), session, 10)

    assert "60 ms cannot be held" in words and "at least 75 ms" in words
    assert session["margin"] == 0.03
    assert refused(0.08, {"hop": HOP, "device": DEVICES, "margin": 0.5}) == ""
    assert least_delay({"hop": HOP, "margin": 0.5}) == pytest.approx(HOP)


@pytest.mark.timeout(240)
def test_a_real_session_holds_it_and_refuses_what_cannot_be(server: PulseServer) -> None:
    with LivePath(server, total=0.4) as live:
        wait_until(
            lambda: abs(live.session.status().delay.total - 0.4) < 0.02,
            90,
            "the delay is what was chosen",
            lambda: str(live.session.status().delay.total),
        )
        live.wait_until_heard()
        assert live.session.status().held_total == 0.4

        with pytest.raises(RtvcError, match="cannot be held"):
            live.session.set_total(0.02)
        live.session.set_total(0.6)
        wait_until(lambda: abs(live.session.status().delay.total - 0.6) < 0.02, 90, "another one is held too")


def test_what_could_not_be_held_is_tried_again(session: Fields) -> None:
    held = HeldDelay(0.08, session)
    held.tick({"hop": 0.1, "margin": 0.03}, 1.0, 10)
    held.tick({"hop": 0.1, "margin": 0.03}, 1.0, 13)
    assert "80 ms cannot be held" in held.fault

    assert run(held, session, 10, 14, epoch=2.0) == ""

    assert session["margin"] == pytest.approx(0.01)


@pytest.mark.timeout(240)
def test_a_session_that_does_not_hold_strictly_goes_on_and_says_why(server: PulseServer) -> None:
    with LivePath(server, total=0.02, holds_strictly=False) as live:
        wait_until(lambda: "20 ms cannot be held" in live.session.status().message, 60, "it is told")
        assert (live.session.status().state, live.session.status().held_total) == (State.RUNNING, 0.0)

        live.session.set_total(0.3)
        wait_until(lambda: abs(live.session.status().delay.total - 0.3) < 0.02, 90, "what can be held is held")
        assert (live.session.status().message, live.session.status().held_total) == ("", 0.3)


@pytest.mark.timeout(240)
def test_a_session_that_cannot_hold_it_does_not_go_on(server: PulseServer) -> None:
    with LivePath(server, total=0.02) as live:
        wait_until(lambda: live.session.status().state is State.FAILED, 60, "it is refused")

        assert "20 ms cannot be held" in live.session.status().message
