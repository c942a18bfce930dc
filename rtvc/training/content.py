"""Training of the content encoder: phones of every frame, from varied recordings at varied look-aheads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch

from models.content import ContentEncoder
from models.content_sizes import STEP, ContentConfig
from rtvc.training.content_batches import Batch, Batches
from rtvc.training.content_lesson import LOOK_AHEADS, OBJECTIVES, PEAK_RATE, Lesson, Objective
from rtvc.training.corpus import Corpus
from rtvc.training.loop import Run, train
from rtvc.training.masked import DRAWS, draw_spans, units_in

LOOK_AHEAD_SHARES = (0.08, 0.17, 0.35, 0.2, 0.2)
TEACHER_KEEP = 0.999


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


def train_content(
    corpus: Corpus,
    folder: Path,
    minutes: float,
    noise: Path | None,
    device: str = "cpu",
    seed: int = 0,
    start_from: Path | None = None,
    objective: Objective = OBJECTIVES["taught"],
) -> ContentEncoder:
    """Train until `minutes` are spent, resuming from the folder's checkpoint.

    `start_from` is another run's checkpoint whose encoder (not optimisers) is taken over at the first start; masked
    units are then of its middle layer.
    """
    torch.manual_seed(seed)
    encoder = ContentEncoder(ContentConfig()).to(device)
    run = Run(folder, minutes)
    if start_from and not run.checkpoint.exists():
        encoder.load_state_dict(torch.load(start_from, map_location="cpu", weights_only=True)["parts"]["encoder"])
    batches = Batches(corpus, noise, seed + int(torch.randint(0, 1 << 30, (1,)).item()))
    units = None
    if objective.units:
        others = Batches(corpus, None, seed + 2)
        mels = (others.draw_clean(encoder.mel) for _ in range(DRAWS))
        units = units_in(folder / "units.pt", mels, start_from).to(device)
    lesson = Lesson(encoder, objective, units)
    rng = np.random.default_rng(seed + 1)
    drawer = ThreadPoolExecutor(1)
    ahead = [drawer.submit(batches.draw, encoder.mel)]

    def step() -> dict[str, float]:
        batch = Batch(*(part.to(device) for part in ahead.pop().result()))
        ahead.append(drawer.submit(batches.draw, encoder.mel))
        look_ahead = int(rng.choice(LOOK_AHEADS, p=LOOK_AHEAD_SHARES))
        hidden = torch.zeros_like(batch.closed)
        if objective.hidden:
            rows, frames = hidden.shape
            hidden = draw_spans(rows, frames, objective.hidden, rng).to(device)
        losses = lesson.losses(batch, hidden, look_ahead)
        lesson.learn(losses, run.rate(PEAK_RATE), TEACHER_KEEP if run.step > 1000 else 0.99)
        return {name: float(value.detach()) for name, (_, value) in losses.items()}

    def evaluate() -> dict[str, float]:
        return {k: v for ahead in (0, 1, 2, 4) for k, v in accuracy(lesson.teacher, corpus, ahead).items()}

    train(run, step, lesson.parts, evaluate if objective.phones else None, evaluate_every_s=600.0)
    return lesson.teacher


def pretrain_content(
    corpus: Corpus,
    folder: Path,
    minutes: float,
    noise: Path | None,
    device: str = "cpu",
    seed: int = 0,
    start_from: Path | None = None,
) -> Path:
    """Masked prediction alone: half of `minutes` with units of cepstra, half with units of what that taught.

    Returns the checkpoint from which to go on with phones. With `start_from` the first units are of its middle layer.
    """
    for part in ("first", "second"):
        train_content(corpus, folder / part, minutes / 2, noise, device, seed, start_from, OBJECTIVES["masked"])
        start_from = folder / part / "checkpoint.pt"
    return folder / "second" / "checkpoint.pt"
