"""Writes a FLAC file as its sound comes."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

import soundfile

from rtvc.errors import AudioFileError
from rtvc.resample import Samples
from rtvc.wavfile import Recorder, reason_of

HEADER_EVERY = 1.0  # seconds of sound between two updates of the length in the header
BLOCK = 4_096  # samples that are encoded at a time
LENGTH_PLACE = 4 + 4 + 13  # of the length in the file: behind the mark, a block's header and 13 bytes of STREAMINFO
LENGTH_BYTES, LENGTH_BITS = 5, 36  # its highest four bits share a byte with the sample's size


class SoundRecorder(Protocol):
    """What a session's sound is written with."""

    fault: str
    """Why recording has stopped, empty while it goes on."""

    def write(self, samples: Samples) -> bool:
        """Append mono samples [n]; False once the recording has stopped."""

    def close(self) -> None:
        """Finish the file; safe to call again."""


class FlacRecorder:
    """A FLAC file (16 bit, mono), half as large as a WAV file and readable at any moment.

    The length in the header follows the sound by a second or so, so that even a killed program leaves a file that
    other programs read. When the disk is full the recorder stops by itself, as `rtvc.wavfile.Recorder` does.
    """

    def __init__(self, path: Path, rate: int) -> None:
        """Create the file; AudioFileError where it exists already or cannot be written."""
        self.path, self.rate, self.fault = path, rate, ""
        self._count = self._announced = 0
        try:
            self._header = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except OSError as error:
            raise AudioFileError(f"{path} cannot be recorded to: {reason_of(error)}") from error
        try:
            self._file: soundfile.SoundFile | None = soundfile.SoundFile(path, "w", rate, 1, "PCM_16", format="FLAC")
        except (soundfile.LibsndfileError, OSError) as error:
            os.close(self._header)
            path.unlink(missing_ok=True)
            raise AudioFileError(f"{path} cannot be recorded to: {reason_of(error)}") from error

    @property
    def seconds(self) -> float:
        """How much sound the file holds."""
        return self._count / self.rate

    def write(self, samples: Samples) -> bool:
        """Append mono samples [n]; False once the recording has stopped."""
        if self.fault or self._file is None:
            return False
        try:
            self._append(samples)
        except (soundfile.LibsndfileError, OSError, AssertionError) as error:
            self.fault = f"recording to {self.path} stopped after {self.seconds:.1f} s: {reason_of(error)}"
        return not self.fault

    def close(self) -> None:
        """Finish the file; safe to call again."""
        if self._file is None:
            return
        file, self._file = self._file, None
        with suppress(soundfile.LibsndfileError, OSError):  # the header of a second ago is a whole one too
            file.close()
        os.close(self._header)

    def _append(self, samples: Samples) -> None:
        assert self._file is not None
        self._file.write(samples)
        self._count += len(samples)
        if self._count - self._announced < HEADER_EVERY * self.rate:
            return
        size = os.fstat(self._header).st_size
        if size <= LENGTH_PLACE:  # some encoders do not tell that the disk is full
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._announce()

    def _announce(self) -> None:
        """Write the length of what is surely encoded into the header."""
        self._announced = self._count
        whole = max(self._count // BLOCK - 1, 0) * BLOCK
        os.lseek(self._header, LENGTH_PLACE, os.SEEK_SET)
        before = int.from_bytes(os.read(self._header, LENGTH_BYTES), "big")
        kept = before >> LENGTH_BITS << LENGTH_BITS
        os.lseek(self._header, LENGTH_PLACE, os.SEEK_SET)
        os.write(self._header, (kept | whole).to_bytes(LENGTH_BYTES, "big"))


def new_recorder(path: Path, rate: int) -> SoundRecorder:
    """Create a recording in the format that its name ends with, .wav or .flac; AudioFileError where that cannot be."""
    if path.suffix.lower() == ".flac":
        return FlacRecorder(path, rate)
    return Recorder(path, rate)
