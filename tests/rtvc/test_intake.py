"""What a lane is given of the microphone: from shortly before its engine is ready."""

from collections.abc import Iterator

import numpy as np
import pytest

from rtvc.intake import Intake
from rtvc.resample import Samples
from rtvc.ring import Ring
from rtvc.shared import SharedStatus

RATE = 8000
BLOCK = RATE // 100


@pytest.fixture
def shared() -> Iterator[SharedStatus]:
    shared = SharedStatus.create()
    yield shared
    shared.close()


@pytest.fixture
def rings() -> Iterator[list[Ring]]:
    rings = [Ring.create(RATE) for _ in range(3)]
    yield rings
    for ring in rings:
        ring.close()


def feed(intake: Intake, first: int, count: int) -> None:
    """Blocks of a ramp, each sample its own number."""
    for start in range(first, first + count, BLOCK):
        intake.take(np.arange(start, start + BLOCK, dtype=np.float32), start / RATE)


def content(ring: Ring) -> list[float]:
    samples: Samples = np.zeros(ring.fill, np.float32)
    ring.read_into(samples)
    return [float(sample) for sample in samples]


def test_lane_is_given_the_past_once_and_so_are_copies(shared: SharedStatus, rings: list[Ring]) -> None:
    lanes, copy = rings[:2], rings[2]
    intake = Intake(lanes, RATE, shared, [copy], past=0.02)
    feed(intake, 0, 5 * BLOCK)

    shared.lanes[0]["ready"] = 1.0
    feed(intake, 5 * BLOCK, BLOCK)
    shared.lanes[1]["ready"] = 1.0
    feed(intake, 6 * BLOCK, BLOCK)

    assert content(lanes[0]) == content(copy) == list(range(3 * BLOCK, 7 * BLOCK))
    assert content(lanes[1]) == list(range(4 * BLOCK, 7 * BLOCK))


def test_past_of_another_stream_is_forgotten(shared: SharedStatus, rings: list[Ring]) -> None:
    intake = Intake(rings[:1], RATE, shared, past=0.02)
    feed(intake, 0, 5 * BLOCK)

    intake.restart()
    feed(intake, 5 * BLOCK, BLOCK)
    shared.lanes[0]["ready"] = 1.0
    feed(intake, 6 * BLOCK, BLOCK)

    assert content(rings[0]) == list(range(5 * BLOCK, 7 * BLOCK))


def test_recording_has_no_past(shared: SharedStatus, rings: list[Ring]) -> None:
    intake = Intake(rings[:1], RATE, shared, past=0.0)
    feed(intake, 0, BLOCK)

    shared.lanes[0]["ready"] = 1.0
    feed(intake, BLOCK, BLOCK)

    assert content(rings[0]) == list(range(BLOCK, 2 * BLOCK))
