"""Training of the content encoder: phones of every frame, from varied recordings at varied look-aheads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
import torch
import torch.nn.functional as F
from torch import Tensor

from models.content import STEP, ContentConfig, ContentEncoder
from rtvc.training import augment
from rtvc.training.corpus import RATE, Corpus, Utterance
from rtvc.training.loop import Run, train

CROP_S = 3.0
BATCH = 12
PEAK_RATE = 1.2e-3
LOOK_AHEADS = (0, 1, 2, 3, 4)
LOOK_AHEAD_SHARES = (0.08, 0.17, 0.35, 0.2, 0.2)
SET_SHARES = {"arctic": 0.27, "libri_long": 0.28, "libri_tc100": 0.45}
"""How often a set is drawn: many speakers more often than their minutes would have it."""


class Batches:
    """Augmented crops with their frame labels."""

    def __init__(self, corpus: Corpus, noise: Path | None, seed: int = 0) -> None:
        self._corpus = corpus
        self._rng = np.random.default_rng(seed)
        self._bases = augment.warped_bases()
        self._noises = [soundfile.read(noise, dtype="float32")[0]] if noise else []
        train_set = [u for u in corpus.utterances if u.split == "train" and u.labelled]
        self._sets = {name: [u for u in train_set if u.set == name] for name in SET_SHARES}
        self._weights = {name: _by_length(group) for name, group in self._sets.items()}

    def draw(self, encoder: ContentEncoder) -> tuple[Tensor, Tensor]:
        """Masked log-mel [B, 2 T, 80] and phone numbers [B, T] (-1: unknown)."""
        rng = self._rng
        crops, labels = zip(*(self._crop() for _ in range(BATCH)), strict=True)
        samples = augment.colour(torch.from_numpy(np.stack(crops)), rng, reverb=0.18)
        samples = augment.set_level(augment.add_noise(samples, rng, self._noises, 0.45), rng)
        targets = torch.from_numpy(np.stack(labels)).long()
        augment.close_gate(samples, targets, rng)
        with torch.no_grad():
            mel = encoder.mel(samples, self._bases[augment.draw_warps(rng, BATCH, 0.75)])
        return augment.mask_mel(mel, rng), targets

    def _crop(self) -> tuple[np.ndarray, np.ndarray]:
        rng, length = self._rng, int(CROP_S * RATE)
        name = str(rng.choice(list(SET_SHARES), p=list(SET_SHARES.values())))
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
        middle = (start + speed * STEP * (np.arange(frames) + 0.5)) / (RATE / 100)
        index = middle.astype(int)
        return np.where(index < len(known), known[np.minimum(index, len(known) - 1)], 0)


def _by_length(group: list[Utterance]) -> np.ndarray:
    lengths = np.array([u.length for u in group], dtype=float)
    return lengths / lengths.sum()


def accuracy(encoder: ContentEncoder, corpus: Corpus, look_ahead: int, limit: int = 12) -> dict[str, float]:
    """Frame phone accuracy in % on the dev recordings of each set."""
    encoder.eval()
    found: dict[str, float] = {}
    with torch.inference_mode():
        for name in sorted({u.set for u in corpus.utterances if u.split == "dev" and u.labelled}):
            group = [u for u in corpus.utterances if u.split == "dev" and u.labelled and u.set == name]
            right = total = 0
            for utterance in group[:: max(1, len(group) // limit)][:limit]:
                frames = utterance.length // STEP
                samples = torch.from_numpy(corpus.samples(utterance, 0, frames * STEP))[None]
                guess = encoder.phones(encoder(samples, look_ahead))[0].argmax(-1).numpy()
                truth = corpus.labels(utterance)[1::2][:frames]
                right += int((guess[: len(truth)] == truth).sum())
                total += len(truth)
            found[f"{name}@{20 * look_ahead}"] = round(100 * right / total, 1)
    encoder.train()
    return found


def make_optimisers(encoder: ContentEncoder) -> dict[str, torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the matrices, AdamW for the rest.

    From the same checkpoint Muon's loss was 1.465 after 50 steps where AdamW's stayed at 1.52.
    """
    matrices = [p for p in encoder.parameters() if p.ndim == 2 and min(p.shape) > 8]
    others = [p for p in encoder.parameters() if not (p.ndim == 2 and min(p.shape) > 8)]
    return {
        "muon": torch.optim.Muon(matrices, lr=PEAK_RATE, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        "adamw": torch.optim.AdamW(others, lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01),
    }


def train_content(
    corpus: Corpus,
    folder: Path,
    minutes: float,
    noise: Path | None,
    device: str = "cpu",
    seed: int = 0,
    start_from: Path | None = None,
) -> ContentEncoder:
    """Train until `minutes` are spent, resuming from the folder's checkpoint.

    `start_from` is another run's checkpoint whose encoder (not optimisers) is taken over at the first start.
    """
    torch.manual_seed(seed)
    encoder = ContentEncoder(ContentConfig()).to(device)
    optimisers = make_optimisers(encoder)
    run = Run(folder, minutes)
    if start_from and not run.checkpoint.exists():
        encoder.load_state_dict(torch.load(start_from, map_location="cpu", weights_only=True)["parts"]["encoder"])
    batches = Batches(corpus, noise, seed + int(torch.randint(0, 1 << 30, (1,)).item()))
    rng = np.random.default_rng(seed + 1)
    drawer = ThreadPoolExecutor(1)
    ahead = [drawer.submit(batches.draw, encoder)]

    def step() -> dict[str, float]:
        mel, labels = ahead.pop().result()
        ahead.append(drawer.submit(batches.draw, encoder))
        look_ahead = int(rng.choice(LOOK_AHEADS, p=LOOK_AHEAD_SHARES))
        with torch.autocast(device, torch.bfloat16):
            scores = encoder.phones(encoder.features(mel.to(device), look_ahead))
        loss = F.cross_entropy(scores.flatten(0, 1).float(), labels.flatten().to(device), ignore_index=-1)
        encoder.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        for optimiser in optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = run.rate(PEAK_RATE)
            optimiser.step()
        return {"loss": float(loss.detach())}

    def evaluate() -> dict[str, float]:
        return {k: v for ahead in (1, 2, 4) for k, v in accuracy(encoder, corpus, ahead).items()}

    train(run, step, {"encoder": encoder, **optimisers}, evaluate)
    return encoder
