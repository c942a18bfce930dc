import numpy as np

from rtvc.follower import Follower
from rtvc.ring import Ring

RATE = 8000


def follow(first_ppm: float, seconds: float) -> tuple[np.ndarray, Ring]:
    """What a second output plays of a slow sine, its clock so much slower than the first one's."""
    ring = Ring.create(RATE)
    follower, heard, written = Follower(ring, RATE), [], 0.0
    out = np.zeros(80, np.float32)
    done = 0
    for turn in range(int(seconds * 100)):
        written += 80 * (1 + first_ppm * 1e-6)
        count = int(written) - done
        ring.write(np.sin(2 * np.pi * 50 / RATE * np.arange(done, done + count)).astype(np.float32))
        done += count
        follower.fill(out, turn / 100)
        heard.append(out.copy())
    return np.concatenate(heard), ring


def test_second_output_plays_what_the_first_does() -> None:
    heard, ring = follow(0, 3.0)

    steady = heard[RATE:]
    assert np.abs(steady).max() > 0.99
    assert np.abs(np.diff(steady)).max() < 0.045
    ring.close()


def test_slower_second_output_neither_clicks_nor_falls_behind() -> None:
    heard, ring = follow(2000, 60.0)

    assert ring.fill < 0.1 * RATE
    assert np.abs(np.diff(heard)).max() < 0.1
    ring.close()


def test_faster_second_output_fades_and_waits() -> None:
    heard, ring = follow(-2000, 60.0)

    assert np.abs(np.diff(heard)).max() < 0.1
    assert np.mean(np.abs(heard) > 0.5) > 0.5
    ring.close()
