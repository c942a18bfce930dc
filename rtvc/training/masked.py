"""Masked prediction (HuBERT, Hsu et al. 2021): spans are hidden from the encoder, which has to guess their units.

Units are clusters of clean speech: of its cepstra at first, and of the middle layer of an encoder which learned from
those then. They need no phones, so every recording teaches.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.content import ContentEncoder
from models.content_sizes import MEL_BINS, ContentConfig, spread
from models.rvq import EuclideanCodebook, kmeans
from rtvc.training.loop import save

SPAN = 10
"""Frames of 20 ms hidden from one start on."""
HEARD_WEIGHT = 0.1
"""What a frame that is heard counts, next to 1 of a hidden one."""
COEFFICIENTS = 13
CEPSTRUM_UNITS, LAYER_UNITS = 100, 200
DRAWS = 24
"""Batches of crops from which the clusters are made."""
ITERATIONS = 20


class Units(nn.Module):
    """Numbers the frames of clean speech: the nearest cluster of their cepstra, or of a listener's middle layer."""

    def __init__(self, listener: ContentEncoder | None = None) -> None:
        super().__init__()
        self.listener = listener.requires_grad_(False) if listener else None
        width = listener.config.width if listener else 3 * COEFFICIENTS
        self.book = EuclideanCodebook(width, LAYER_UNITS if listener else CEPSTRUM_UNITS)

    @property
    def count(self) -> int:
        """How many units there are."""
        return len(self.book.embed)

    @torch.no_grad()
    def forward(self, mel: Tensor) -> Tensor:
        """Log-mel of clean speech [B, 2 T, 80] -> units [B, T]."""
        return self.book.encode(self._described(mel))

    @torch.no_grad()
    def fit(self, mels: Iterable[Tensor]) -> None:
        """Make the clusters from log-mels of clean speech, [B, 2 T, 80] each."""
        frames = torch.cat([self._described(mel).flatten(0, 1) for mel in mels])
        self.book.embed.copy_(kmeans(frames, self.count, ITERATIONS)[0])

    def _described(self, mel: Tensor) -> Tensor:
        if self.listener is None:
            return cepstra(mel)
        config = self.listener.config
        return next(islice(layers(self.listener, mel, config.max_right), config.blocks // 2, None))


def units_in(file: Path, mels: Iterable[Tensor], start_from: Path | None) -> Units:
    """Units as `file` keeps them; they are made and kept there if it is missing.

    The listener is the averaged encoder of the checkpoint `start_from`; without one the units are of cepstra.
    """
    if file.exists():
        kept = torch.load(file, map_location="cpu", weights_only=True)
        units = Units(ContentEncoder(ContentConfig()) if kept["listens"] else None)
        units.load_state_dict(kept["units"])
        return units
    listener = None
    if start_from:
        listener = ContentEncoder(ContentConfig())
        listener.load_state_dict(torch.load(start_from, map_location="cpu", weights_only=True)["parts"]["teacher"])
    units = Units(listener)
    units.fit(mels)
    file.parent.mkdir(parents=True, exist_ok=True)
    save(file, {"listens": listener is not None, "units": units.state_dict()})
    return units


def layers(encoder: ContentEncoder, mel: Tensor, look_ahead: int) -> Iterator[Tensor]:
    """Log-mel [B, 2 T, 80] -> the output of each block in turn [B, T, C]."""
    x = encoder.down(encoder.opened(encoder.front(mel.transpose(1, 2)))).transpose(1, 2)
    for block, right in zip(encoder.blocks, spread(look_ahead, len(encoder.blocks)), strict=True):
        x = block(x, right)
        yield x


def cepstra(mel: Tensor) -> Tensor:
    """Log-mel [B, 2 T, 80] -> 13 MFCC with their first and second slopes at the end of every frame [B, T, 39]."""
    angles = torch.pi / MEL_BINS * (torch.arange(MEL_BINS, device=mel.device) + 0.5)
    basis = torch.cos(angles[:, None] * torch.arange(COEFFICIENTS, device=mel.device))
    with torch.autocast(mel.device.type, enabled=False):
        still = mel.float() @ basis
    first = _slopes(still)
    return torch.cat([still, first, _slopes(first)], dim=-1)[:, 1::2]


def _slopes(x: Tensor) -> Tensor:
    """[B, T, C] -> slope of the line through five steps around each [B, T, C]."""
    padded = F.pad(x.transpose(1, 2), (2, 2), mode="replicate").transpose(1, 2)
    steps = x.shape[1]
    near = padded[:, 3 : 3 + steps] - padded[:, 1 : 1 + steps]
    far = padded[:, 4 : 4 + steps] - padded[:, :steps]
    return (near + 2 * far) / 10


def draw_spans(batch: int, frames: int, share: float, rng: np.random.Generator) -> Tensor:
    """Frames to hide [B, T], in spans of `SPAN` that may overlap; `share` of all frames on average."""
    chance = 1 - (1 - share) ** (1 / SPAN)
    starts = rng.random((batch, frames + SPAN - 1)) < chance
    return torch.from_numpy(np.lib.stride_tricks.sliding_window_view(starts, SPAN, axis=1).any(-1))


def hide(mel: Tensor, hidden: Tensor) -> Tensor:
    """Set the hidden frames [B, T] of a log-mel [B, 2 T, 80] to its row's mean."""
    return torch.where(hidden.repeat_interleave(2, dim=1)[..., None], mel.mean((1, 2), keepdim=True), mel)


def guessed(scores: Tensor, units: Tensor, hidden: Tensor, closed: Tensor) -> tuple[Tensor, Tensor]:
    """Cross entropy of scores [B, T, K] with units [B, T], and the share of the hidden frames [B, T] guessed right.

    Frames of which a gate took the sound, `closed` [B, T], do not count.
    """
    unlikely = F.cross_entropy(scores.float().transpose(1, 2), units, reduction="none")
    weights = torch.where(hidden, 1.0, HEARD_WEIGHT) * ~closed
    asked = hidden & ~closed
    right = (scores.argmax(-1) == units) & asked
    return (unlikely * weights).sum() / weights.sum().clamp(min=1), right.sum() / asked.sum().clamp(min=1)
