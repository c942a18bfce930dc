"""Training of a SoVITS synthesizer (VITS, Kim et al. 2021, with a quantised content as its text).

Per batch of whole recordings the posterior encoder and the flow see everything, the decoder a piece of each. The
quantiser is made once, by clusters, and frozen, as fine-tuning of GPT-SoVITS has it.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.losses import SpectralLoss
from models.spectrogram import Spectrogram
from models.synthesis_losses import adversarial_loss, discriminator_loss, divergence, matching_loss
from models.synthesizer import CODE_FRAMES, Synthesizer, slices
from models.waveform_discriminators import WaveformDiscriminators
from rtvc.training.books import residual_books
from rtvc.training.loop import Run, follow, train
from rtvc.training.sovits_config import SovitsConfig
from rtvc.training.sovits_data import Batch, Batches, Recordings

TEXT = 1
"""The phone that stands for all words (","): the cross-attention then adds a constant, as it will in a stream."""
SLOW_PARTS = ("enc_p.text_embedding", "enc_p.encoder_text", "enc_p.mrte")
EMA_KEEP = 0.999
MOST_GRADIENT = 50.0
"""Gradients are cut to this length; the original cuts none, but starts from trained networks."""


def start_quantizer(model: Synthesizer, content: Tensor, seed: int) -> list[float]:
    """Make `ssl_proj` keep the most of pairs of frames and the books clusters of that, from content [M, C] in pairs.

    Returns the share of the variance that is left after each book, in %.
    """
    pairs = content[: len(content) // CODE_FRAMES * CODE_FRAMES].reshape(-1, CODE_FRAMES * content.shape[1])
    mean = pairs.mean(dim=0)
    _, directions = torch.linalg.eigh(torch.cov(pairs.T))
    kept = directions.T.flip(0)[: content.shape[1]]  # [C, 2 C], the widest spread first
    bias = model.ssl_proj.bias
    assert bias is not None
    with torch.no_grad():
        model.ssl_proj.weight.copy_(kept.unflatten(1, (CODE_FRAMES, -1)).transpose(1, 2))
        bias.copy_(-kept @ mean)
    return residual_books(model.quantizer, (pairs - mean) @ kept.T, seed)


class SovitsTrainer:
    """The networks, their optimisers, and one step of training."""

    def __init__(self, batches: Batches, config: SovitsConfig, run: Run, device: str) -> None:
        self._batches, self._config, self._run, self._device = batches, config, run, device
        torch.manual_seed(config.train.seed)
        self.model = Synthesizer(config.model).to(device)
        self.average = Synthesizer(config.model).to(device).requires_grad_(False)
        self.average.load_state_dict(self.model.state_dict())
        settings = config.train
        critics = WaveformDiscriminators(settings.discriminator_periods, settings.discriminator_divisor)
        self.critics = critics.to(device)
        self._judge = self._optimiser([{"params": list(critics.parameters()), "share": 1.0}])
        self._spectrogram = Spectrogram(config.spectrogram).to(device)
        self._spectral = SpectralLoss(config.spectrogram.rate).to(device)
        self._maker = self._optimiser(_groups(self.model, config))

    def _optimiser(self, parameters: Any) -> torch.optim.AdamW:
        train_config = self._config.train
        return torch.optim.AdamW(
            parameters, train_config.learning_rate, betas=train_config.betas, eps=train_config.eps, weight_decay=0.01
        )

    @property
    def parts(self) -> dict[str, Any]:
        """What a checkpoint holds."""
        return {
            "model": self.model,
            "average": self.average,
            "critics": self.critics,
            "maker": self._maker,
            "judge": self._judge,
        }

    def step(self) -> dict[str, float]:
        """One batch; returns the losses."""
        weights = self._config.train
        batch = Batch(*(part.to(self._device) for part in self._batches.draw()))
        ids = torch.full((len(batch.lengths), 1), TEXT, device=self._device)
        with torch.autocast(self._device, torch.bfloat16):
            made = self.model(batch.content, batch.spectrograms, batch.lengths, ids, torch.ones_like(ids[:, 0]))
        wav = made.wav.float()
        true = slices(batch.waveforms[:, None], made.starts * self._config.hop, wav.shape[-1])
        true_mel = slices(self._spectrogram.mel(batch.spectrograms), made.starts, self._config.model.segment_frames)
        losses = {
            "mel": weights.c_mel * F.l1_loss(self._spectrogram(wav[:, 0]), true_mel),
            "kl": weights.c_kl * divergence(made.z_p, made.logs_q, made.m_p, made.logs_p, made.mask),
            "kl_ssl": made.commitment.float().sum(),
        }
        if weights.c_stft:
            losses["stft"] = weights.c_stft * self._spectral(wav[:, 0], true[:, 0])
        if self._run.progress >= weights.adversarial_from:
            losses |= self._play(wav, true)
        judged = losses.pop("judge", None)
        self._update(self._maker, self.model, torch.stack(list(losses.values())).sum())
        follow(self.average, self.model, EMA_KEEP if self._run.step > 1000 else 0.99)
        shown = losses if judged is None else losses | {"judge": judged}
        return {name: float(loss.detach()) for name, loss in shown.items()}

    def _play(self, made: Tensor, true: Tensor) -> dict[str, Tensor]:
        """Train the critics on both waveforms [B, 1, N] and return what they ask of the synthesizer."""
        with torch.autocast(self._device, torch.bfloat16):
            judged = discriminator_loss(self.critics(true), self.critics(made.detach()))
        self._update(self._judge, self.critics, judged)
        self.critics.requires_grad_(False)
        with torch.autocast(self._device, torch.bfloat16):
            with torch.no_grad():
                of_true = self.critics(true)
            of_made = self.critics(made)
            losses = {"fool": adversarial_loss(of_made), "match": matching_loss(of_true, of_made)}
        self.critics.requires_grad_(True)
        return losses | {"judge": judged.detach()}

    def _update(self, optimiser: torch.optim.Optimizer, networks: nn.Module, loss: Tensor) -> None:
        for group in optimiser.param_groups:
            group["lr"] = group["share"] * self._run.rate(self._config.train.learning_rate)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(networks.parameters(), MOST_GRADIENT)
        optimiser.step()


def _groups(model: Synthesizer, config: SovitsConfig) -> list[dict[str, Any]]:
    """Parameters in two groups: those of the text learn slower."""
    slow = [p for name, p in model.named_parameters() if name.startswith(SLOW_PARTS)]
    chosen = {id(p) for p in slow}
    others = [p for p in model.parameters() if id(p) not in chosen]
    return [{"params": others, "share": 1.0}, {"params": slow, "share": config.train.text_low_lr_rate}]


def train_sovits(
    recordings: Recordings, folder: Path, config: SovitsConfig, minutes: float, device: str = "cpu"
) -> Synthesizer:
    """Train until `minutes` are spent, resuming from the folder's checkpoint; returns the averaged weights."""
    run = Run(folder, minutes)
    batches = Batches(recordings, Spectrogram(config.spectrogram), config.train.batch_size, config.train.seed)
    trainer = SovitsTrainer(batches, config, run, device)
    if not run.checkpoint.exists():
        folder.mkdir(parents=True, exist_ok=True)
        left = start_quantizer(trainer.model, recordings.content.flatten(0, 1).float(), config.train.seed)
        trainer.average.load_state_dict(trainer.model.state_dict())
        run.log({"variance_left_percent": left, "config": _facts(config)})
    train(run, trainer.step, trainer.parts)
    return trainer.average


def _facts(config: SovitsConfig) -> Mapping[str, Any]:
    return {"train": asdict(config.train), "model": asdict(config.model)}
