"""Training of a voice: content codes and F0 of one speaker's recordings back to those recordings.

Speaker independence comes from perturbation: codes are also extracted from recordings whose vocal tract,
microphone and room are changed, while the sound to be made stays the speaker's own.
"""

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch import Tensor

from models.content import STEP, ContentEncoder
from models.discriminators import Discriminators
from models.losses import SpectralLoss, adversarial_loss, discriminator_loss, matching_loss
from models.pitch import PitchTracker
from models.rvq import ResidualVectorQuantizer
from models.source_filter import VOICED, Generator, GeneratorConfig
from rtvc.errors import VoiceError
from rtvc.training import augment
from rtvc.training.corpus import RATE, Corpus
from rtvc.training.loop import Run, follow, train

CROP = 60
"""Content frames of a crop; the first `CONTEXT` only fill the generator's past."""
CONTEXT = 12
BATCH = 8
ADVERSARIAL_SAMPLES = 8000
SPECTRAL_RATE, ADVERSARIAL_RATE, DISCRIMINATOR_RATE = 1.5e-3, 5e-4, 5e-4
SPECTRAL_SHARE, CONTINUED_SPECTRAL_SHARE = 0.3, 0.15
"""Part of the time budget before the discriminators join: from nothing, and from another run's networks."""
ADVERSARIAL_WEIGHT, MATCHING_WEIGHT = 0.15, 0.6
BOOK_COUNTS, BOOK_SHARES = (1, 2, 3, 4, 6, 8), (0.12, 0.15, 0.13, 0.2, 0.15, 0.25)


@dataclass(frozen=True)
class Views:
    """One speaker's recordings as the generator sees them, joined end to end.

    `codes` [V, K, T] of every view at 50 Hz, `hertz` and `voicing` [2 T] at 100 Hz, `samples` [320 T],
    `bounds` [U + 1] frames at which recordings begin.
    """

    codes: Tensor
    hertz: Tensor
    voicing: Tensor
    samples: Tensor
    bounds: np.ndarray

    @property
    def mean_hz(self) -> float:
        """Geometric mean of the voiced F0."""
        return float(torch.exp(torch.log(self.hertz[self.voicing > VOICED]).mean()))


def make_views(
    corpus: Corpus,
    speaker: str,
    encoder: ContentEncoder,
    quantizer: ResidualVectorQuantizer,
    tracker: PitchTracker,
    look_ahead: int,
    count: int = 7,
    seed: int = 0,
) -> Views:
    """Extract `count` views of every training recording of `speaker`; the first is unchanged."""
    rng = np.random.default_rng(seed)
    bases = augment.warped_bases()
    group = [u for u in corpus.utterances if u.split == "train" and u.speaker == speaker]
    if not group:
        raise VoiceError(f"the corpus has no training recordings of {speaker!r}")
    codes, hertz, voicing, samples, bounds = [], [], [], [], [0]
    for utterance in track(group, description=f"Reading {speaker}"):
        frames = utterance.length // STEP
        if frames < CROP:
            continue
        clean = torch.from_numpy(corpus.samples(utterance, 0, frames * STEP))[None]
        with torch.inference_mode():
            pitch = tracker.decide(tracker(clean))
            mel = encoder.mel(_changed(clean.repeat(count, 1), rng), _bases(bases, rng, count))
            content = encoder.features(mel, look_ahead).transpose(1, 2)
            codes.append(quantizer.encode(content).transpose(0, 1).to(torch.int16))
        hertz.append(pitch.hertz[0])
        voicing.append(pitch.voicing[0])
        samples.append(clean[0])
        bounds.append(bounds[-1] + frames)
    return Views(
        torch.cat(codes, dim=-1),
        torch.cat(hertz).clone(),
        torch.cat(voicing).clone(),
        torch.cat(samples),
        np.array(bounds),
    )


def _changed(samples: Tensor, rng: np.random.Generator) -> Tensor:
    """First row as it is, the others with another microphone, room, level and a little noise."""
    other = augment.colour(samples[1:], rng, reverb=0.15, band_limit=0.1)
    other = augment.set_level(augment.add_noise(other, rng, (), 0.15), rng, -34.0, -16.0)
    return torch.cat([samples[:1], other])


def _bases(bases: Tensor, rng: np.random.Generator, count: int) -> Tensor:
    """Mel filters of every view: unwarped first, then warps spread evenly over the range."""
    warps = np.linspace(0, len(bases) - 1, count - 1) + rng.uniform(-1.5, 1.5, count - 1)
    index = np.clip(np.round(warps), 0, len(bases) - 1).astype(int)
    return bases[[len(bases) // 2, *index]]


def save_views(views: Views, path: Path) -> None:
    """Store views beside a run."""
    torch.save(vars(views) | {"bounds": torch.from_numpy(views.bounds)}, path)


def load_views(path: Path) -> Views:
    """Read what `save_views` stored."""
    stored = torch.load(path, weights_only=True)
    return Views(**(stored | {"bounds": stored["bounds"].numpy()}))


class Batches:
    """Random crops of a speaker's views."""

    def __init__(self, views: Views, quantizer: ResidualVectorQuantizer, seed: int) -> None:
        self._views, self._quantizer, self._rng = views, quantizer, np.random.default_rng(seed)
        lengths = np.diff(views.bounds).astype(float)
        self._weights = lengths / lengths.sum()

    def draw(self) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Content [B, T, 96], F0 and voicing [B, 2 T], waveform [B, 320 T]."""
        rng, views = self._rng, self._views
        parts: list[tuple[Tensor, ...]] = []
        for _ in range(BATCH):
            which = rng.choice(len(self._weights), p=self._weights)
            start = int(rng.integers(views.bounds[which], views.bounds[which + 1] - CROP + 1))
            used = int(rng.choice(BOOK_COUNTS, p=BOOK_SHARES))
            codes = views.codes[rng.integers(len(views.codes)), :used, start : start + CROP]
            fast = slice(2 * start, 2 * (start + CROP))
            wav = views.samples[STEP * start : STEP * (start + CROP)]
            parts.append(
                (self._quantizer.decode(codes.long()[:, None])[0].T, views.hertz[fast], views.voicing[fast], wav)
            )
        content, hertz, voicing, wav = (torch.stack(column) for column in zip(*parts, strict=True))
        return content, hertz, voicing, wav


class VoiceTrainer:
    """The two-phase training of a generator: spectra first, then also against discriminators."""

    def __init__(
        self, batches: Batches, mean_hz: float, run: Run, spectral_share: float, device: str, seed: int
    ) -> None:
        torch.manual_seed(seed)
        self._batches, self._run, self._device = batches, run, device
        self._spectral_share = spectral_share
        self.generator = Generator(GeneratorConfig(mean_hz=mean_hz)).to(device)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.discriminators = Discriminators().to(device)
        self._spectral = SpectralLoss(RATE).to(device)
        self._maker = torch.optim.AdamW(
            self.generator.parameters(), SPECTRAL_RATE, betas=(0.8, 0.99), weight_decay=0.01
        )
        self._judge = torch.optim.AdamW(self.discriminators.parameters(), DISCRIMINATOR_RATE, betas=(0.8, 0.99))

    @property
    def parts(self) -> dict[str, object]:
        """What a checkpoint holds."""
        return {
            "generator": self.generator,
            "average": self.average,
            "discriminators": self.discriminators,
            "maker": self._maker,
            "judge": self._judge,
        }

    def step(self) -> dict[str, float]:
        """One batch; returns the losses."""
        content, hertz, voicing, wav = (x.to(self._device) for x in self._batches.draw())
        with torch.autocast(self._device, torch.bfloat16):
            made = self.generator(content, hertz, voicing)[:, CONTEXT * STEP :]
        true = wav[:, CONTEXT * STEP :]
        spectral = self._spectral(made, true)
        losses, total = {"spectral": float(spectral.detach())}, spectral
        adversarial = self._run.progress >= self._spectral_share
        if adversarial:
            start = int(torch.randint(0, made.shape[1] - ADVERSARIAL_SAMPLES, ()))
            piece = slice(start, start + ADVERSARIAL_SAMPLES)
            extra = self._play(made[:, None, piece], true[:, None, piece], losses)
            total = total + extra
        self._update(self._maker, self.generator, total, ADVERSARIAL_RATE if adversarial else SPECTRAL_RATE)
        follow(self.average, self.generator, 0.999 if self._run.step > 1000 else 0.99)
        return losses

    def _play(self, made: Tensor, true: Tensor, losses: dict[str, float]) -> Tensor:
        """Train the discriminators on both and return what they ask of the generator."""
        with torch.autocast(self._device, torch.bfloat16):
            judged = discriminator_loss(self.discriminators(true), self.discriminators(made.detach()))
        self._update(self._judge, self.discriminators, judged, DISCRIMINATOR_RATE)
        self.discriminators.requires_grad_(False)
        with torch.autocast(self._device, torch.bfloat16):
            with torch.no_grad():
                of_true = self.discriminators(true)
            of_made = self.discriminators(made)
            fooled, matched = adversarial_loss(of_made), matching_loss(of_true, of_made)
        self.discriminators.requires_grad_(True)
        losses |= {"judge": float(judged.detach()), "fool": float(fooled.detach()), "match": float(matched.detach())}
        return ADVERSARIAL_WEIGHT * fooled.float() + MATCHING_WEIGHT * matched.float()

    def _update(self, optimiser: torch.optim.Optimizer, module: torch.nn.Module, loss: Tensor, peak: float) -> None:
        for group in optimiser.param_groups:
            group["lr"] = self._run.rate(peak)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(module.parameters(), 5.0)
        optimiser.step()


def train_voice(
    views: Views,
    quantizer: ResidualVectorQuantizer,
    folder: Path,
    minutes: float,
    device: str = "cpu",
    seed: int = 0,
    start_from: Path | None = None,
) -> Generator:
    """Train until `minutes` are spent, resuming from the folder's checkpoint; returns the averaged weights.

    `start_from` is another run's checkpoint whose networks (not optimisers) are taken over at the first start.
    """
    run = Run(folder, minutes)
    share = CONTINUED_SPECTRAL_SHARE if start_from else SPECTRAL_SHARE
    trainer = VoiceTrainer(Batches(views, quantizer, seed), views.mean_hz, run, share, device, seed)
    if start_from and not run.checkpoint.exists():
        state = torch.load(start_from, map_location="cpu", weights_only=True)["parts"]
        trainer.generator.load_state_dict(state["average"])
        trainer.average.load_state_dict(state["average"])
        trainer.discriminators.load_state_dict(state["discriminators"])
    train(run, trainer.step, trainer.parts)
    return trainer.average
