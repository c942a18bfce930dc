"""Training of the content encoder: phones of every frame, from varied recordings at varied look-aheads.

Recordings without phones teach too, by a mean teacher (Tarvainen and Valpola 2017): the slowly averaged encoder
hears each crop as it is and with the longest look-ahead, and the encoder, which hears it through another vocal
tract, room, microphone and noise, is drawn to the teacher's phones and, on all recordings, to its content.
"""

import copy
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import torch
import torch.nn.functional as F
from torch import Tensor

from models.content import ContentEncoder, LogMel
from models.content_sizes import STEP, ContentConfig
from rtvc.training import augment
from rtvc.training.corpus import RATE, Corpus, Utterance
from rtvc.training.loop import Run, follow, train

CROP_S = 3.0
BATCH = 12
PEAK_RATE = 1.2e-3
LOOK_AHEADS = (0, 1, 2, 3, 4)
LOOK_AHEAD_SHARES = (0.08, 0.17, 0.35, 0.2, 0.2)
SET_SHARES = {
    "arctic": 0.2,
    "libri_long": 0.21,
    "libri_tc100": 0.37,
    "ljspeech": 0.04,
    "crowd_intents": 0.14,
    "crowd_words": 0.04,
}
"""How often a set is drawn: many speakers more often than their minutes would have it."""
TEACHER_KEEP = 0.999
TAUGHT_PHONES_WEIGHT, TAUGHT_CONTENT_WEIGHT = 0.25, 0.3


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
            clean = mel(augment.set_level(samples, rng, -26.0, -22.0))
        return Batch(augment.mask_mel(heard, rng), clean, targets, closed)

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


def taught(scores: Tensor, content: Tensor, teacher: ContentEncoder, batch: Batch) -> tuple[Tensor, Tensor]:
    """What the teacher asks for: cross entropy with its phones where none are known, and the distance to its content.

    scores [B, T, P] and content [B, T, C] are the encoder's; a frame counts as much as the teacher is sure of it.
    """
    with torch.no_grad():
        wanted = teacher.features(batch.clean, max(LOOK_AHEADS))
        phones = teacher.phones(wanted).float().softmax(-1)
    sure = phones.amax(-1)
    unknown = (batch.labels == -1) & ~batch.closed
    unlikely = -(phones * scores.float().log_softmax(-1)).sum(-1)
    distance = (content.float() - wanted.float()).square().mean(-1)
    heard = ~batch.closed
    return (
        (unlikely * sure * unknown).sum() / unknown.sum().clamp(min=1),
        (distance * sure * heard).sum() / heard.sum().clamp(min=1),
    )


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
    teacher = copy.deepcopy(encoder).requires_grad_(False)
    batches = Batches(corpus, noise, seed + int(torch.randint(0, 1 << 30, (1,)).item()))
    rng = np.random.default_rng(seed + 1)
    drawer = ThreadPoolExecutor(1)
    ahead = [drawer.submit(batches.draw, encoder.mel)]

    def step() -> dict[str, float]:
        batch = Batch(*(part.to(device) for part in ahead.pop().result()))
        ahead.append(drawer.submit(batches.draw, encoder.mel))
        look_ahead = int(rng.choice(LOOK_AHEADS, p=LOOK_AHEAD_SHARES))
        with torch.autocast(device, torch.bfloat16):
            content = encoder.features(batch.mel, look_ahead)
            scores = encoder.phones(content)
            phones, distance = taught(scores, content, teacher, batch)
        known = F.cross_entropy(
            scores.flatten(0, 1).float(), batch.labels.flatten(), ignore_index=-1, reduction="sum"
        ) / (batch.labels >= 0).sum().clamp(min=1)
        loss = known + TAUGHT_PHONES_WEIGHT * phones + TAUGHT_CONTENT_WEIGHT * distance
        encoder.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        for optimiser in optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = run.rate(PEAK_RATE)
            optimiser.step()
        follow(teacher, encoder, TEACHER_KEEP if run.step > 1000 else 0.99)
        return {"loss": float(known.detach()), "phones": float(phones.detach()), "distance": float(distance.detach())}

    def evaluate() -> dict[str, float]:
        return {k: v for ahead in (0, 1, 2, 4) for k, v in accuracy(teacher, corpus, ahead).items()}

    train(run, step, {"encoder": encoder, "teacher": teacher, **optimisers}, evaluate, evaluate_every_s=600.0)
    return teacher
