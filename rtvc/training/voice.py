"""Training of a voice: content codes and F0 of one speaker's recordings back to those recordings."""

import copy
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from rich.progress import track
from torch import Tensor

from models.discriminators import Discriminators
from models.generator_sizes import RATES, GeneratorConfig
from models.losses import SpectralLoss, adversarial_loss, discriminator_loss, matching_loss
from models.rvq import ResidualVectorQuantizer
from models.source_filter import Generator
from rtvc.errors import VoiceError
from rtvc.preparing.bandwidth import bandwidth_of, rate_for
from rtvc.training.corpus import RATE as CORPUS_RATE
from rtvc.training.corpus import Corpus, Utterance, read_at
from rtvc.training.loop import Run, follow, train
from rtvc.training.views import CONTEXT, Batches, Frozen, Take, Views, step_at, views_of
from rtvc.training.widening import at_rate

ADVERSARIAL_SAMPLES = 8000
"""Samples of a crop that the discriminators judge at 16 kHz; they grow with the root of the rate, as costs may."""
SPECTRAL_RATE, ADVERSARIAL_RATE, DISCRIMINATOR_RATE = 1.5e-3, 5e-4, 5e-4
SPECTRAL_SHARE, CONTINUED_SPECTRAL_SHARE = 0.3, 0.15
"""Part of the time budget before the discriminators join: from nothing, and from another run's networks."""
ADVERSARIAL_WEIGHT, MATCHING_WEIGHT = 0.15, 0.6
AVERAGE_KEEP = 0.999


def make_views(
    corpus: Corpus, speaker: str, frozen: Frozen, seed: int = 0, speech: Path | None = None, rate: int = 0
) -> Views:
    """Extract the views of every training recording of `speaker`; VoiceError where the corpus has none.

    The sound to be made is that of the corpus, at 16 kHz; where `speech` tells the folder that the corpus was decoded
    from, it is read from there again, at `rate` or (0) at the one that the recordings' bandwidth is worth. Raises
    AudioFileError where a recording is missing.
    """
    group = [u for u in corpus.utterances if u.split == "train" and u.speaker == speaker]
    if not group:
        raise VoiceError(f"the corpus has no training recordings of {speaker!r}")
    if speech is not None and not rate:
        rate = rate_for(bandwidth_of(speech / utterance.path for utterance in group))
    rate = rate or CORPUS_RATE
    if speech is None and rate != CORPUS_RATE:
        raise VoiceError(f"the corpus is at 16 kHz; a voice at {rate} Hz also needs the recordings, --speech")
    takes = (_take(corpus, one, speech, rate) for one in track(group, description=f"Reading {speaker}"))
    return views_of(takes, frozen, seed=seed, rate=rate)


def _take(corpus: Corpus, utterance: Utterance, speech: Path | None, rate: int) -> Take:
    heard = corpus.samples(utterance)
    if speech is None or rate == CORPUS_RATE:
        return Take(heard, heard)
    return Take(heard, read_at(speech / utterance.path, rate))


class VoiceTrainer:
    """The two-phase training of a generator: spectra first, then also against discriminators."""

    def __init__(
        self, batches: Batches, config: GeneratorConfig, run: Run, spectral_share: float, device: str, seed: int
    ) -> None:
        torch.manual_seed(seed)
        self._batches, self._run, self._device = batches, run, device
        self._spectral_share = spectral_share
        self._past = CONTEXT * step_at(config.rate)
        self._judged = round(ADVERSARIAL_SAMPLES * math.sqrt(config.rate / RATES[0]))
        self.generator = Generator(config).to(device)
        self.average = copy.deepcopy(self.generator).requires_grad_(False)
        self.discriminators = Discriminators(config.rate).to(device)
        self._spectral = SpectralLoss(config.rate).to(device)
        self._maker = torch.optim.AdamW(
            self.generator.parameters(), SPECTRAL_RATE, betas=(0.8, 0.99), weight_decay=0.01
        )
        self._judge = torch.optim.AdamW(self.discriminators.parameters(), DISCRIMINATOR_RATE, betas=(0.8, 0.99))

    def begin_with(self, weights: Mapping[str, Tensor]) -> None:
        """Take over another generator's weights, those of the output layer as far as its rate goes."""
        weights = at_rate(weights, self.generator.config.rate)
        self.generator.load_state_dict(weights)
        self.average.load_state_dict(weights)

    def begin_from(self, checkpoint: Path) -> None:
        """Take over another run's networks, but not its optimisers."""
        state = torch.load(checkpoint, map_location="cpu", weights_only=True)["parts"]
        self.begin_with(state["average"])
        self.discriminators.load_state_dict(state["discriminators"])

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
            made = self.generator(content, hertz, voicing)[:, self._past :]
        true = wav[:, self._past :]
        spectral = self._spectral(made, true)
        losses, total = {"spectral": float(spectral.detach())}, spectral
        adversarial = self._run.progress >= self._spectral_share
        if adversarial:
            piece = self._piece(made)
            extra = self._play(made[:, None, piece], true[:, None, piece], losses)
            total = total + extra
        self._update(self._maker, self.generator, total, ADVERSARIAL_RATE if adversarial else SPECTRAL_RATE)
        follow(self.average, self.generator, AVERAGE_KEEP if self._run.step > 1000 else 0.99)
        return losses

    def _piece(self, made: Tensor) -> slice:
        """What of the samples of `made` [B, N] the discriminators judge this time."""
        start = int(torch.randint(0, made.shape[1] - self._judged, ()))
        return slice(start, start + self._judged)

    def _play(self, made: Tensor, true: Tensor, losses: dict[str, float]) -> Tensor:
        """Train the discriminators on both and return what they ask of the generator."""
        self._teach(true, made.detach(), losses)
        with self._asking():
            with torch.no_grad():
                of_true = self.discriminators(true)
            of_made = self.discriminators(made)
            fooled, matched = adversarial_loss(of_made), matching_loss(of_true, of_made)
        losses |= {"fool": float(fooled.detach()), "match": float(matched.detach())}
        return ADVERSARIAL_WEIGHT * fooled.float() + MATCHING_WEIGHT * matched.float()

    def _teach(self, true: Tensor, forged: Tensor, losses: dict[str, float]) -> None:
        """Train the discriminators to tell the one from the other."""
        with torch.autocast(self._device, torch.bfloat16):
            judged = discriminator_loss(self.discriminators(true), self.discriminators(forged))
        self._update(self._judge, self.discriminators, judged, DISCRIMINATOR_RATE)
        losses["judge"] = float(judged.detach())

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Let the discriminators judge without learning from it, in half precision."""
        self.discriminators.requires_grad_(False)
        with torch.autocast(self._device, torch.bfloat16):
            yield
        self.discriminators.requires_grad_(True)

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
    config = GeneratorConfig(mean_hz=views.mean_hz, rate=views.rate)
    trainer = VoiceTrainer(Batches(views, quantizer, seed), config, run, share, device, seed)
    if start_from and not run.checkpoint.exists():
        trainer.begin_from(start_from)
    train(run, trainer.step, trainer.parts)
    return trainer.average
