"""Which recordings are converted, and where each result goes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rtvc.errors import AudioFileError
from rtvc.nearest import nearest
from rtvc.wavfile import EXTENSIONS

READABLE = frozenset([*EXTENSIONS, ".aifc", ".snd", ".voc", ".wave", ".wv"])


@dataclass(frozen=True)
class Job:
    """One recording and where its conversion goes."""

    source: Path
    target: Path


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
    found = recordings_under(source)
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


def recordings_under(folder: Path) -> list[Path]:
    """Return every recording in a folder and the folders in it, by name."""
    return sorted(path for path in folder.rglob("*") if _is_recording(path))


def find_recordings(given: Sequence[Path]) -> list[Path]:
    """Return the files given, and those in the folders given, each once; raises AudioFileError where there are none."""
    found: dict[Path, None] = {}
    for path in given:
        if not path.exists():
            raise AudioFileError(f"no file or folder {path}")
        inside = recordings_under(path) if path.is_dir() else [path]
        if not inside:
            raise AudioFileError(f"{path}: there is no recording in this folder")
        found |= {one.resolve(): None for one in inside}
    return list(found)


def _is_recording(path: Path) -> bool:
    return path.suffix.lower() in READABLE and not path.name.startswith(".") and path.is_file()


def _is_under(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _identity(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_dev, facts.st_ino


def _nearest_beside(path: Path) -> str:
    try:
        near = nearest(path.name, [beside.name for beside in path.parent.iterdir()])
    except OSError:
        return ""
    return f"; did you mean {path.with_name(near)}?" if near else ""
