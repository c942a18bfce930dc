"""A voice of the user's own from recordings: prepared, trained, scored and put into the library.

Everything happens in the folder of the voice in the making; done again after any end, it goes on where it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rtvc.demo import RECORDING
from rtvc.errors import RtvcError
from rtvc.judging.judges import Opinion, installed_judges
from rtvc.library import Voice
from rtvc.loading import usable_device
from rtvc.making.home import NOTHING, Making, Wish
from rtvc.making.scoring import HeldBack, Score, score
from rtvc.making.start import Start, nearest_voice, open_start
from rtvc.making.training import Listener, Training
from rtvc.own_voices import OwnVoices, update_card, write_card
from rtvc.preparing.decoding import RATE, load_soxr
from rtvc.preparing.preparation import Piece, Prepared, is_prepared, prepare
from rtvc.preparing.report import Report
from rtvc.recordings import find_recordings
from rtvc.resample import Samples
from rtvc.training.corpus import read_at
from rtvc.training.export import export_generator
from rtvc.training.views import VIEWS, Take, load_views, save_views, views_of

HELD_BACK_VIEWS = 2
SCORED_S = 60.0
PREPARING, VIEWING = 0.1, 0.2
"""The part of the bar at which preparing and extracting end."""
TYPICAL_HZ = 150.0


class Paused(RtvcError):
    """The user has stopped the making; it can go on."""


def look(making: Making, wish: Wish, listener: Listener) -> Report:
    """Prepare the recordings of a wish, once, and return what they are worth; raises AudioFileError or RtvcError."""
    load_soxr()
    if not is_prepared(making.prepared):
        find_recordings([Path(path) for path in wish.recordings])
        tracker = open_start(nearest_voice(TYPICAL_HZ, wish.start)).frozen[2]
        paths, progress = [Path(path) for path in wish.recordings], _Pausing(listener, 0.0, PREPARING)
        prepare(paths, making.prepared, tracker, progress, wish.rate)
    return Prepared(making.prepared).report


def make_voice(making: Making, own: OwnVoices, device: str, threads: int, listener: Listener) -> Voice:
    """Make the voice that is wished for, or go on with it, and return it when it is in the library.

    Raises Paused when the listener cancels; AudioFileError, VoiceError or RtvcError where something is in the way,
    and then all that was done is kept too.
    """
    wish = making.wish
    own.check_free(wish.name)
    where = usable_device(device)
    torch.set_num_threads(threads)
    report = look(making, wish, listener)
    prepared = Prepared(making.prepared)
    start = open_start(nearest_voice(report.mean_hz, wish.start))
    training = _training(making, wish, prepared, start, where, listener)
    training.go_on(listener)
    if not training.is_over:
        raise Paused(f"voice {wish.name} is not finished; it goes on with: rtvc voices train {wish.name}")
    listener.reach("scoring", 1.0)
    found, opinion = _score(making, prepared, start, training)

    def write(folder: Path) -> None:
        write_card(folder, _card(wish, report))
        export_generator(start.frozen, training.generator, start.look_ahead, folder)
        update_card(folder, {"quality": [_quality(found, opinion)], "log": [_log(wish, start, training, report)]})

    voice = own.add(wish.name, write)
    making.discard()
    return voice


class _Pausing:
    """Progress within a part of the bar, which ends with Paused when the listener wants it."""

    def __init__(self, listener: Listener, low: float, high: float) -> None:
        self._listener, self._low, self._high = listener, low, high

    def __call__(self, words: str, part: float) -> None:
        if self._listener.is_cancelled():
            raise Paused("stopped; the recordings are read again at the next start")
        self._listener.reach(words, self._low + (self._high - self._low) * part)


def _training(
    making: Making, wish: Wish, prepared: Prepared, start: Start, device: str, listener: Listener
) -> Training:
    for path, pieces, look_ahead, count in (
        (making.views, prepared.training, None, VIEWS),
        (making.held_back, prepared.held_back, start.look_ahead, HELD_BACK_VIEWS),
    ):
        if not path.exists():
            sounds = _told(prepared, pieces, _Pausing(listener, PREPARING, VIEWING))
            save_views(views_of(sounds, start.frozen, look_ahead, count, rate=prepared.report.rate), path)
    held_back = HeldBack(load_views(making.held_back), start.frozen[1], device)
    fresh = wish.start == NOTHING
    return Training(making.folder, wish.minutes, load_views(making.views), held_back, start, device, fresh)


def _told(prepared: Prepared, pieces: list[Piece], progress: _Pausing) -> Iterator[Take]:
    for i, piece in enumerate(pieces):
        progress("hearing what is said", i / len(pieces))
        yield Take(prepared.samples(piece), prepared.full_band(piece))


def _score(making: Making, prepared: Prepared, start: Start, training: Training) -> tuple[Score, Opinion]:
    source, converted = (read_at(path, RATE) for path in (RECORDING, making.preview))
    own, held_back = (_joined(prepared, pieces) for pieces in (prepared.training, prepared.held_back))
    found = score(start.frozen, start.look_ahead, source, converted, own, held_back, training.loss)
    return found, installed_judges().opinion(source, converted, held_back)


def _joined(prepared: Prepared, pieces: list[Piece]) -> Samples:
    chosen, seconds = [], 0.0
    for piece in pieces:
        if seconds < SCORED_S:
            chosen.append(prepared.samples(piece))
            seconds += piece.length / RATE
    return np.concatenate(chosen)


def _card(wish: Wish, report: Report) -> Mapping[str, Any]:
    return {
        "name": wish.name,
        "title": wish.title,
        "family": "live",
        "licence": "of the speaker: used with their consent",
        "attribution": wish.consent,
        "consent": {"whose": wish.consent, "agreed": True, "stated": date.today().isoformat()},
        "made_of": {
            "recordings": report.recordings,
            "speech_seconds": round(report.training_s + report.held_back_s),
            "held_back_seconds": round(report.held_back_s),
            "signal_to_noise_db": round(report.signal_to_noise_db),
            "bandwidth_hz": round(report.bandwidth_hz),
        },
    }


def _quality(found: Score, opinion: Opinion) -> dict[str, Any]:
    figures = asdict(found) | {name: value for name, value in asdict(opinion).items() if value is not None}
    return {"sources": "bundled reader", **{name: round(value, 3) for name, value in figures.items()}}


def _log(wish: Wish, start: Start, training: Training, report: Report) -> str:
    begun = "nothing" if wish.start == NOTHING else f"that of {start.name}"
    early = ", good enough before its time was over" if training.is_early else ""
    return (
        f"generator of {report.rate / 1000:g} kHz from {begun}: "
        f"{training.minutes:.1f} min, {training.steps} steps{early}; "
        f"encoder, books and pitch tracker of {start.name}; {report.training_s:.0f} s of speech"
    )
