"""Recordings as a SoVITS learns from them: content features and sound, in batches of like lengths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soxr
import torch
from rich.progress import track
from torch import Tensor

from models.content import ContentEncoder
from models.content_sizes import RATE, STEP
from models.spectrogram import Spectrogram
from models.synthesizer import CODE_FRAMES
from rtvc.errors import VoiceError
from rtvc.training import augment
from rtvc.training.corpus import Corpus
from rtvc.training.sovits_config import FRAME_RATE

BOUNDARIES = (32, *range(300, 2000, 100))
"""Frames at which buckets of lengths begin and end; recordings outside all of them are left out."""


@dataclass(frozen=True)
class Recordings:
    """One speaker's recordings, joined end to end.

    `content` [V, T, C] of V views at 50 Hz, the first unchanged; `samples` int16 [hop T]; `bounds` [U + 1] frames at
    which recordings begin.
    """

    content: Tensor
    samples: Tensor
    bounds: Tensor

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        return len(self.samples) // int(self.bounds[-1])

    @property
    def lengths(self) -> np.ndarray:
        """Frames of each recording [U]."""
        return np.diff(self.bounds.numpy())

    def save(self, path: Path) -> None:
        """Store them beside a run."""
        torch.save(vars(self), path)

    @classmethod
    def load(cls, path: Path) -> "Recordings":
        """Read what `save` stored."""
        return cls(**torch.load(path, weights_only=True))


class Batch(NamedTuple):
    """Content [B, C, T], spectrograms [B, F, T], waveforms [B, hop T] and the number of frames that count [B]."""

    content: Tensor
    spectrograms: Tensor
    waveforms: Tensor
    lengths: Tensor


def read_recordings(
    corpus: Corpus, speaker: str, encoder: ContentEncoder, look_ahead: int, hop: int, views: int = 4, seed: int = 0
) -> Recordings:
    """Describe every training recording of `speaker`: as it is, and as other vocal tracts would have said it.

    `hop` is how many samples a frame of the sound is to have.
    Raises VoiceError where there are none.
    """
    rng, bases = np.random.default_rng(seed), augment.warped_bases()
    group = [u for u in corpus.utterances if u.split == "train" and u.speaker == speaker]
    if not group:
        raise VoiceError(f"the corpus has no training recordings of {speaker!r}")
    content, samples, bounds = [], [], [0]
    for utterance in track(group, description=f"Reading {speaker}"):
        frames = utterance.length // STEP // CODE_FRAMES * CODE_FRAMES
        clean = corpus.samples(utterance, 0, frames * STEP)
        warps = augment.draw_warps(rng, views, 1.0)
        warps[0] = len(bases) // 2
        with torch.inference_mode():
            changed = augment.colour(torch.from_numpy(clean).repeat(views, 1), rng, reverb=0.1, band_limit=0.1)
            changed[0] = torch.from_numpy(clean)
            mel = encoder.mel(augment.set_level(changed, rng, -34.0, -16.0), bases[warps])
            content.append(encoder.features(mel, look_ahead).half())
        fine = soxr.resample(clean, RATE, FRAME_RATE * hop)[: frames * hop]
        samples.append(torch.from_numpy((np.clip(fine, -1, 1) * 32767).astype(np.int16)))
        bounds.append(bounds[-1] + frames)
    return Recordings(torch.cat(content, dim=1).clone(), torch.cat(samples), torch.tensor(bounds))


def buckets(lengths: np.ndarray, size: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Indices of recordings in batches of `size`, each of like lengths, all recordings once, in random order.

    What a bucket lacks of a whole batch is filled up with recordings of the same bucket.
    """
    batches: list[np.ndarray] = []
    for low, high in pairwise(BOUNDARIES):
        found = rng.permutation(np.flatnonzero((lengths > low) & (lengths <= high)))
        if len(found):
            whole = np.resize(found, -(-len(found) // size) * size)
            batches += list(whole.reshape(-1, size))
    for i in rng.permutation(len(batches)):
        yield batches[i]


class Batches:
    """Endless batches of a speaker's recordings, epoch by epoch."""

    def __init__(self, recordings: Recordings, spectrogram: Spectrogram, size: int, seed: int) -> None:
        """Take batches of `size`; VoiceError where no recording has a length that can be used."""
        self._recordings, self._size = recordings, size
        self._rng = np.random.default_rng(seed)
        self._spectrogram = spectrogram
        self._waiting: list[np.ndarray] = []
        self.epoch = 0

    def draw(self) -> Batch:
        """Return the next batch; a view of each recording is drawn at random."""
        if not self._waiting:
            self._waiting = list(buckets(self._recordings.lengths, self._size, self._rng))
            self.epoch += 1
        if not self._waiting:
            raise VoiceError(f"no recording is longer than {BOUNDARIES[0] / 50:.1f} s and shorter than 38 s")
        return self._collate([int(i) for i in self._waiting.pop()])

    def _collate(self, chosen: Sequence[int]) -> Batch:
        data, lengths = self._recordings, self._recordings.lengths[list(chosen)]
        frames = CODE_FRAMES * (int(max(lengths)) // CODE_FRAMES + 1)
        content = torch.zeros(len(chosen), data.content.shape[-1], frames)
        hop = data.hop
        waveforms = torch.zeros(len(chosen), frames * hop)
        for row, (which, length) in enumerate(zip(chosen, lengths, strict=True)):
            start = int(data.bounds[which])
            view = int(self._rng.integers(len(data.content)))
            content[row, :, :length] = data.content[view, start : start + length].T
            waveforms[row, : length * hop] = data.samples[start * hop : (start + length) * hop] / 32768
        return Batch(content, self._spectrogram.linear(waveforms), waveforms, torch.from_numpy(lengths.copy()))
