"""What tests of a change of voice share: toy voices, their engines' processes, and gaps in what is heard."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from rtvc.library import Voice
from rtvc.session import StreamTimes
from tests.live_path import CONVERTED, PATIENCE, LivePath
from tests.pulse_server import RATE, Recording, wait_until

CROSSFADE = 0.02
LOUD_LEVEL = CONVERTED * 10**0.3
USUAL_TIMES = StreamTimes(0.02)
GAIN = {"name": "gain_db", "label": "Gain", "low": -24, "high": 24, "default": 0, "unit": "dB"}


def voice(name: str, **card: object) -> Voice:
    return Voice(name, {"name": name, "family": "passthrough", "params": [GAIN], **card}, Path(), None)


def engines() -> set[int]:
    return {child.pid or 0 for child in multiprocessing.active_children() if child.name == "engine"}


def longest_gap(samples: np.ndarray, threshold: float) -> float:
    """Seconds of the longest stretch below a level, looked at through windows of 2 ms."""
    window = RATE // 500
    peaks = np.abs(samples[: len(samples) // window * window]).reshape(-1, window).max(axis=1)
    longest = current = 0
    for is_quiet in peaks < threshold:
        current = current + 1 if is_quiet else 0
        longest = max(longest, current)
    return longest * window / RATE


@contextmanager
def recorded(live: LivePath) -> Iterator[Recording]:
    recording = live.server.record()
    try:
        wait_until(lambda: len(recording.samples) > RATE, PATIENCE, "the output is recorded")
        yield recording
    finally:
        recording.stop()


def wait_for_voice(live: LivePath, name: str) -> None:
    wait_until(
        lambda: (live.session.status().voice, live.session.status().coming) == (name, ""),
        PATIENCE,
        f"{name} speaks",
        lambda: str(live.session.status()),
    )
