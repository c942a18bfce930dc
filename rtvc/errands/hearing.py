"""Sound to judge by: the bundled sentence in a voice, or a file, played on an output."""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import platformdirs

from rtvc.demo import RECORDING
from rtvc.devices import Device, find, is_served
from rtvc.errands.errand import Cancelled, Line
from rtvc.errors import DeviceError
from rtvc.library import Voice
from rtvc.port import HungError
from rtvc.presets import StreamTimes
from rtvc.resample import Samples, resampled
from rtvc.streams import SoundLibrary, SoundStream, Wish
from rtvc.wavfile import read_audio, write_audio

SENTENCE_S = 6.5
"""Two sentences of the recording; a pause follows."""
BLOCK_S, TICK = 0.02, 0.05
SILENT_S = 3.0
"""An output that has taken nothing for so long is gone."""
TAIL_S = 0.3
"""The device is still to play what it was given."""
MOST_KEPT = 32
"""Previews that are kept for the next time."""


def hear_voice(line: Line, voice: Voice, values: Mapping[str, float], times: StreamTimes, output: str | None) -> None:
    """Play the bundled sentence in a voice, converted once for each of its settings; raises RtvcError or ModelError."""
    folder = Path(platformdirs.user_cache_dir("rtvc", appauthor=False)) / "previews"
    path = folder / f"{_mark(voice, values, times)}.wav"
    if not path.is_file():
        line.reach_or_end("preparing", 0.0)
        convert(line, voice, values, times, path)
        _forget_old(folder)
    hear_file(line, path, output)


def convert(line: Line, voice: Voice, values: Mapping[str, float], times: StreamTimes, path: Path) -> None:
    """Write the bundled sentence in a voice; raises RtvcError, ModelError, Cancelled."""
    from models.base import StreamSpec
    from rtvc.convert import FileConverter
    from rtvc.loading import load_model
    from rtvc.recordings import Job

    done = 0.0

    def advance(part: float) -> None:
        nonlocal done
        done += part
        line.reach_or_end("preparing", done)

    converter = FileConverter(load_model(voice, "auto", 1), StreamSpec(**vars(times)), values)
    path.parent.mkdir(parents=True, exist_ok=True)
    source, unfinished = (path.with_name(f".{path.stem}.{kind}.wav") for kind in ("source", "part"))
    samples, rate = read_audio(RECORDING)
    write_audio(source, samples[: round(SENTENCE_S * rate)], rate)
    try:
        converter.convert(Job(source, unfinished), advance)
        unfinished.replace(path)
    finally:
        source.unlink(missing_ok=True)
        unfinished.unlink(missing_ok=True)


def hear_file(line: Line, path: Path, output: str | None) -> None:
    """Play a recording on an output, None for the default one; raises AudioFileError, DeviceError, Cancelled."""
    device = find(output, "output")
    samples, rate = read_audio(path)
    play(line, resampled(samples, rate, device.rate), device)


def play(line: Line, samples: Samples, device: Device) -> None:
    """Play samples [n] of the device's rate; raises DeviceError, Cancelled."""
    playing = Playing(samples)
    wish = Wish("preview", device.name, device.rate, round(BLOCK_S * device.rate))
    try:
        stream = SoundLibrary(is_served()).open_output(wish, playing.fill)
    except DeviceError as error:
        raise DeviceError(f"output {device.name} cannot be opened: {error}") from error
    try:
        _follow(line, playing, stream, device)
        time.sleep(stream.wait + TAIL_S)
    except Cancelled:
        playing.fade()
        time.sleep(TICK)
        raise
    finally:
        _close(stream, device)


def _follow(line: Line, playing: "Playing", stream: SoundStream, device: Device) -> None:
    """Wait until all was handed over; raises DeviceError where the output takes no more, Cancelled."""
    reached, when = 0.0, time.monotonic()
    while playing.part < 1.0:
        line.reach_or_end("playing", playing.part)
        time.sleep(TICK)
        if playing.part > reached:
            reached, when = playing.part, time.monotonic()
        if stream.has_ended or time.monotonic() - when > SILENT_S:
            raise DeviceError(f"output {device.name} is gone, or takes no sound")


def _close(stream: SoundStream, device: Device) -> None:
    try:
        stream.close()
    except HungError as error:
        raise DeviceError(f"output {device.name} does not answer; end the program and try again") from error


class Playing:
    """Hands samples [n] to a device's blocks, once; silence follows."""

    def __init__(self, samples: Samples) -> None:
        self._samples, self._at, self._is_fading = samples, 0, False

    @property
    def part(self) -> float:
        """How much of it was handed over, 0 to 1."""
        return min(self._at / max(len(self._samples), 1), 1.0)

    def fade(self) -> None:
        """End with the next block."""
        self._is_fading = True

    def fill(self, block: Samples, now: float, lost: bool) -> None:
        """Fill a device's block; called by its thread."""
        piece = self._samples[self._at : self._at + len(block)]
        block[: len(piece)], block[len(piece) :] = piece, 0.0
        self._at += len(block)
        if self._is_fading:
            block *= np.linspace(1.0, 0.0, len(block), dtype=np.float32)
            self._at = len(self._samples)


def _mark(voice: Voice, values: Mapping[str, float], times: StreamTimes) -> str:
    """A word for all that decides how the sentence sounds."""
    files = sorted(path for path in voice.folder.glob("*") if path.is_file())
    seen = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    told = json.dumps([voice.name, seen, dict(sorted(values.items())), asdict(times)])
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _forget_old(folder: Path) -> None:
    kept = sorted(folder.glob("*.wav"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[MOST_KEPT:]:
        path.unlink(missing_ok=True)
