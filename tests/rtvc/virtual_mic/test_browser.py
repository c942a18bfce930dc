"""A call in a browser: what it hears on the virtual microphone is what the program says into it."""

from pathlib import Path

import numpy as np
import pytest

from rtvc.library import default_library
from rtvc.resample import Samples
from rtvc.session import Session, SessionOptions
from rtvc.virtual_mic.owning import VirtualMicrophone
from rtvc.virtual_mic.server import MICROPHONE_WORDS, SINK
from tests.browser import PROGRAM, browser_listening
from tests.pulse_server import RATE, PulseServer, Recording, wait_until
from tests.soak import correlations, speech, times_of

PATIENCE = 120.0
LISTENED, MARGIN = 4, 6  # seconds


@pytest.mark.skipif(PROGRAM is None, reason="no chromium on this machine")
def test_a_browser_hears_the_converted_voice(server: PulseServer, tmp_path: Path) -> None:
    voice, talk = default_library().get("slt"), speech(20.0)
    player = server.play(talk)
    with VirtualMicrophone(tmp_path), Session() as session:
        session.start(SessionOptions(voice, "rtvc_mic", SINK, device="cpu", margin=0.1, **vars(times_of(voice, None))))
        sent = server.record(f"{SINK}.monitor")
        wait_until(lambda: np.abs(sent.last(0.5)).max(initial=0) > 0.05, PATIENCE, "the voice speaks")
        with browser_listening(MICROPHONE_WORDS, tmp_path, server.environment) as listener:
            wait_until(
                lambda: np.abs(listener.samples).max(initial=0) > 0.05 or listener.fault, PATIENCE, "the browser hears"
            )
            assert not listener.fault
            wait_until(lambda: is_the_same(listener.samples, sent), PATIENCE, "it hears what was said, without a gap")
            heard = listener.samples[-LISTENED * RATE :]
        sent.stop()
    player.stop()

    assert correlations(heard, np.tile(talk, 2))["correlation_mean"] < 0.5


def is_the_same(heard: Samples, sent: Recording) -> bool:
    """Whether the newest seconds are, each for itself, among what was last sent."""
    if len(heard) < LISTENED * RATE:
        return False
    return correlations(heard[-LISTENED * RATE :], sent.last(LISTENED + MARGIN))["correlation_least"] > 0.95
