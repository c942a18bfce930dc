"""Crops of a corpus as the content encoder learns from them: varied recordings with their frame labels."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import torch
from torch import Tensor

from models.content import LogMel
from models.content_sizes import STEP
from rtvc.training import augment
from rtvc.training.corpus import RATE, Corpus, Utterance

CROP_S = 3.0
BATCH = 12
CLEAN_LEVELS = -26.0, -22.0
SET_SHARES = {
    "arctic": 0.2,
    "libri_long": 0.21,
    "libri_tc100": 0.37,
    "ljspeech": 0.04,
    "crowd_intents": 0.14,
    "crowd_words": 0.04,
}
"""How often a set is drawn: many speakers more often than their minutes would have it."""


class Batch(NamedTuple):
    """Crops as the encoder and as the teacher hear them.

    `mel` augmented and masked [B, 2 T, 80], `clean` [B, 2 T, 80], `labels` phone numbers (-1: unknown) [B, T],
    `closed` where a gate silenced only `mel` [B, T].
    """

    mel: Tensor
    clean: Tensor
    labels: Tensor
    closed: Tensor


class Batches:
    """Augmented crops with their frame labels."""

    def __init__(self, corpus: Corpus, noise: Path | None, seed: int = 0) -> None:
        self._corpus = corpus
        self._rng = np.random.default_rng(seed)
        self._bases = augment.warped_bases()
        self._noises = [soundfile.read(noise, dtype="float32")[0]] if noise else []
        heard = [u for u in corpus.utterances if u.split != "dev"]
        sets = {name: [u for u in heard if u.set == name] for name in SET_SHARES}
        self._sets = {name: group for name, group in sets.items() if group}
        self._weights = {name: _by_length(group) for name, group in self._sets.items()}
        shares = np.array([SET_SHARES[name] for name in self._sets])
        self._shares = shares / shares.sum()

    def draw(self, mel: LogMel) -> Batch:
        """Take crops at random and change what the encoder hears of them."""
        rng = self._rng
        crops, labels = zip(*(self._crop() for _ in range(BATCH)), strict=True)
        samples = torch.from_numpy(np.stack(crops))
        changed = augment.colour(samples, rng, reverb=0.18)
        changed = augment.set_level(augment.add_noise(changed, rng, self._noises, 0.45), rng)
        targets = torch.from_numpy(np.stack(labels)).long()
        closed = augment.close_gate(changed, targets, rng)
        with torch.no_grad():
            heard = mel(changed, self._bases[augment.draw_warps(rng, BATCH, 0.75)])
            clean = mel(augment.set_level(samples, rng, *CLEAN_LEVELS))
        return Batch(augment.mask_mel(heard, rng), clean, targets, closed)

    def draw_clean(self, mel: LogMel) -> Tensor:
        """Take crops at random as the teacher would hear them [B, 2 T, 80]."""
        samples = torch.from_numpy(np.stack([self._crop()[0] for _ in range(BATCH)]))
        with torch.no_grad():
            return mel(augment.set_level(samples, self._rng, *CLEAN_LEVELS))

    def _crop(self) -> tuple[np.ndarray, np.ndarray]:
        rng, length = self._rng, int(CROP_S * RATE)
        name = str(rng.choice(list(self._sets), p=self._shares))
        utterance = self._sets[name][rng.choice(len(self._sets[name]), p=self._weights[name])]
        speed = float(np.exp(rng.uniform(-0.28, 0.28))) if rng.random() < 0.65 else 1.0
        taken = int(length * speed)
        start = int(rng.integers(0, max(1, utterance.length - taken + 1)))
        samples = self._corpus.samples(utterance, start, taken)
        if speed != 1.0:
            samples = augment.change_speed(samples, length)
        return samples, self._labels(utterance, start, speed, length // STEP)

    def _labels(self, utterance: Utterance, start: int, speed: float, frames: int) -> np.ndarray:
        """Phone at the middle of every 20 ms frame of the crop; silence after the recording's end."""
        known = self._corpus.labels(utterance)
        if not utterance.labelled:
            return np.full(frames, -1, np.int8)
        middle = (start + speed * STEP * (np.arange(frames) + 0.5)) / (RATE / 100)
        index = middle.astype(int)
        return np.where(index < len(known), known[np.minimum(index, len(known) - 1)], 0)


def _by_length(group: list[Utterance]) -> np.ndarray:
    lengths = np.array([u.length for u in group], dtype=float)
    return lengths / lengths.sum()
