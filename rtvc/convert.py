"""Recordings through the live engine: a file is a session without a sound card."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from models.base import StreamSpec, VoiceModel
from rtvc.engine import COMMON_PARAMS, Engine
from rtvc.errors import AudioFileError, RtvcError
from rtvc.nearest import hint, nearest
from rtvc.resample import Resampler, Samples
from rtvc.wavfile import EXTENSIONS, read_audio, write_audio

Advance = Callable[[float], None]  # told which part of a recording, from 0 to 1, was converted since the last call

READABLE = frozenset([*EXTENSIONS, ".aifc", ".snd", ".voc", ".wave", ".wv"])
SILENT = 1e-4  # -80 dBFS


@dataclass(frozen=True)
class Job:
    """One recording and where its conversion goes."""

    source: Path
    target: Path


@dataclass(frozen=True)
class FileConverter:
    """Converts recordings one after the other with one loaded voice.

    `spec` and `values` are as in a live session; `rate` is the samples per second of what is written, None for
    the voice's own. Raises RtvcError where a value is none of the voice's.
    """

    model: VoiceModel
    spec: StreamSpec
    values: Mapping[str, float]
    rate: int | None = None

    def __post_init__(self) -> None:
        check_values(self.model, self.values)

    def convert(self, job: Job, advance: Advance) -> list[str]:
        """Convert one recording, so that the result begins with it and is as long; return what is unusual about it.

        Raises AudioFileError or RtvcError in one sentence.
        """
        samples, rate = read_audio(job.source)
        output_rate = self.rate or self.model.output_rate
        engine = Engine(self.model, rate, output_rate, self.spec, self._values_for(samples, rate))
        converted = np.concatenate(list(_pieces(engine, samples, rate, advance)))
        _make_folder(job.target.parent)
        write_audio(job.target, converted, output_rate)
        return [f"{job.source}: {note}" for note in self._notes(samples, rate, engine.nan_count)]

    def _values_for(self, samples: Samples, rate: int) -> dict[str, float]:
        """Return the values, with what the model learns about the talker by listening to the whole recording first."""
        listen = getattr(self.model, "listen", None)
        if listen is None:
            return dict(self.values)
        resampler = Resampler(rate, self.model.input_rate)
        heard = np.concatenate([resampler.push(samples), resampler.flush()])
        return {**listen(torch.from_numpy(heard)), **self.values}

    def _notes(self, samples: Samples, rate: int, failures: int) -> Iterator[str]:
        if failures:
            yield f"the voice failed at {failures} places, which are silent now"
        if len(samples) * self.model.input_rate < self.model.hop * rate:
            yield f"it is only {1000 * len(samples) / rate:.2g} ms long, too short for a voice to be heard"
        elif float(np.abs(samples).max()) < SILENT:
            yield "the recording is silent, and so is the result"


def plan(source: Path, target: Path, ending: str) -> list[Job]:
    """Return what to convert: one file, or every recording under a folder with its relative name.

    A file goes to `target`, or into it under its own name with `ending` where `target` is a folder. No target is
    one of the recordings, by whatever name or link. Raises AudioFileError.
    """
    if not source.exists():
        raise AudioFileError(f"no file or folder {source}{_nearest_beside(source)}")
    jobs = _folder_jobs(source, target, ending) if source.is_dir() else [_file_job(source, target, ending)]
    recordings = {_identity(job.source) for job in jobs}
    for job in jobs:
        if job.target.exists() and _identity(job.target) in recordings:
            raise AudioFileError(f"{job.target} is a recording to convert; choose another place for the result")
    return jobs


def check_values(model: VoiceModel, values: Mapping[str, float]) -> None:
    """Raise RtvcError where a name is no control of the voice or a value is out of its range."""
    known = {param.name: param for param in (*COMMON_PARAMS, *model.params)}
    for name, value in values.items():
        if name in getattr(model, "remembered", ()):
            continue
        if name not in known:
            raise RtvcError(f"the voice has no control {name!r}{hint(name, known)}")
        low, high = known[name].low, known[name].high
        if not low <= value <= high:
            raise RtvcError(f"{name} is {value:g}, it must be from {low:g} to {high:g} {known[name].unit}".rstrip())


def _pieces(engine: Engine, samples: Samples, rate: int, advance: Advance) -> Iterator[Samples]:
    for start in range(0, len(samples), rate):
        piece = samples[start : start + rate]
        yield engine.process(piece)
        advance(len(piece) / len(samples))
    yield engine.flush()


def _file_job(source: Path, target: Path, ending: str) -> Job:
    if target.is_dir():
        return Job(source, target / f"{source.stem}{ending}")
    if target.suffix.lower() not in EXTENSIONS:
        raise AudioFileError(f"{target} does not say which format to write: end its name with .wav or .flac")
    return Job(source, target)


def _folder_jobs(source: Path, target: Path, ending: str) -> list[Job]:
    if target.exists() and not target.is_dir():
        raise AudioFileError(f"{target} is a file; a folder is converted into a folder")
    if target.exists() and target.samefile(source):
        raise AudioFileError(f"{target} is the folder of the recordings; choose another one for the results")
    results = target if _is_under(target, source) else None  # of an earlier run: not to be converted again
    found = sorted(path for path in source.rglob("*") if _is_recording(path))
    recordings = [path for path in found if results is None or not _is_under(path, results)]
    if not recordings:
        raise AudioFileError(f"{source}: there is no recording in this folder")
    relative = [path.relative_to(source) for path in recordings]
    return [Job(source / name, target / result) for name, result in _result_names(relative, ending)]


def _result_names(names: list[Path], ending: str) -> Iterator[tuple[Path, Path]]:
    """Yield each name with the name of its result: `a.flac` gives `a.wav`, beside an `a.mp3` it gives `a.flac.wav`."""
    shared = Counter(name.with_suffix(ending) for name in names)
    for name in names:
        plain = name.with_suffix(ending)
        yield name, plain if shared[plain] == 1 else name.with_name(name.name + ending)


def _is_recording(path: Path) -> bool:
    return path.suffix.lower() in READABLE and not path.name.startswith(".") and path.is_file()


def _is_under(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _identity(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_dev, facts.st_ino


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AudioFileError(f"{folder}: the folder cannot be made ({error.strerror})") from error


def _nearest_beside(path: Path) -> str:
    try:
        near = nearest(path.name, [beside.name for beside in path.parent.iterdir()])
    except OSError:
        return ""
    return f"; did you mean {path.with_name(near)}?" if near else ""
