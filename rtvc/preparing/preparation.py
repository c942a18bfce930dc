"""Recordings of one speaker, cleaned and cut: what is learned from, what is held back to score, and a report."""

import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.pitch import PitchTracker
from rtvc.errors import AudioFileError, RtvcError
from rtvc.preparing.bandwidth import Bandwidth, rate_for
from rtvc.preparing.cutting import cut
from rtvc.preparing.decoding import RATE, Decoded, as_floats, decode
from rtvc.preparing.full_band import FULL_BAND, Origin, Stretch, at_rate, write_full_band
from rtvc.preparing.measuring import Ear, Levels, Sound, measure_levels, pitch_spread, two_groups
from rtvc.preparing.report import LEAST_SPEECH_S, MOST_SPEECH_S, Report, read_report
from rtvc.recordings import find_recordings
from rtvc.resample import Samples
from rtvc.wavfile import pcm

SAMPLES, INDEX = "pieces.i16", "pieces.json"
HELD_BACK_SHARE, HELD_BACK_S, MOST_HELD_BACK = 0.1, 20.0, 1 / 3
LEVEL, PEAK = -22.0, 0.95
"""Speech is learned at this level in dBFS, whatever it was recorded at, unless its peak would be above."""
LEAST_VOICED = 0.1
"""A piece with fewer voiced frames is no speech: a knock, a rustle, a hiss."""

READ, HEARD = 0.5, 0.8
"""The parts of the work after which all is read, and listened to; what is left is reading it at the voice's rate."""

Progress = Callable[[str, float], None]
"""Told what is being done, and the part done from 0 to 1; raises to stop the work."""


@dataclass(frozen=True)
class Piece:
    """Where a piece of speech lies in the file of samples, and whether it is held back from training."""

    start: int
    length: int
    is_held_back: bool


class Prepared:
    """The pieces of a folder that `prepare` wrote, read from disk one at a time."""

    def __init__(self, folder: Path) -> None:
        """Raises RtvcError where the folder holds none."""
        try:
            told = json.loads((folder / INDEX).read_text(encoding="utf-8"))
            self.report = read_report(told["report"])
            self.pieces = [Piece(**piece) for piece in told["pieces"]]
            self._samples = np.memmap(folder / SAMPLES, np.int16, "r")
            is_wide = self.report.rate != RATE
            self._full_band = np.memmap(folder / FULL_BAND, np.int16, "r") if is_wide else self._samples
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise RtvcError(f"{folder} holds no prepared recordings ({error})") from error

    @property
    def training(self) -> list[Piece]:
        """The pieces to learn from."""
        return [piece for piece in self.pieces if not piece.is_held_back]

    @property
    def held_back(self) -> list[Piece]:
        """The pieces to score with."""
        return [piece for piece in self.pieces if piece.is_held_back]

    def samples(self, piece: Piece) -> Samples:
        """The sound of a piece at 16 kHz [n]."""
        return as_floats(self._samples[piece.start : piece.start + piece.length])

    def full_band(self, piece: Piece) -> Samples:
        """The sound of a piece at the rate of the report [n rate / 16000]."""
        start, end = (at_rate(at, self.report.rate) for at in (piece.start, piece.start + piece.length))
        return as_floats(self._full_band[start:end])


def is_prepared(folder: Path) -> bool:
    """Whether `prepare` has come to its end there."""
    return (folder / INDEX).exists()


def prepare(given: Sequence[Path], folder: Path, tracker: PitchTracker, progress: Progress, rate: int = 0) -> Prepared:
    """Read files and folders of recordings, and write their speech in pieces into `folder`, with a report.

    The pieces are written at 16 kHz, and at `rate` if that is another; 0 is the rate that serves their bandwidth.
    A file that cannot be read is left out and told by the report. Raises AudioFileError where there is no recording,
    none that can be read, or too little speech; RtvcError where a library is missing or the disk is full.
    """
    paths = find_recordings(given)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        gathered = _Gathered(folder, paths)
        try:
            gathered.read(progress)
        finally:
            gathered.close()
        pieces, report = _described(gathered, tracker, progress, rate)
        if report.rate != RATE:
            kept = {piece.start for piece in pieces}
            write_full_band(folder, gathered.origins, kept, report.rate, _from(progress, HEARD, 1.0))
        facts = {"report": asdict(report), "pieces": [asdict(piece) for piece in pieces]}
        part = folder / f"{INDEX}.part"
        part.write_text(json.dumps(facts), encoding="utf-8")
        os.replace(part, folder / INDEX)
    except OSError as error:
        raise RtvcError(f"{folder} cannot be written ({(error.strerror or str(error)).lower()})") from error
    return Prepared(folder)


class _Gathered:
    """The speech of all recordings in one file on disk, with what was found out on the way."""

    def __init__(self, folder: Path, paths: list[Path]) -> None:
        self.folder, self.paths = folder, paths
        self.spans: list[tuple[int, int]] = []
        self.decoded: list[Decoded] = []
        self.levels: list[Levels] = []
        self.speech: list[float] = []
        self.unreadable: list[str] = []
        self.bandwidth = Bandwidth()
        self.origins: list[Origin] = []
        self._written = 0
        self._out = (folder / SAMPLES).open("wb")
        self._whole = folder / "recording.i16"

    def read(self, progress: Progress) -> None:
        """Decode and cut every recording; AudioFileError where none can be read."""
        for i, path in enumerate(self.paths):
            words, done = f"reading {path.name}", i / len(self.paths)
            try:
                found = decode(path, self._whole, self.bandwidth, partial(progress, words, READ * done))
            except AudioFileError as error:
                if len(self.paths) == 1:
                    raise
                self.unreadable.append(str(error))
                continue
            self._add(found)
        if not self.decoded:
            raise AudioFileError(f"none of {len(self.paths)} recordings can be read; the first: {self.unreadable[0]}")

    def close(self) -> None:
        """Finish the file."""
        self._out.close()
        with suppress(OSError):
            self._whole.unlink(missing_ok=True)

    def _add(self, found: Decoded) -> None:
        parts = cut(found.samples)
        levels = measure_levels(found.samples, parts)
        before = self._written
        pieces: list[tuple[int, list[Stretch]]] = []
        for piece in parts.pieces:
            pieces.append((self._written, []))
            for first, last in piece:
                sound = as_floats(found.samples[first:last])
                gain = _gain(sound, levels.speech)
                self._out.write(pcm(sound * gain))
                self._written += last - first
                pieces[-1][1].append(Stretch(first, last, float(gain)))
            self.spans.append((pieces[-1][0], self._written - pieces[-1][0]))
        self.origins.append(Origin(found.path, pieces))
        self.levels.append(levels)
        self.speech.append((self._written - before) / RATE)
        self.decoded.append(replace(found, samples=np.zeros(0, np.int16)))


def _gain(samples: Samples, level: float) -> np.float32:
    """Gain for samples [n] whose recording has speech at `level` dBFS to the level of all voices, peaks permitting."""
    loudest = float(np.abs(samples).max(initial=1e-4))
    return np.float32(min(10 ** ((LEVEL - level) / 20), max(1.0, PEAK / loudest)))


def _from(progress: Progress, low: float, high: float) -> Progress:
    """Progress within a part of the whole."""
    return lambda words, part: progress(words, low + (high - low) * part)


def _described(gathered: _Gathered, tracker: PitchTracker, progress: Progress, rate: int) -> tuple[list[Piece], Report]:
    """Choose what is used, listen to it, and hold some of it back."""
    spans = gathered.spans
    total = sum(length for _, length in spans) / RATE
    spans = spans[:: max(int(np.ceil(total / MOST_SPEECH_S)), 1)]
    kept, sounds, voiceless = _heard(gathered.folder, spans, tracker, _from(progress, READ, HEARD))
    seconds = sum(length for _, length in kept) / RATE
    if seconds < LEAST_SPEECH_S:
        one = gathered.paths[0] if len(gathered.paths) == 1 else f"the {len(gathered.paths)} recordings"
        amount = f"only {seconds:.0f} s of speech" if seconds else "no speech"
        raise AudioFileError(f"{one} hold{'s' if len(gathered.paths) == 1 else ''} {amount}; {NEEDED}")
    pieces = _divided(kept)
    held_back = sum(piece.length for piece in pieces if piece.is_held_back) / RATE
    report = _report(gathered, sounds, seconds - held_back, held_back, total - seconds - voiceless, voiceless)
    return pieces, replace(report, rate=rate or rate_for(report.bandwidth_hz))


NEEDED = f"a voice needs at least {LEAST_SPEECH_S:.0f} s, and 3 to 5 minutes to be good"


def _heard(
    folder: Path, spans: list[tuple[int, int]], tracker: PitchTracker, progress: Progress
) -> tuple[list[tuple[int, int]], list[Sound], float]:
    """The spans with a voice in them, how they sound, and the seconds without."""
    if not spans:
        return [], [], 0.0
    samples: NDArray[np.int16] = np.memmap(folder / SAMPLES, np.int16, "r")
    ear, kept, sounds, voiceless = Ear(tracker), [], [], 0.0
    for i, (start, length) in enumerate(spans):
        progress("listening", i / len(spans))
        sound = ear.listen(as_floats(samples[start : start + length]))
        if sound.voiced < LEAST_VOICED:
            voiceless += length / RATE
            continue
        kept.append((start, length))
        sounds.append(sound)
    return kept, sounds, voiceless


def _divided(spans: list[tuple[int, int]]) -> list[Piece]:
    """Hold back a tenth, at least 20 s but never more than a third, evenly spread."""
    total = sum(length for _, length in spans) / RATE
    wanted = min(max(HELD_BACK_SHARE * total, HELD_BACK_S), MOST_HELD_BACK * total)
    pieces, elapsed, held = [], 0.0, 0.0
    for start, length in spans:
        elapsed += length / RATE
        is_held_back = held < wanted * elapsed / total
        held += length / RATE if is_held_back else 0.0
        pieces.append(Piece(start, length, is_held_back))
    return pieces


def _report(
    gathered: _Gathered, sounds: list[Sound], training: float, held_back: float, left_out: float, voiceless: float
) -> Report:
    seconds = np.array([one.seconds for one in gathered.decoded])
    by_speech = np.array(gathered.speech) / max(sum(gathered.speech), 1e-9)
    speech, background, flatness = (
        float(by_speech @ [getattr(one, name) for one in gathered.levels])
        for name in ("speech", "background", "flatness")
    )
    apart, hertz = two_groups(sounds)
    return Report(
        recordings=len(gathered.decoded),
        seconds=float(seconds.sum()),
        speech_s=sum(gathered.speech),
        training_s=training,
        held_back_s=held_back,
        clipped=float(seconds @ [one.clipped for one in gathered.decoded] / seconds.sum()),
        level_db=speech,
        signal_to_noise_db=speech - background,
        background_db=background,
        background_flatness=flatness,
        voiced=float(np.mean([one.voiced for one in sounds])),
        mean_hz=float(np.exp(np.mean([np.log(one.hertz) for one in sounds]))),
        pitch_spread=pitch_spread(sounds),
        two_voices=apart,
        two_hertz=hertz,
        bandwidth_hz=gathered.bandwidth.highest(),
        rates=tuple(sorted({one.rate for one in gathered.decoded})),
        unreadable=tuple(gathered.unreadable),
        left_out_s=max(left_out, 0.0) if left_out > 1.0 else 0.0,
        voiceless_s=voiceless,
    )
