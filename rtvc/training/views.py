"""One speaker's recordings as a generator learns from them: codes of several views, F0, and the sound itself.

Speaker independence comes from perturbation: codes are also extracted from recordings whose vocal tract,
microphone and room are changed, while the sound to be made stays the speaker's own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from models.content import ContentEncoder
from models.content_sizes import RATE, STEP
from models.generator_sizes import VOICED
from models.pitch import PitchTracker
from models.rvq import ResidualVectorQuantizer
from rtvc.training import augment
from rtvc.training.loop import save

CROP = 60
"""Content frames of a crop; the first `CONTEXT` only fill the generator's past."""
CONTEXT = 12
BATCH = 8
BOOK_COUNTS, BOOK_SHARES = (1, 2, 3, 4, 6, 8), (0.12, 0.15, 0.13, 0.2, 0.15, 0.25)
VIEWS = 7
LOOK_AHEADS, LOOK_AHEAD_SHARES = (0, 1, 2, 4), (0.12, 0.2, 0.45, 0.23)
"""In frames of 20 ms: one generator serves every delay that a stream may choose."""

Frozen = tuple[ContentEncoder, ResidualVectorQuantizer, PitchTracker]
"""The networks that a generator is trained behind, and that stay as they are."""


class Take(NamedTuple):
    """A recording twice: at 16 kHz for content and pitch, and what is to be made, at a rate of its own.

    Both begin at the same moment.
    """

    heard: np.ndarray
    wanted: np.ndarray


@dataclass(frozen=True)
class Views:
    """One speaker's recordings as the generator sees them, joined end to end.

    `codes` [V, K, T] of every view at 50 Hz, `hertz` and `voicing` [2 T] at 100 Hz, `samples` [step T] at `rate`,
    `bounds` [U + 1] frames at which recordings begin.
    """

    codes: Tensor
    hertz: Tensor
    voicing: Tensor
    samples: Tensor
    bounds: np.ndarray
    rate: int = RATE

    @property
    def step(self) -> int:
        """Samples of a frame of 20 ms."""
        return step_at(self.rate)

    @property
    def mean_hz(self) -> float:
        """Geometric mean of the voiced F0."""
        return float(torch.exp(torch.log(self.hertz[self.voicing > VOICED]).mean()))


def step_at(rate: int) -> int:
    """Samples of a content frame at a generator's rate."""
    return STEP * rate // RATE


def views_of(
    recordings: Iterable[np.ndarray | Take],
    frozen: Frozen,
    look_ahead: int | None = None,
    count: int = VIEWS,
    seed: int = 0,
    rate: int = RATE,
) -> Views:
    """Extract `count` views of every recording; the first is unchanged. Short recordings are left out.

    Recordings are at 16 kHz [n], or takes whose `wanted` sound is at `rate`.
    The encoder looks ahead by `look_ahead` frames; None draws as many as a stream may choose anew for every view.
    Raises ValueError where none is left.
    """
    encoder, quantizer, tracker = frozen
    rng = np.random.default_rng(seed)
    bases = augment.warped_bases()
    codes, hertz, voicing, samples, bounds = [], [], [], [], [0]
    for recording in recordings:
        heard, wanted = recording if isinstance(recording, Take) else (recording, recording)
        frames = len(heard) // STEP
        if frames < CROP:
            continue
        clean = torch.from_numpy(heard[: frames * STEP])[None]
        with torch.inference_mode():
            pitch = tracker.decide(tracker(clean))
            mel = encoder.mel(_changed(clean.repeat(count, 1), rng), _bases(bases, rng, count))
            content = _content(
                encoder, mel, draw_look_aheads(rng, count) if look_ahead is None else [look_ahead] * count
            )
            codes.append(quantizer.encode(content.transpose(1, 2)).transpose(0, 1).to(torch.int16))
        hertz.append(pitch.hertz[0])
        voicing.append(pitch.voicing[0])
        samples.append(torch.from_numpy(_as_long(wanted, frames * step_at(rate))))
        bounds.append(bounds[-1] + frames)
    if not codes:
        raise ValueError(f"no recording has {CROP} frames")
    return Views(
        torch.cat(codes, dim=-1),
        torch.cat(hertz).clone(),
        torch.cat(voicing).clone(),
        torch.cat(samples),
        np.array(bounds),
        rate,
    )


def _as_long(samples: np.ndarray, length: int) -> np.ndarray:
    """Samples cut, or followed by silence, to `length`: resampling rounds the ends of recordings."""
    return np.pad(samples[:length], (0, max(length - len(samples), 0)))


def draw_look_aheads(rng: np.random.Generator, count: int) -> list[int]:
    """As many look-aheads, in frames of 20 ms, as views are extracted."""
    drawn: list[int] = rng.choice(LOOK_AHEADS, count, p=LOOK_AHEAD_SHARES).tolist()
    return drawn


def _content(encoder: ContentEncoder, mel: Tensor, look_aheads: list[int]) -> Tensor:
    """Log-mel [V, 2 T, 80] of views and the look-ahead of each -> content [V, T, 96]."""
    content = mel.new_empty(len(mel), mel.shape[1] // 2, encoder.config.content)
    for look_ahead in set(look_aheads):
        rows = [i for i, own in enumerate(look_aheads) if own == look_ahead]
        content[rows] = encoder.features(mel[rows], look_ahead)
    return content


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
    """Store views beside a run, whole or not at all."""
    save(path, vars(views) | {"bounds": torch.from_numpy(views.bounds)})


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
        """Content [B, T, 96], F0 and voicing [B, 2 T], waveform [B, step T]."""
        rng, views = self._rng, self._views
        parts: list[tuple[Tensor, ...]] = []
        for _ in range(BATCH):
            which = rng.choice(len(self._weights), p=self._weights)
            start = int(rng.integers(views.bounds[which], views.bounds[which + 1] - CROP + 1))
            used = int(rng.choice(BOOK_COUNTS, p=BOOK_SHARES))
            codes = views.codes[rng.integers(len(views.codes)), :used, start : start + CROP]
            fast = slice(2 * start, 2 * (start + CROP))
            wav = views.samples[views.step * start : views.step * (start + CROP)]
            parts.append(
                (self._quantizer.decode(codes.long()[:, None])[0].T, views.hertz[fast], views.voicing[fast], wav)
            )
        content, hertz, voicing, wav = (torch.stack(column) for column in zip(*parts, strict=True))
        return content, hertz, voicing, wav
