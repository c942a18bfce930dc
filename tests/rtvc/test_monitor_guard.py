"""A monitor that comes back through the microphone is muted and told, in a real session."""

import numpy as np
import pytest

from rtvc.demo import RECORDING
from rtvc.resample import Resampler
from rtvc.status import State
from rtvc.wavfile import read_audio
from tests.live_path import LivePath
from tests.pulse_server import RATE, PulseServer, wait_until

pytestmark = pytest.mark.timeout(240)

ECHO = "module-loopback source=rtvc_ear.monitor sink=rtvc_feed latency_msec=40 source_dont_move=1 sink_dont_move=1"


def test_a_monitor_that_is_heard_is_muted_and_can_be_switched_on_again(server: PulseServer) -> None:
    samples, rate = read_audio(RECORDING)
    with LivePath(server, monitor="rtvc_ear") as live:
        live.player.stop()
        live.player = server.play(Resampler(rate, RATE).push(samples))
        wait_until(lambda: np.abs(_ear(server)).max(initial=0.0) > 0.01, 60, "the monitor plays")
        assert not live.session.status().monitor_muted
        echo = server.control("load-module", *ECHO.split()).strip()
        try:
            wait_until(lambda: live.session.status().monitor_muted, 90, "it is found")
            assert "hears the monitor" in live.session.status().message
            assert live.session.status().state is State.RUNNING
            wait_until(lambda: np.abs(_ear(server)).max(initial=0.0) < 1e-4, 60, "it is silent")
        finally:
            server.control("unload-module", echo)

        live.session.set_monitor_mute(False)
        wait_until(lambda: np.abs(_ear(server)).max(initial=0.0) > 0.01, 60, "it plays again")
        assert live.session.status().message == ""


def _ear(server: PulseServer) -> np.ndarray:
    recording = server.record("rtvc_ear.monitor")
    try:
        wait_until(lambda: len(recording.samples) >= 1.5 * RATE, 60, "it is recorded")
    finally:
        samples = recording.stop()
    return samples[RATE // 2 :]
