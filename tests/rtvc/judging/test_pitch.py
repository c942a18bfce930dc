"""F0 of whole recordings, and how alike two melodies are."""

import numpy as np
import pytest

from rtvc.judging.pitch import melody_kept, praat_pitch

RATE = 16000


def sweep(low: float, high: float) -> np.ndarray:
    """A buzz of harmonics that glides, after half a second of silence."""
    hertz = np.linspace(low, high, 2 * RATE)
    phase = 2 * np.pi * np.cumsum(hertz) / RATE
    buzz = sum(np.sin(n * phase) / n for n in range(1, 8))
    return np.concatenate([np.zeros(RATE // 2), 0.1 * buzz]).astype(np.float32)


def test_pitch_is_found_where_it_is() -> None:
    found = praat_pitch(sweep(100, 200))

    assert len(found) == 250
    assert not found[:45].any()
    np.testing.assert_allclose(found[60:240], np.linspace(100, 200, 200)[10:190], rtol=0.02)


def test_what_is_too_short_has_no_pitch() -> None:
    assert praat_pitch(sweep(100, 200)[:3000]).tolist() == [0.0] * 18


def test_melody_is_kept_by_the_same_glide_elsewhere_and_turned_by_the_opposite() -> None:
    rising, higher, falling = (praat_pitch(sweep(*ends)) for ends in ((100, 200), (180, 360), (200, 100)))

    assert melody_kept(rising, higher) == pytest.approx(1.0, abs=0.01)
    assert melody_kept(rising, falling) == pytest.approx(-1.0, abs=0.05)
    assert melody_kept(rising, np.zeros_like(rising)) is None
