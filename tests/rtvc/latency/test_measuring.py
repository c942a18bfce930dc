"""The delay of a real session, measured by a click and by the lag of two recordings of the same loop."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rtvc.errors import RtvcError
from rtvc.latency.measuring import measure_delay
from rtvc.plan import SessionOptions
from rtvc.session import Session
from rtvc.status import State
from tests.live_path import lags, toy_voice
from tests.pulse_server import PulseServer

pytestmark = pytest.mark.timeout(240)

LOOP = SessionOptions(
    toy_voice(look_ahead_ms=20), "rtvc_mic", "rtvc_feed", margin=0.06, device="cpu", values={"gate_db": -90.0}
)


def test_a_click_takes_as_long_as_two_recordings_of_the_loop_say(server: PulseServer) -> None:
    recording = server.record("rtvc_mic")
    told: list[str] = []
    try:
        with Session() as session:
            found = measure_delay(session, LOOP, lambda words, part: told.append(words))
            assert session.status().state is State.IDLE
    finally:
        heard = recording.stop()

    assert found is not None
    assert found.measured == pytest.approx(float(np.median(lags(heard))), abs=0.005)
    assert found.measured == pytest.approx(found.stated, abs=0.04)
    assert sum(found.parts.values()) == pytest.approx(found.stated, abs=0.02)
    assert "measured" in found.words and told[-1] == "done"


def test_a_loop_that_is_none_is_told(server: PulseServer) -> None:
    with Session() as session, pytest.raises(RtvcError, match="rtvc_out lead to rtvc_mic"):
        measure_delay(session, replace(LOOP, output="rtvc_out"))


def test_it_can_be_cancelled(server: PulseServer) -> None:
    with Session() as session:
        assert measure_delay(session, LOOP, is_cancelled=lambda: True) is None
        assert session.status().state is State.IDLE


def test_a_recording_is_no_loop() -> None:
    with Session() as session, pytest.raises(RtvcError, match="needs a microphone"):
        measure_delay(session, replace(LOOP, input=Path("speech.wav")))
