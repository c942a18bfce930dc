"""The training of a voice that also says what strangers say; see `rtvc.training.strangers`."""

from pathlib import Path

import torch
from torch import Tensor

from models.content import ContentEncoder
from models.generator_sizes import GeneratorConfig
from models.losses import adversarial_loss, matching_loss
from models.source_filter import Generator
from rtvc.training.loop import Run, follow, train
from rtvc.training.strangers import Strange, StrangeBatches, Strangers, heard_phones_loss
from rtvc.training.views import Batches, Frozen, Views
from rtvc.training.voice import ADVERSARIAL_RATE, ADVERSARIAL_WEIGHT, AVERAGE_KEEP, MATCHING_WEIGHT, VoiceTrainer

PHONES_WEIGHT = 0.8
FOOLING_WEIGHT = ADVERSARIAL_WEIGHT / 1.5
"""Of the adversarial losses of the voice's own crops and of strangers', which are half as many."""


class StrangerVoiceTrainer(VoiceTrainer):
    """Goes on with a trained voice, against the discriminators from the first step on."""

    def __init__(
        self,
        batches: Batches,
        strange: StrangeBatches,
        encoder: ContentEncoder,
        config: GeneratorConfig,
        run: Run,
        device: str,
        seed: int,
    ) -> None:
        super().__init__(batches, config, run, 0.0, device, seed)
        self._strange, self._encoder = strange, encoder.to(device)

    def step(self) -> dict[str, float]:
        """One batch of the voice's own recordings and of strangers'; returns the losses."""
        content, hertz, voicing, wav = (x.to(self._device) for x in self._batches.draw())
        strange = Strange(*(x.to(self._device) for x in self._strange.draw()))
        own = len(content)
        rate = self.generator.config.rate
        with torch.autocast(self._device, torch.bfloat16):
            said = self.generator(*map(torch.cat, zip((content, hertz, voicing), strange[:3], strict=True)))
            phones = heard_phones_loss(self._encoder, said[own:].float(), rate, strange.phones)
        made, true = said[:, self._past :], wav[:, self._past :]
        spectral = self._spectral(made[:own], true)
        losses = {"phones": float(phones.detach()), "spectral": float(spectral.detach())}
        piece = self._piece(made)
        judged = self._judged_with_strangers(made[:, None, piece], true[:, None, piece], losses)
        self._update(self._maker, self.generator, spectral + PHONES_WEIGHT * phones + judged, ADVERSARIAL_RATE)
        follow(self.average, self.generator, AVERAGE_KEEP)
        return losses

    def _judged_with_strangers(self, made: Tensor, true: Tensor, losses: dict[str, float]) -> Tensor:
        """Train the discriminators; return what they ask of the generator. `made` has strangers behind the own rows."""
        own, strangers = made[: len(true)], made[len(true) :]
        forged = torch.cat([own[: len(own) - len(strangers)], strangers]).detach()
        self._teach(true, forged, losses)
        with self._asking():
            with torch.no_grad():
                of_true = self.discriminators(true)
            of_own = self.discriminators(own)
            fool, strange = adversarial_loss(of_own), adversarial_loss(self.discriminators(strangers))
            match = matching_loss(of_true, of_own)
        losses |= {
            "fool": float(fool.detach()),
            "fool_strange": float(strange.detach()),
            "match": float(match.detach()),
        }
        return FOOLING_WEIGHT * (fool + strange).float() + MATCHING_WEIGHT * match.float()


def train_with_strangers(
    views: Views,
    strangers: Strangers,
    frozen: Frozen,
    folder: Path,
    minutes: float,
    start_from: Path,
    device: str = "cpu",
    seed: int = 0,
) -> Generator:
    """Go on with the voice of the checkpoint `start_from` until `minutes` are spent; resumes from its own folder's.

    Returns the averaged weights.
    """
    encoder, quantizer, _ = frozen
    run = Run(folder, minutes)
    config = GeneratorConfig(mean_hz=views.mean_hz, rate=views.rate)
    strange = StrangeBatches(strangers, quantizer, views.mean_hz, seed + 1)
    trainer = StrangerVoiceTrainer(Batches(views, quantizer, seed), strange, encoder, config, run, device, seed)
    if not run.checkpoint.exists():
        trainer.begin_from(start_from)
    train(run, trainer.step, trainer.parts)
    return trainer.average
