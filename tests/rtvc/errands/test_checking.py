"""Tone and listening on a real sound server, in processes of their own."""

import threading
import time

import numpy as np
import pytest

from rtvc.errands.checking import TONES, tones
from rtvc.errands.errand import Cancelled, Errand
from rtvc.errors import RtvcError
from rtvc.pulse import PORT_PROPERTY
from rtvc.saying import Verdict
from tests.live_path import PATIENCE, tone
from tests.pulse_server import RATE, PulseServer, wait_until

pytestmark = pytest.mark.timeout(120)
LISTEN, TONE = "rtvc.errands.checking:listen", "rtvc.errands.checking:play_tone"


def frequencies(samples: np.ndarray) -> set[int]:
    """The loudest frequency of each whole 50 ms that is not quiet, to 20 Hz."""
    pieces = samples[: len(samples) // 2400 * 2400].reshape(-1, 2400)
    loud = pieces[np.abs(pieces).max(axis=1) > 0.15]
    return {int(np.abs(np.fft.rfft(piece)).argmax()) * 20 for piece in loud}


def is_free(server: PulseServer) -> bool:
    return not any(PORT_PROPERTY in server.control("list", kind) for kind in ("source-outputs", "sink-inputs"))


def test_tones_begin_and_end_in_silence() -> None:
    made = tones(RATE)

    assert (made[0], np.abs(made).max()) == (0.0, pytest.approx(0.2, abs=1e-3))
    assert abs(made[-1]) < 1e-3


def test_tone_is_heard_on_the_chosen_output_and_the_device_is_free(server: PulseServer) -> None:
    recording = server.record("rtvc_ear.monitor")
    wait_until(lambda: len(recording.samples) > RATE // 2, PATIENCE, "the output is recorded")

    Errand(TONE, "rtvc_ear").follow(lambda message: None)

    samples = recording.stop()
    assert frequencies(samples) == set(map(int, TONES))
    assert is_free(server)


def test_tone_on_an_output_that_is_not_there_is_refused_in_a_sentence(server: PulseServer) -> None:
    with pytest.raises(RtvcError, match="no output 'rtvc_eer'; did you mean rtvc_ear"):
        Errand(TONE, "rtvc_eer").follow(lambda message: None)


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0.2, Verdict.HEARD), (0.005, Verdict.QUIET), (1.0, Verdict.CLIPPING), (0.0, Verdict.NOTHING)],
)
def test_who_speaks_is_heard_and_the_microphone_is_free(server: PulseServer, level: float, expected: Verdict) -> None:
    player = server.play(tone(1.0, level))
    told: list[tuple[object, ...]] = []
    try:
        verdict = Errand(LISTEN, "rtvc_mic").follow(told.append)
    finally:
        player.stop()

    levels = [float(str(rest[0])) for kind, *rest in told if kind == "level"]
    assert verdict is expected
    assert max(levels) == pytest.approx(level, rel=0.05)
    wait_until(lambda: is_free(server), PATIENCE, "all streams have gone")


def test_listening_that_is_cancelled_lets_go_of_the_microphone(server: PulseServer) -> None:
    errand = Errand(LISTEN, None)
    threading.Timer(1.0, errand.cancel).start()
    begun = time.monotonic()

    with pytest.raises(Cancelled):
        errand.follow(lambda message: None)

    assert time.monotonic() - begun < PATIENCE
    assert is_free(server)
