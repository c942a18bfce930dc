"""What is set of the sound around the voice is heard in a session, and outlives the engine."""

import os
import signal

import pytest

from rtvc.status import State
from tests.live_path import CONVERTED, LivePath, process_id
from tests.pulse_server import PulseServer

CHANGES = {"output_gain_db": 6.02, "bass_db": 0.0, "treble_db": 0.0, "middle_db": 12.0}
RAISED_DB = 6.02 + 11.5  # of the tone at 1 kHz, where the middle's 12 dB are nearly whole


@pytest.mark.timeout(240)
def test_what_is_set_is_heard_and_stays_when_the_engine_is_replaced(server: PulseServer) -> None:
    with LivePath(server) as live:
        live.wait_until_heard()
        for name, value in CHANGES.items():
            live.session.set_value(name, value)
        live.wait_until_heard(CONVERTED * 10 ** (RAISED_DB / 20))

        os.kill(process_id("engine"), signal.SIGKILL)
        live.wait_for(State.RECOVERING)
        live.wait_for(State.RUNNING)

        live.wait_until_heard(CONVERTED * 10 ** (RAISED_DB / 20))
        live.session.set_value("ceiling_db", -24.0)
        live.wait_until_heard(10 ** (-24 / 20) * 1.15)  # the fundamental of a tone cut flat
