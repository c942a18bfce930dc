"""Recordings are read from anything, and never lost or left half written."""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import soundfile

from rtvc.errors import AudioFileError
from rtvc.wavfile import EXTENSIONS, Recorder, read_audio, write_audio

resource = pytest.importorskip("resource")


def tone(seconds: float = 0.5, rate: int = 16_000) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """A full disk for this process: no file grows beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_what_is_written_is_read_again(tmp_path: Path, extension: str) -> None:
    samples = tone(rate=48_000)

    write_audio(tmp_path / f"a{extension}", samples, 48_000)
    heard, rate = read_audio(tmp_path / f"a{extension}")

    assert rate == 48_000
    assert len(heard) == len(samples)
    assert np.sqrt(np.mean((heard - samples)[1000:-1000] ** 2)) < 0.02
    assert [path.name for path in tmp_path.iterdir()] == [f"a{extension}"]


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 192_000])
@pytest.mark.parametrize("subtype", ["PCM_U8", "PCM_24", "FLOAT", "ULAW"])
def test_any_wave_file_is_read(tmp_path: Path, rate: int, subtype: str) -> None:
    soundfile.write(tmp_path / "a.wav", tone(0.1, rate), rate, subtype)

    heard, found = read_audio(tmp_path / "a.wav")

    assert found == rate
    assert np.abs(heard - tone(0.1, rate)).max() < 0.02


def test_channels_are_averaged(tmp_path: Path) -> None:
    both = np.stack([tone(), -0.5 * tone(), np.zeros_like(tone())], axis=1)
    soundfile.write(tmp_path / "a.wav", both, 16_000, "FLOAT")

    heard, _ = read_audio(tmp_path / "a.wav")

    np.testing.assert_allclose(heard, tone() / 6, atol=1e-6)


def test_a_long_file_is_read_whole(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).uniform(-1, 1, 200_001).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 16_000, "FLOAT")

    heard, _ = read_audio(tmp_path / "a.wav")

    np.testing.assert_array_equal(heard, samples)


def test_what_is_no_number_is_read_as_silence(tmp_path: Path) -> None:
    samples = tone()
    samples[[3, 5, 7]] = np.nan, np.inf, -np.inf
    soundfile.write(tmp_path / "a.wav", samples, 16_000, "FLOAT")

    heard, _ = read_audio(tmp_path / "a.wav")

    assert heard[[3, 5, 7]].tolist() == [0.0, 0.0, 0.0]
    np.testing.assert_array_equal(heard[8:], tone()[8:])


@pytest.mark.parametrize("count", [1, 100])
def test_short_and_silent_files_are_sound_too(tmp_path: Path, count: int) -> None:
    write_audio(tmp_path / "a.wav", np.zeros(count, np.float32), 16_000)

    assert read_audio(tmp_path / "a.wav")[0].tolist() == [0.0] * count


def make_bad_file(kind: str, path: Path) -> None:
    match kind:
        case "folder":
            path.mkdir()
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("no sound at all " * 100)
        case "header only":
            write_audio(path, np.zeros(0, np.float32), 16_000)


@pytest.mark.parametrize(
    ("kind", "word"),
    [("missing", "not there"), ("folder", "folder"), ("empty", "read"), ("text", "read"), ("header only", "no sound")],
)
def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path: Path, kind: str, word: str) -> None:
    make_bad_file(kind, tmp_path / "a.wav")

    with pytest.raises(AudioFileError, match=rf"^\S+a\.wav .*{word}[^\n]*$"):
        read_audio(tmp_path / "a.wav")


def test_raw_samples_are_told_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.raw").write_bytes(bytes(100))

    with pytest.raises(AudioFileError, match="read"):
        read_audio(tmp_path / "a.raw")


def test_a_truncated_file_gives_what_it_holds(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", tone(), 16_000)
    os.truncate(tmp_path / "a.wav", 8_044)

    assert len(read_audio(tmp_path / "a.wav")[0]) == 4_000


def test_louder_than_full_scale_is_clipped(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", 4 * tone(), 16_000)

    heard, _ = read_audio(tmp_path / "a.wav")

    np.testing.assert_allclose(heard, np.clip(4 * tone(), -1, 1), atol=1e-4)


@pytest.mark.parametrize(
    ("name", "rate", "word"),
    [
        ("a.txt", 16_000, r"\.flac"),
        ("a", 16_000, "extension"),
        ("none/a.wav", 16_000, "written"),
        ("a.opus", 44_100, "written"),
    ],
)
def test_what_cannot_be_written_is_told_and_leaves_nothing(tmp_path: Path, name: str, rate: int, word: str) -> None:
    with pytest.raises(AudioFileError, match=word):
        write_audio(tmp_path / name, tone(), rate)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("extension", [".wav", ".flac", ".ogg", ".mp3"])
def test_a_full_disk_keeps_the_older_file(tmp_path: Path, extension: str) -> None:
    path = tmp_path / f"a{extension}"
    write_audio(path, tone(), 16_000)
    before = path.read_bytes()

    with files_limited_to(5_000), pytest.raises(AudioFileError, match=r"disk|large|space"):
        write_audio(path, np.random.default_rng(0).uniform(-1, 1, 80_000).astype(np.float32), 16_000)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_recording_holds_what_was_written(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.wav", 48_000)

    kept = [recorder.write(piece) for piece in np.array_split(tone(3, 48_000), 77)]
    recorder.close()
    recorder.close()

    heard, rate = read_audio(tmp_path / "a.wav")
    assert all(kept) and recorder.fault == "" and rate == 48_000
    np.testing.assert_allclose(heard, tone(3, 48_000), atol=1e-4)


def test_a_recording_nobody_closed_lacks_a_second_at_most(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.wav", 16_000)

    for piece in np.array_split(tone(2.5), 50):
        recorder.write(piece)

    announced = struct.unpack("<I", (tmp_path / "a.wav").read_bytes()[40:44])[0] / 2 / 16_000
    assert 1.5 <= announced <= 2.5
    assert len(read_audio(tmp_path / "a.wav")[0]) >= 24_000
    recorder.close()


def test_a_recording_on_a_full_disk_stops_and_stays_whole(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a.wav", 16_000)

    with files_limited_to(44 + 2 * 20_000 + 1):
        kept = [recorder.write(piece) for piece in np.array_split(tone(2), 20)]
        recorder.close()

    heard, _ = read_audio(tmp_path / "a.wav")
    assert kept == [True] * 12 + [False] * 8
    assert "1.2 s" in recorder.fault and "large" in recorder.fault
    np.testing.assert_allclose(heard, tone(2)[:20_000], atol=1e-4)
    assert recorder.write(tone()) is False


def test_a_recording_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"precious")

    with pytest.raises(AudioFileError, match="exists"):
        Recorder(tmp_path / "a.wav", 16_000)
    with pytest.raises(AudioFileError, match="another name"):
        Recorder(tmp_path / "a.wav", 16_000, "resume")

    assert (tmp_path / "a.wav").read_bytes() == b"precious"


def test_a_recording_goes_on_after_a_restart(tmp_path: Path) -> None:
    for mode in ("new", "resume"):
        recorder = Recorder(tmp_path / "a.wav", 16_000, mode)  # type: ignore[arg-type]
        recorder.write(tone())
        recorder.close()

    assert len(read_audio(tmp_path / "a.wav")[0]) == 16_000
    with pytest.raises(AudioFileError, match="48000"):
        Recorder(tmp_path / "a.wav", 48_000, "resume")


@pytest.mark.parametrize("name", ["a.mp3", "a", "none/a.wav"])
def test_a_recording_that_cannot_start_says_so(tmp_path: Path, name: str) -> None:
    with pytest.raises(AudioFileError):
        Recorder(tmp_path / name, 16_000)

    assert list(tmp_path.iterdir()) == []
