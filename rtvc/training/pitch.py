"""Training of the pitch tracker on F0 that an offline tracker (Praat) finds in clean recordings."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
import torch
import torch.nn.functional as F
from rich.progress import track
from torch import Tensor

from models.pitch import PitchTracker
from models.pitch_sizes import BINS, BINS_PER_OCTAVE, HOP, LOWEST_HZ
from rtvc.judging.pitch import praat_pitch
from rtvc.training import augment
from rtvc.training.corpus import RATE, Corpus, Utterance
from rtvc.training.loop import Run, train

CROP_S = 2.0
BATCH = 16
PEAK_RATE = 2e-3
SETS = {"arctic": 500, "libri_long": 300, "libri_tc100": 206, "crowd_intents": 300}
"""Recordings taken of each set."""


class Batches:
    """Augmented crops with the F0 of the clean recording."""

    def __init__(self, corpus: Corpus, noise: Path | None, seed: int = 0) -> None:
        self._corpus, self._rng = corpus, np.random.default_rng(seed)
        self._noises = [soundfile.read(noise, dtype="float32")[0]] if noise else []
        self._chosen: list[tuple[Utterance, np.ndarray]] = []
        for name, count in SETS.items():
            group = [u for u in corpus.utterances if u.set == name and u.split != "dev"]
            for utterance in track(group[:: max(1, len(group) // count)][:count], description=f"F0 of {name}"):
                self._chosen.append((utterance, praat_pitch(corpus.samples(utterance))))

    def draw(self) -> tuple[Tensor, Tensor]:
        """Samples [B, N] and F0 in Hz [B, T], 0 where unvoiced."""
        rng, length = self._rng, int(CROP_S * RATE)
        crops, tracks = [], []
        for _ in range(BATCH):
            utterance, pitch = self._chosen[rng.integers(len(self._chosen))]
            speed = float(np.exp(rng.uniform(-0.4, 0.4))) if rng.random() < 0.7 else 1.0
            taken = int(length * speed)
            start = int(rng.integers(0, max(1, utterance.length - taken + 1)))
            crops.append(augment.change_speed(self._corpus.samples(utterance, start, taken), length))
            middle = ((start + speed * HOP * (np.arange(length // HOP) + 0.5)) / HOP).astype(int)
            tracks.append(np.where(middle < len(pitch), pitch[np.minimum(middle, len(pitch) - 1)], 0) * speed)
        samples = augment.colour(torch.from_numpy(np.stack(crops)), rng)
        samples = augment.set_level(augment.add_noise(samples, rng, self._noises, 0.6), rng)
        return samples, torch.from_numpy(np.stack(tracks).astype(np.float32))


def loss_of(scores: Tensor, hertz: Tensor) -> Tensor:
    """Cross entropy against a Gaussian of one step around the true pitch, plus voicing, [B, T, 146] and [B, T]."""
    voiced = hertz > 0
    step = BINS_PER_OCTAVE * torch.log2(hertz.clamp(min=1.0) / LOWEST_HZ)
    distance = torch.arange(BINS, device=scores.device) - step[..., None]
    target = torch.softmax(-0.5 * distance.square(), dim=-1)
    pitch = -(target * F.log_softmax(scores[..., :-1], dim=-1)).sum(-1)
    inside = voiced & (step > 0) & (step < BINS - 1)
    return (pitch * inside).sum() / inside.sum().clamp(min=1) + 2 * F.binary_cross_entropy_with_logits(
        scores[..., -1], voiced.float()
    )


def quality(tracker: PitchTracker, corpus: Corpus, limit: int = 10) -> dict[str, float]:
    """On dev: voicing errors, gross errors (over 20 %) and median deviation in cents against Praat."""
    tracker.eval()
    result: dict[str, float] = {}
    dev = [u for u in corpus.utterances if u.split == "dev"]
    for name in sorted({u.set for u in dev}):
        group = [u for u in dev if u.set == name]
        truth, found, voicing = [], [], []
        for utterance in group[:: max(1, len(group) // limit)][:limit]:
            samples = corpus.samples(utterance)[: utterance.frames * HOP]
            with torch.inference_mode():
                pitch = tracker.decide(tracker(torch.from_numpy(samples)[None]))
            truth.append(praat_pitch(samples))
            found.append(pitch.hertz[0].numpy())
            voicing.append(pitch.voicing[0].numpy())
        t, f, v = np.concatenate(truth), np.concatenate(found), np.concatenate(voicing)
        both = (t > 0) & (v > 0.5)
        result[f"{name}_voicing_error"] = round(100 * float(((t > 0) != (v > 0.5)).mean()), 2)
        if not both.any():
            continue
        result[f"{name}_gross"] = round(100 * float((np.abs(f[both] / t[both] - 1) > 0.2).mean()), 2)
        result[f"{name}_cents"] = round(float(np.median(np.abs(1200 * np.log2(f[both] / t[both])))), 1)
    tracker.train()
    return result


def train_pitch(
    corpus: Corpus, folder: Path, minutes: float, noise: Path | None, device: str = "cpu", seed: int = 0
) -> PitchTracker:
    """Train until `minutes` are spent, resuming from the folder's checkpoint."""
    torch.manual_seed(seed)
    tracker = PitchTracker().to(device)
    optimiser = torch.optim.AdamW(tracker.parameters(), lr=PEAK_RATE, weight_decay=0.01)
    run, batches = Run(folder, minutes), Batches(corpus, noise, seed)
    drawer = ThreadPoolExecutor(1)
    ahead = [drawer.submit(batches.draw)]

    def step() -> dict[str, float]:
        samples, hertz = ahead.pop().result()
        ahead.append(drawer.submit(batches.draw))
        loss = loss_of(tracker(samples.to(device)), hertz.to(device))
        for group in optimiser.param_groups:
            group["lr"] = run.rate(PEAK_RATE)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tracker.parameters(), 1.0)
        optimiser.step()
        return {"loss": float(loss.detach())}

    train(run, step, {"tracker": tracker, "optimiser": optimiser}, lambda: quality(tracker, corpus), 120.0)
    return tracker
