"""What a voice is worth, by figures that need no other program: timbre, melody and phones of what it says."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from models.content_sizes import STEP
from models.losses import SpectralLoss
from models.rvq import ResidualVectorQuantizer
from models.source_filter import Generator
from rtvc.resample import Samples
from rtvc.training.views import CONTEXT, CROP, Frozen, Views

MOST_CROPS = 24
SILENCE = 0
SURE = 0.6
MEL_SCALE = 4.0
"""Natural logarithms of energy in one step of the encoder's log-mel."""


@dataclass(frozen=True)
class Score:
    """How the bundled reader sounds when the voice says it after him.

    `style_distance` is the RMS difference in dB between the mean and the spread of 80 mel bands of the converted
    reader and of the held-back recordings; for comparison of the reader himself (`style_source`) and of the training
    recordings (`style_own`), and `likeness` where it lies between these two: 0 the reader, 1 the speaker.
    `melody` is the correlation of log F0 with the reader's; `phones` the share of frames at which the encoder hears
    the same phone as in the reader's own sound; `held_back_loss` the spectral loss of the held-back recordings.
    """

    likeness: float
    style_distance: float
    style_source: float
    style_own: float
    melody: float
    phones: float
    held_back_loss: float


class HeldBack:
    """Recordings that were not learned from, remade by a generator from their own content and pitch."""

    def __init__(self, views: Views, quantizer: ResidualVectorQuantizer, device: str) -> None:
        self._device = device
        starts = [
            at for a, b in zip(views.bounds, views.bounds[1:], strict=False) for at in range(a, b - CROP + 1, CROP)
        ]
        starts = starts[:: max(len(starts) // MOST_CROPS, 1)]
        codes = torch.stack([views.codes[0, :, at : at + CROP] for at in starts], dim=1).long()
        self._content = quantizer.decode(codes).transpose(1, 2).to(device)
        self._hertz, self._voicing = (
            torch.stack([track[2 * at : 2 * (at + CROP)] for at in starts]).to(device)
            for track in (views.hertz, views.voicing)
        )
        step = views.step
        self._true = torch.stack([views.samples[step * at : step * (at + CROP)] for at in starts]).to(device)
        self._past = CONTEXT * step
        self._loss = SpectralLoss(views.rate).to(device)

    @torch.no_grad()
    def loss(self, generator: Generator) -> float:
        """Spectral loss, with the same noise every time."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            made = generator(self._content, self._hertz, self._voicing)
        return float(self._loss(made[:, self._past :], self._true[:, self._past :]))


@torch.inference_mode()
def score(
    frozen: Frozen, look_ahead: int, source: Samples, converted: Samples, own: Samples, held_back: Samples, loss: float
) -> Score:
    """Compare the bundled reader [n] with his conversion [n], and both with the speaker's recordings [m], at 16 kHz."""
    encoder, _, tracker = frozen
    heard = [_whole(x) for x in (source, converted)]
    of_source, of_made, of_own, of_held_back = (
        _style(encoder.mel(_whole(x))) for x in (source, converted, own, held_back)
    )
    before, now, at_best = (float((x - of_held_back).square().mean().sqrt()) for x in (of_source, of_made, of_own))
    pitches = [tracker.decide(tracker(x)) for x in heard]
    phones = [encoder.phones(encoder(x, look_ahead)).argmax(-1)[0] for x in heard]
    spoken = (phones[0] != SILENCE) | (phones[1] != SILENCE)
    voiced = (pitches[0].voicing[0] > SURE) & (pitches[1].voicing[0] > SURE)
    melody = _correlation(*(torch.log(one.hertz[0][voiced]) for one in pitches))
    agreed = float((phones[0] == phones[1])[spoken].float().mean()) if spoken.any() else 0.0
    between = (before - now) / max(before - at_best, 1e-6)
    return Score(float(np.clip(between, 0.0, 1.0)), now, before, at_best, melody, agreed, loss)


def _whole(samples: Samples) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(samples[: len(samples) // STEP * STEP], np.float32))[None]


def _style(mel: Tensor) -> Tensor:
    """Mean and spread in dB of every band over the louder half of the frames, level taken out [160]."""
    frames = mel[0] * (MEL_SCALE * 10 / np.log(10))
    energy = frames.mean(-1)
    frames = frames[energy >= energy.median()]
    mean = frames.mean(0)
    return torch.cat([mean - mean.mean(), frames.std(0)])


def _correlation(a: Tensor, b: Tensor) -> float:
    if len(a) < 10:
        return 0.0
    return float(torch.corrcoef(torch.stack([a, b]))[0, 1].nan_to_num())
