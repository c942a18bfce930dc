"""A session with a voice that hears windows, on a machine without any sound."""

from pathlib import Path

import numpy as np
import pytest

from rtvc.session import Session, SessionOptions, StreamTimes
from rtvc.wavfile import write_audio
from tests.live_path import toy_voice
from tests.pulse_server import wait_until

RATE = 16_000
LOADER = "tests.windowed_voice:load"


def test_windows_reach_the_engine_and_can_be_changed_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    write_audio(tmp_path / "spoken.wav", np.zeros(120 * RATE, np.float32), RATE)
    times = StreamTimes(hop=0.15, left=1.0, right=0.08, fade=0.01)

    with Session(LOADER) as session:
        session.start(SessionOptions(toy_voice(), tmp_path / "spoken.wav", device="cpu", **vars(times)))

        def is_told(hop: float, look_ahead: float) -> bool:
            delay = session.status().delay
            return delay.get("hop") == pytest.approx(hop) and delay.get("look_ahead") == pytest.approx(look_ahead)

        wait_until(lambda: is_told(0.16, 0.08), 60, "hop and future are told", lambda: str(session.status()))
        session.set_windows(StreamTimes(hop=0.08, left=1.0, right=0.04, fade=0.01))
        wait_until(lambda: is_told(0.08, 0.04), 30, "the new ones are told", lambda: str(session.status()))
        session.set_hop(0.2)
        wait_until(lambda: is_told(0.2, 0.04), 30, "the hop alone changes", lambda: str(session.status()))
