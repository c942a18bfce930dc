"""Sessions of their own that change their voice on a real sound server: at once, and between the shipped voices."""

import numpy as np
import pytest

from rtvc.demo import RECORDING
from rtvc.library import default_library
from rtvc.resample import resampled
from rtvc.session import StreamTimes
from rtvc.wavfile import read_audio
from tests.changing import CROSSFADE, LOUD_LEVEL, USUAL_TIMES, longest_gap, recorded, voice, wait_for_voice
from tests.live_path import GAIN_DB, PATIENCE, LivePath
from tests.pulse_server import RATE, PulseServer, wait_until

pytestmark = pytest.mark.timeout(240)

QUIET = 0.003


def restless_speech() -> np.ndarray:
    """The second of the bundled recording that has the shortest pauses, to be played over and over."""
    spoken = resampled(*read_audio(RECORDING), RATE)
    seconds = [spoken[start : start + RATE] for start in range(0, len(spoken) - RATE, RATE // 4)]
    return min(seconds, key=lambda second: longest_gap(second, 0.02))


def test_voice_chosen_before_the_first_one_is_loaded_is_the_first_one(server: PulseServer) -> None:
    live = LivePath(server, voice=voice("usual"))
    live.session.start(live.options)
    live.session.set_voice(voice("loud"), {"gain_db": GAIN_DB + 6.0, "gate_db": -90.0}, USUAL_TIMES)
    try:
        wait_for_voice(live, "loud")
        live.wait_until_heard(LOUD_LEVEL)
    finally:
        live.session.close()
        live.player.stop()


def test_woman_s_voice_becomes_a_man_s_without_a_gap(server: PulseServer) -> None:
    library, values = default_library(), {"gate_db": -90.0}
    with LivePath(server, voice=library.get("slt"), values=values, hop=0.04, margin=0.1) as live:
        live.player.stop()
        live.player = server.play(restless_speech())
        with recorded(live) as recording:
            wait_until(lambda: longest_gap(recording.last(2.0), QUIET) < 0.3, PATIENCE, "slt speaks")
            late, begun = live.session.status().late, len(recording.samples)
            live.session.set_voice(library.get("bdl"), values, StreamTimes(0.04))
            wait_for_voice(live, "bdl")
            changed = len(recording.samples)
            wait_until(lambda: len(recording.samples) > changed + 2 * RATE, PATIENCE, "bdl speaks")
            samples = recording.samples

        status = live.session.status()
    assert (status.voice, status.message) == ("bdl", "")
    if status.late == late:
        natural = max(longest_gap(samples[begun - 2 * RATE : begun], QUIET), longest_gap(samples[changed:], QUIET))
        assert longest_gap(samples[begun:changed], QUIET) <= natural + CROSSFADE
