import numpy as np
import pytest
import soundfile

from rtvc.errors import AudioFileError
from rtvc.ring import Ring
from rtvc.run_rings import RunRings


def test_what_comes_into_a_recorded_ring_is_in_the_file_at_the_end(tmp_path) -> None:
    rings = RunRings()
    name = rings.recorded(tmp_path / "talk.flac", 16_000)
    assert name is not None and rings.recorded(None, 16_000) is None
    writer = Ring.attach(name)
    sound = np.linspace(-0.5, 0.5, 20_000, dtype=np.float32)

    writer.write(sound[:12_000])
    rings.turn()
    writer.write(sound[12_000:])
    writer.close()
    rings.close()

    samples, rate = soundfile.read(tmp_path / "talk.flac", dtype="float32")
    assert rate == 16_000 and rings.fault == ""
    np.testing.assert_allclose(samples, sound, atol=1e-4)


def test_memory_is_free_after_the_end() -> None:
    rings = RunRings()
    name = rings.ring(16_000).name

    rings.close()

    with pytest.raises(FileNotFoundError):
        Ring.attach(name)


def test_file_that_cannot_be_is_told(tmp_path) -> None:
    rings = RunRings()

    with pytest.raises(AudioFileError):
        rings.recorded(tmp_path / "nowhere" / "talk.flac", 16_000)
    rings.close()
