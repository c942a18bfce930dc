"""A corpus of recordings, decoded once into one flat file that training reads by slices.

The folder of recordings holds `manifest.tsv` (columns split, set, speaker, path, sr, ...) and, where phones
are known, `phones.jsonl` (path and [phone, start, length] in frames of 10 ms).
"""

import csv
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from rich.progress import track

from rtvc.errors import AudioFileError

RATE = 16000
PHONES = (
    "SIL AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"
).split()


@dataclass(frozen=True)
class Utterance:
    """One recording: who, where in the flat file, and its phones at 100 frames a second (None: unknown)."""

    split: str
    set: str
    speaker: str
    path: str
    start: int
    length: int
    labelled: bool
    label_start: int

    @property
    def frames(self) -> int:
        """Whole frames of 10 ms."""
        return self.length // (RATE // 100)


class Corpus:
    """Recordings as one int16 array at 16 kHz and one int8 array of phone numbers at 100 Hz."""

    def __init__(self, folder: Path) -> None:
        self.utterances = [Utterance(**row) for row in json.loads((folder / "index.json").read_text())]
        self._samples = np.load(folder / "samples.npy", mmap_mode="r")
        self._labels = np.load(folder / "labels.npy", mmap_mode="r")

    def samples(self, utterance: Utterance, start: int = 0, length: int | None = None) -> np.ndarray:
        """Mono float32 in [-1, 1]; zeros after the end of the recording."""
        length = utterance.length - start if length is None else length
        end = min(start + length, utterance.length)
        piece = self._samples[utterance.start + start : utterance.start + end].astype(np.float32) / 32768
        return np.pad(piece, (0, length - len(piece)))

    def labels(self, utterance: Utterance) -> np.ndarray:
        """Phone numbers, one per 10 ms; -1 where no phone is known."""
        if not utterance.labelled:
            return np.full(utterance.frames, -1, np.int8)
        return np.asarray(self._labels[utterance.label_start : utterance.label_start + utterance.frames])


def read_at(path: Path, rate: int = RATE) -> np.ndarray:
    """Read a recording as mono float32 at `rate`."""
    try:
        samples, found = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioFileError(f"cannot read the recording {path}: {error}") from error
    mono = samples.mean(axis=1)
    return mono if found == rate else soxr.resample(mono, found, rate).astype(np.float32)


def prepare(speech: Path, folder: Path) -> Corpus:
    """Decode every recording that the manifest names; an existing corpus is used as it is."""
    if (folder / "index.json").exists():
        return Corpus(folder)
    for needed in ("manifest.tsv", "phones.jsonl"):
        if not (speech / needed).is_file():
            raise AudioFileError(f"{speech} has no {needed}; see `rtvc train --help` for what a corpus is")
    folder.mkdir(parents=True, exist_ok=True)
    with open(speech / "manifest.tsv", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    lines_of_phones = (speech / "phones.jsonl").read_text(encoding="utf-8").splitlines()
    phones = {entry["path"]: entry["phones"] for entry in map(json.loads, lines_of_phones)}
    utterances, samples, labels = [], [], []
    position = label_position = 0
    for row in track(rows, description="Decoding recordings"):
        decoded = (np.clip(read_at(speech / row["path"]), -1, 1) * 32767).astype(np.int16)
        known = row["path"] in phones
        entry = Utterance(
            row["split"], row["set"], row["speaker"], row["path"], position, len(decoded), known, label_position
        )
        if known:
            labels.append(_label_frames(phones[row["path"]], entry.frames))
            label_position += entry.frames
        utterances.append(entry)
        samples.append(decoded)
        position += len(decoded)
    np.save(folder / "samples.npy", np.concatenate(samples))
    np.save(folder / "labels.npy", np.concatenate(labels))
    (folder / "index.json").write_text(json.dumps([asdict(u) for u in utterances]))
    return Corpus(folder)


def _label_frames(phones: list[tuple[str, int, int]], frames: int) -> np.ndarray:
    """Phone number of every 10 ms frame; frames between phones are silence."""
    labels = np.zeros(frames, np.int8)
    for name, start, length in phones:
        labels[start : start + length] = PHONES.index(name)
    return labels
