"""A voice of the user's own, made in a process of its own."""

import os
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from rtvc.errands.errand import Line
from rtvc.extras import TRAINING, check_installed
from rtvc.making.home import Making, Wish, absolute, making_of
from rtvc.own_voices import OwnVoices

CHECKED = ".checked"
"""In place of a voice's name: what was prepared to be judged, and is taken over if a voice is made of it."""


class Judged(NamedTuple):
    """What recordings are worth: figures by caption, what to expect, what may spoil the voice, and their pitch."""

    figures: tuple[tuple[str, str], ...]
    expectation: str
    warnings: tuple[str, ...]


def check(line: Line, recordings: tuple[Path, ...]) -> Judged:
    """Tell what recordings are worth; raises AudioFileError, RtvcError, Cancelled."""
    line.reach_or_end("looking at the recordings", 0.0)
    check_installed(TRAINING)
    from rtvc.voice_making import PREPARING, look

    making = making_of(CHECKED)
    making.discard()
    report = look(making, Wish(CHECKED, CHECKED, "", absolute(recordings)), _Stretched(line, PREPARING))
    rates = ", ".join(f"{rate / 1000:g}" for rate in report.rates)
    figures = (
        ("Recordings", f"{report.recordings}, {report.seconds / 60:.1f} min, {rates} kHz"),
        ("Speech", f"{report.training_s:.0f} s to learn from, {report.held_back_s:.0f} s to judge by"),
        ("Pitch", f"{report.mean_hz:.0f} Hz, {100 * report.voiced:.0f} % voiced"),
        ("Voice", report.rate_words),
        ("Level", f"{report.level_db:.0f} dBFS, noise {report.signal_to_noise_db:.0f} dB below it"),
    )
    return Judged(figures, report.expectation, tuple(report.warnings))


def make(line: Line, own: OwnVoices, wish: Wish) -> str:
    """Make a voice, or go on with it, and return its name; raises VoiceError, AudioFileError, RtvcError, Cancelled."""
    line.reach_or_end("beginning", 0.0)
    check_installed(TRAINING)
    making = making_of(wish.name)
    if not making.is_begun:
        own.check_free(wish.name)
        making.begin(wish)
        _take_over(making_of(CHECKED), making)
    import torch

    from rtvc.voice_making import make_voice

    return make_voice(making, own, "auto", torch.get_num_threads(), line).name


class _Stretched:
    """A listener to whom the first part of the work is all of it."""

    def __init__(self, line: Line, all_of_it: float) -> None:
        self._line, self._all = line, all_of_it

    def reach(self, words: str, part: float) -> None:
        """Move the bar."""
        self._line.reach(words, min(part / self._all, 1.0))

    def hear(self, *told: Any) -> None:
        """Nothing is heard before the training."""

    def is_cancelled(self) -> bool:
        """Whether the work is to end."""
        return self._line.is_cancelled()


def _take_over(checked: Making, making: Making) -> None:
    """Use what was prepared to be judged, for the same recordings are in the wish."""
    if checked.prepared.is_dir() and not making.prepared.exists():
        os.rename(checked.prepared, making.prepared)
    shutil.rmtree(checked.folder, ignore_errors=True)
