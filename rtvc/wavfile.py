"""Recordings: read from any format, written whole or not at all, or written as they come."""

import errno
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile

from rtvc.errors import AudioFileError
from rtvc.resample import Samples

SYSTEM_ERROR = 2  # libsndfile's code
BLOCK = 65_536  # frames read or written at a time
EXTENSIONS: dict[str, tuple[str, str | None]] = {  # format and subtype of libsndfile; None is the format's default
    ".wav": ("WAV", "PCM_16"),
    ".flac": ("FLAC", "PCM_16"),
    ".ogg": ("OGG", "VORBIS"),
    ".oga": ("OGG", "VORBIS"),
    ".opus": ("OGG", "OPUS"),
    ".mp3": ("MP3", None),
    ".aif": ("AIFF", "PCM_16"),
    ".aiff": ("AIFF", "PCM_16"),
    ".au": ("AU", "PCM_16"),
    ".caf": ("CAF", "PCM_16"),
    ".w64": ("W64", "PCM_16"),
    ".rf64": ("RF64", "PCM_16"),
}
HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")  # RIFF, its size, WAVE, "fmt ", 16 bytes of format, data, its size
FORMAT_PCM, SAMPLE_BYTES = 1, 2
MOST_BYTES = 2**32 - 1 - HEADER.size  # a WAV file counts its bytes in 32 bits
HEADER_EVERY = 1.0  # seconds of sound between two updates of the sizes in the header


def read_audio(path: Path) -> tuple[Samples, int]:
    """Return the mono samples [n] of a recording and its rate; channels are averaged.

    What is no number (a float file may hold NaN) is read as silence. Raises AudioFileError for a file that is
    missing, no recording libsndfile knows, damaged, or without a single sample.
    """
    pieces = list(audio_blocks(path))
    return np.concatenate([samples for _, samples in pieces]), pieces[0][0]


def audio_blocks(path: Path) -> Iterator[tuple[int, Samples]]:
    """Yield the rate and the next mono samples [n] of a recording, at least once; raises as `read_audio`."""
    if not path.is_file():
        raise AudioFileError(f"{path} is {'a folder, not a recording' if path.is_dir() else 'not there'}")
    is_empty = True
    try:
        path.open("rb").close()  # whose error says more than libsndfile's
        with soundfile.SoundFile(path) as file:
            for block in _mono_blocks(file):
                is_empty = False
                yield int(file.samplerate), block
    except (soundfile.LibsndfileError, OSError, TypeError) as error:
        raise AudioFileError(f"{path} cannot be read as audio: {reason_of(error)}") from error
    if is_empty:
        raise AudioFileError(f"{path} holds no sound: it has a header and not one sample")


def write_audio(path: Path, samples: Samples, rate: int) -> None:
    """Write mono samples [n] in the format of the file's extension, whole or not at all.

    The file appears under its name when it is complete; until then an older one of that name stays. Louder than
    full scale is clipped. Raises AudioFileError for an unknown extension, a rate the format refuses, a folder that
    cannot be written or a full disk.
    """
    kind = EXTENSIONS.get(path.suffix.lower())
    if kind is None:
        raise AudioFileError(f"{path} has an extension that is no audio format; use one of {' '.join(EXTENSIONS)}")
    unfinished = path.with_name(f".{path.stem[:100]}.{os.getpid()}.unfinished")
    try:
        _encode(unfinished, samples, rate, *kind)
        unfinished.replace(path)
    except (soundfile.LibsndfileError, OSError, ValueError, AssertionError) as error:
        raise AudioFileError(f"{path} cannot be written: {reason_of(error)}") from error
    finally:
        with suppress(OSError):  # a folder that cannot be written has been told already
            unfinished.unlink(missing_ok=True)


class Recorder:
    """Writes a WAV file (16 bit, mono) as its sound comes, readable at any moment.

    The sizes in the header follow the sound by a second at most, so that even a killed program leaves a whole file.
    When the disk is full the recorder stops by itself: `write` returns False from then on, `fault` says why, and
    what was written stays.
    """

    def __init__(self, path: Path, rate: int, mode: Literal["new", "resume"] = "new") -> None:
        """Create the file, or with `resume` go on with a recording of the same rate if there is one.

        Raises AudioFileError where the file exists already (`new`), is not such a recording (`resume`), is not
        named .wav or cannot be written.
        """
        if path.suffix.lower() != ".wav":
            raise AudioFileError(f"{path.name} is no name for a recording; take {path.with_suffix('.wav').name}")
        self.path, self.rate = path, rate
        self.fault = ""
        self._bytes = self._announced = 0
        resumes = mode == "resume" and path.exists()
        flags = os.O_RDWR | getattr(os, "O_BINARY", 0)
        try:
            self._file = os.open(path, flags if resumes else flags | os.O_CREAT | os.O_EXCL, 0o666)
        except OSError as error:
            raise AudioFileError(f"{path} cannot be recorded to: {reason_of(error)}") from error
        try:
            if resumes:
                self._adopt()
            else:
                self._announce()
        except (OSError, AudioFileError) as error:
            os.close(self._file)
            if not resumes:
                path.unlink(missing_ok=True)
            raise AudioFileError(f"{path} cannot be recorded to: {reason_of(error)}") from error

    @property
    def seconds(self) -> float:
        """How much sound the file holds."""
        return self._bytes / SAMPLE_BYTES / self.rate

    def write(self, samples: Samples) -> bool:
        """Append mono samples [n]; False once the recording has stopped."""
        if self.fault or self._file < 0:
            return False
        try:
            self._append(pcm(samples))
            if self._bytes - self._announced >= HEADER_EVERY * self.rate * SAMPLE_BYTES:
                self._announce()
        except OSError as error:
            self._give_up(reason_of(error))
        return not self.fault

    def close(self) -> None:
        """Finish the file; safe to call again."""
        if self._file < 0:
            return
        try:
            self._announce()
        except OSError as error:
            self._give_up(reason_of(error))
        os.close(self._file)
        self._file = -1

    def _append(self, data: bytes) -> None:
        if self._bytes + len(data) > MOST_BYTES:
            raise OSError(errno.EFBIG, "a WAV file holds no more than 4 GiB")
        while data:
            written = os.write(self._file, data)
            self._bytes += written
            data = data[written:]

    def _announce(self) -> None:
        """Write the header for what the file holds, and return to its end."""
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, _header(self.rate, self._bytes))
        os.lseek(self._file, 0, os.SEEK_END)
        self._announced = self._bytes

    def _adopt(self) -> None:
        """Go on at the end of a file that an earlier recorder left."""
        head, self._bytes = os.read(self._file, HEADER.size), os.fstat(self._file).st_size - HEADER.size
        if len(head) < HEADER.size or not _same_kind(head, _header(self.rate, 0)):
            raise AudioFileError(f"it is no recording of this program at {self.rate} Hz, choose another name")
        self._cut_to_whole_samples()
        self._announce()

    def _give_up(self, reason: str) -> None:
        """Stop for good and leave the file in order."""
        with suppress(OSError):  # the header of a second ago is a whole one too
            self._cut_to_whole_samples()
            self._announce()
        self.fault = f"recording to {self.path} stopped after {self.seconds:.1f} s: {reason}"

    def _cut_to_whole_samples(self) -> None:
        self._bytes -= self._bytes % SAMPLE_BYTES
        os.ftruncate(self._file, HEADER.size + self._bytes)


def pcm(samples: Samples) -> bytes:
    """Samples [n] as little-endian 16-bit integers, clipped at full scale."""
    return np.round(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()


def _mono_blocks(file: soundfile.SoundFile) -> Iterator[Samples]:
    """The file's samples in pieces [n], channels averaged, all finite."""
    while len(block := file.read(BLOCK, dtype="float32", always_2d=True)):
        mono: Samples = np.nan_to_num(block, posinf=0.0, neginf=0.0).mean(1, dtype=np.float32)
        yield mono


def _encode(path: Path, samples: Samples, rate: int, kind: str, subtype: str | None) -> None:
    path.touch()  # as above
    with soundfile.SoundFile(path, "w", rate, 1, subtype, format=kind) as file:
        for start in range(0, len(samples), BLOCK):
            file.write(samples[start : start + BLOCK])
    with path.open("rb") as file:
        os.fsync(file.fileno())
    if soundfile.info(path).frames < len(samples):  # some encoders do not tell that the disk is full
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _header(rate: int, size: int) -> bytes:
    """The first bytes of a mono 16-bit WAV file with `size` bytes of samples."""
    form = (16, FORMAT_PCM, 1, rate, rate * SAMPLE_BYTES, SAMPLE_BYTES, 8 * SAMPLE_BYTES)
    return HEADER.pack(b"RIFF", size + HEADER.size - 8, b"WAVE", b"fmt ", *form, b"data", size)


def _same_kind(head: bytes, other: bytes) -> bool:
    """Whether two headers differ in their sizes only."""
    return head[:4] == other[:4] and head[8:40] == other[8:40]


def reason_of(error: Exception) -> str:
    """What a foreign error says, without its trimmings."""
    if isinstance(error, soundfile.LibsndfileError) and error.code == SYSTEM_ERROR:
        return "the system refuses more of it, the disk may be full"
    if isinstance(error, soundfile.LibsndfileError):
        return str(error.error_string).removeprefix("Error : ").rstrip(".")
    if isinstance(error, OSError):
        return str(error.strerror).lower()
    if isinstance(error, TypeError):
        return "raw samples do not say their rate"
    if isinstance(error, AssertionError):  # soundfile's word for a short write
        return os.strerror(errno.ENOSPC).lower()
    return str(error)
