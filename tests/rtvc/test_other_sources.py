"""What else than a microphone is heard: a recording, once or over and over, and what an output plays."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rtvc.feed import PAUSE, Feed
from rtvc.intake import Intake
from rtvc.resample import Samples
from rtvc.shared import SharedStatus
from rtvc.status import State
from rtvc.wavfile import write_audio
from tests.changing import longest_gap, recorded
from tests.live_path import PATIENCE, LivePath, tone
from tests.pulse_server import RATE, PulseServer, wait_until

SLOW = 8000
BLOCK = 80


class Ear(Intake):
    """Keeps what it is handed over."""

    def __init__(self, shared: SharedStatus) -> None:
        super().__init__([], SLOW, shared)
        self.pieces: list[Samples] = []

    def take(self, samples: Samples, now: float, overflowed: bool = False) -> None:
        self.pieces.append(samples)


@pytest.fixture
def shared() -> Iterator[SharedStatus]:
    made = SharedStatus.create()
    made.lanes[0]["ready"] = 1
    yield made
    made.close()


def heard(shared: SharedStatus, spoken: Samples, seconds: float, repeats: bool) -> Samples:
    ear = Ear(shared)
    feed = Feed(spoken, SLOW, SLOW, ear, shared, repeats)
    for _ in range(round(seconds * SLOW / BLOCK)):
        feed.advance(BLOCK, 0.0)
    return np.concatenate(ear.pieces)


@pytest.mark.parametrize("count", [4000, 4013])
def test_recording_is_repeated_whole_after_a_pause_and_never_ends(shared: SharedStatus, count: int) -> None:
    spoken = np.random.default_rng(0).uniform(0.1, 1.0, count).astype(np.float32)

    sound = heard(shared, spoken, 3.0, repeats=True)

    starts = np.flatnonzero(np.diff(np.concatenate([[0.0], sound]) != 0) & (sound == spoken[0]))
    assert len(starts) == 3
    assert all(PAUSE * SLOW <= gap - count <= PAUSE * SLOW + 2 * BLOCK for gap in np.diff(starts))
    np.testing.assert_array_equal(sound[starts[1] : starts[1] + count], spoken)
    assert shared.audio["ended"] == 0


def test_recording_that_is_not_repeated_ends(shared: SharedStatus) -> None:
    sound = heard(shared, np.ones(4000, np.float32), 3.0, repeats=False)

    assert sound.sum() == 4000
    assert shared.audio["ended"] == 1


@pytest.mark.timeout(240)
def test_recording_is_played_over_and_over_through_the_voice(server: PulseServer, tmp_path: Path) -> None:
    write_audio(tmp_path / "spoken.wav", tone(1.0), RATE)
    with LivePath(server, input=tmp_path / "spoken.wav", repeats=True) as live, recorded(live) as recording:
        begun = len(recording.samples)
        wait_until(lambda: len(recording.samples) > begun + 5 * RATE, PATIENCE, "several rounds are recorded")
        samples = recording.samples[begun:]
        status = live.session.status()

    assert (status.state, status.ended, status.input) == (State.RUNNING, False, str(tmp_path / "spoken.wav"))
    is_loud = np.abs(samples[: len(samples) // 480 * 480]).reshape(-1, 480).max(axis=1) > 0.05
    rounds = np.count_nonzero(np.diff(is_loud.astype(int)) == 1)
    assert rounds >= 2
    if not status.late:
        assert PAUSE - 0.05 < longest_gap(samples, 0.05) < PAUSE + 0.15


@pytest.mark.timeout(240)
def test_what_an_output_plays_is_heard_in_the_microphone_s_place(server: PulseServer) -> None:
    with LivePath(server, input="rtvc_ear.monitor") as live:
        live.player.stop()
        live.player = server.play(tone(1.0), "rtvc_ear")

        live.wait_until_heard()
