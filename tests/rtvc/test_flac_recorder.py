"""FLAC recordings are as safe as WAV ones: readable at any moment, whole after a full disk, never over a file."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rtvc.errors import AudioFileError
from rtvc.flac_recorder import FlacRecorder, new_recorder
from rtvc.wavfile import Recorder, read_audio
from tests.rtvc.test_wavfile import files_limited_to

RATE = 16_000
KILLED = """
import os, sys
from pathlib import Path
from rtvc.flac_recorder import FlacRecorder
from tests.rtvc.test_flac_recorder import noise
recorder = FlacRecorder(Path(sys.argv[1]), 16000)
for piece in noise(5).reshape(50, -1):
    recorder.write(piece)
os._exit(9)
"""


def noise(seconds: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.5, 0.5, seconds * RATE).astype(np.float32)


def test_it_holds_what_was_written(tmp_path: Path) -> None:
    recorder = FlacRecorder(tmp_path / "a.flac", RATE)

    kept = [recorder.write(piece) for piece in np.array_split(noise(3), 77)]
    recorder.close()
    recorder.close()

    heard, rate = read_audio(tmp_path / "a.flac")
    assert all(kept) and recorder.fault == "" and rate == RATE
    np.testing.assert_allclose(heard, noise(3), atol=1e-4)
    assert recorder.seconds == 3 and not recorder.write(noise(1))


def test_a_killed_program_leaves_a_file_that_is_read(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "a.flac")], check=False, timeout=60)

    heard, _ = read_audio(tmp_path / "a.flac")

    assert 3 * RATE <= len(heard) <= 5 * RATE
    np.testing.assert_allclose(heard, noise(5)[: len(heard)], atol=1e-4)


def test_on_a_full_disk_it_stops_and_says_so(tmp_path: Path) -> None:
    recorder = FlacRecorder(tmp_path / "a.flac", RATE)

    with files_limited_to(60_000):
        kept = [recorder.write(piece) for piece in np.array_split(noise(10), 100)]
        recorder.close()

    assert kept[0] and not kept[-1]
    assert "a.flac stopped after" in recorder.fault
    assert len(read_audio(tmp_path / "a.flac")[0]) > 0


def test_it_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.flac").write_bytes(b"precious")

    with pytest.raises(AudioFileError, match="exists"):
        FlacRecorder(tmp_path / "a.flac", RATE)

    assert (tmp_path / "a.flac").read_bytes() == b"precious"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(AudioFileError, match="cannot be recorded to"):
        FlacRecorder(tmp_path / "none" / "a.flac", RATE)


def test_the_name_says_the_format(tmp_path: Path) -> None:
    recorders = [new_recorder(tmp_path / name, RATE) for name in ("a.flac", "b.FLAC", "c.wav")]

    assert [type(one) for one in recorders] == [FlacRecorder, FlacRecorder, Recorder]
    with pytest.raises(AudioFileError, match=r"take d\.wav"):
        new_recorder(tmp_path / "d.mp3", RATE)
    for one in recorders:
        one.close()
