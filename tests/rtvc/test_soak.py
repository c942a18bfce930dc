"""Speech through a live session, shortly; `python -m tests.soak` does it for longer and with a real voice."""

from pathlib import Path

import pytest

from rtvc.library import default_library
from tests.live_path import toy_voice
from tests.pulse_server import PulseServer
from tests.soak import soak

TRIES = 3  # a busy machine spoils single ones


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", ["toy", "slt"])
def test_live_sound_is_the_offline_conversion_at_the_stated_delay(
    server: PulseServer, tmp_path: Path, name: str
) -> None:
    voice = toy_voice() if name == "toy" else default_library().get(name)
    for i in range(TRIES):
        folder = tmp_path / str(i)
        folder.mkdir()
        result = soak(server, voice, 6.0, folder)
        error = abs(result["measured_delay_ms"] - result["delay"]["total_ms"])
        if result["correlation_mean"] > 0.95 and error < 10 and not result["late"] + result["lost"]:
            return

    pytest.fail(f"not once in {TRIES} tries: {result}")
