"""Speech through a live session, shortly; `python -m tests.soak` does it for longer and with a real voice."""

import pytest

from tests.live_path import toy_voice
from tests.pulse_server import PulseServer
from tests.soak import soak

TRIES = 3  # a busy machine spoils single ones


@pytest.mark.timeout(240)
def test_live_sound_is_the_offline_conversion_at_the_stated_delay(server: PulseServer) -> None:
    for _ in range(TRIES):
        result = soak(server, toy_voice(), seconds=6.0)
        error = abs(result["measured_delay_ms"] - result["delay"]["total_ms"])
        if result["correlation"] > 0.95 and error < 10 and not result["late"] + result["lost"]:
            return

    pytest.fail(f"not once in {TRIES} tries: {result}")
