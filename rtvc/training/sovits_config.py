"""The configuration of a SoVITS training: a JSON file in the layout of GPT-SoVITS' `s2.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from math import prod
from pathlib import Path
from typing import Any

from models.spectrogram import SpectrogramConfig
from models.synthesizer import SynthesizerConfig
from rtvc.errors import ConfigError
from rtvc.nearest import hint

FRAME_RATE = 50

SMALL = SynthesizerConfig(
    spec_channels=513,
    reference_bins=352,
    inter_channels=128,
    hidden_channels=128,
    filter_channels=384,
    n_layers=4,
    p_dropout=0.05,
    mrte_width=128,
    mrte_heads=2,
    ssl_dim=96,
    codebooks=4,
    gin_channels=128,
    posterior_layers=6,
    flow_layers=3,
    resblock="2",
    resblock_kernel_sizes=(3, 5, 7),
    resblock_dilation_sizes=((1, 2), (2, 6), (3, 12)),
    upsample_rates=(10, 8, 2, 2),
    upsample_initial_channel=192,
    upsample_kernel_sizes=(16, 16, 4, 4),
    segment_frames=24,
)
"""A tenth of v2 at 16 kHz, told by the content encoder of the family `live` in place of HuBERT, to learn on a CPU."""


@dataclass(frozen=True)
class TrainSection:
    """How it learns; `c_stft` weighs a multi-resolution loss that the original does not have (0: none).

    The discriminators join after `adversarial_from` of the time; 0 is how the original does it.
    """

    seed: int = 1234
    learning_rate: float = 1e-4
    betas: tuple[float, float] = (0.8, 0.99)
    eps: float = 1e-9
    batch_size: int = 32
    c_mel: float = 45.0
    c_kl: float = 1.0
    c_stft: float = 0.0
    text_low_lr_rate: float = 0.4
    adversarial_from: float = 0.0
    discriminator_periods: tuple[int, ...] = (2, 3, 5, 7, 11)
    discriminator_divisor: int = 1
    """The discriminators have so many times fewer channels than the original's."""


@dataclass(frozen=True)
class SovitsConfig:
    """What `rtvc train sovits --recipe FILE` reads."""

    train: TrainSection = field(default_factory=TrainSection)
    model: SynthesizerConfig = field(default_factory=SynthesizerConfig)

    @property
    def hop(self) -> int:
        """Samples of a frame."""
        return prod(self.model.upsample_rates)

    @property
    def spectrogram(self) -> SpectrogramConfig:
        """What the posterior encoder and the style encoder look at."""
        return SpectrogramConfig(FRAME_RATE * self.hop, 2 * (self.model.spec_channels - 1), self.hop)


SMALL_RUN = SovitsConfig(
    TrainSection(
        learning_rate=1e-3,
        batch_size=8,
        c_mel=20.0,
        c_kl=0.1,
        c_stft=10.0,
        adversarial_from=0.7,
        discriminator_periods=(2, 3, 5),
        discriminator_divisor=8,
    ),
    SMALL,
)
"""What runs where no file is given.

The divergence weighs little: at the original's weight of 1 the posterior of so small a network says nothing at first
(1.3 nats a frame after 950 steps, mel loss .79), at .1 it does (4 nats, .67 after 1550)."""


def read_config(path: Path) -> SovitsConfig:
    """Read sections `train` and `model` of a JSON file; ConfigError for what is neither known nor of the right kind."""
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(facts, dict):
        raise ConfigError(f"{path} holds no sections")
    train = _section(TrainSection(), facts.get("train", {}), f"{path}, section train")
    model = _section(SynthesizerConfig(), facts.get("model", {}), f"{path}, section model")
    return SovitsConfig(train, model)


def _section(defaults: Any, given: Mapping[str, Any], where: str) -> Any:
    """Return the defaults with what is given in place of them."""
    if not isinstance(given, dict):
        raise ConfigError(f"{where} is no list of names and values")
    known = {one.name for one in fields(defaults)}
    for name, value in given.items():
        if name not in known:
            raise ConfigError(f"{where} has no {name!r}{hint(name, known)}")
        default = getattr(defaults, name)
        fits = isinstance(value, list) if isinstance(default, tuple) else isinstance(value, type(default) | int)
        if not fits or (isinstance(default, bool) != isinstance(value, bool)):
            raise ConfigError(f"{where}: {name} cannot be {value!r}")
    return replace(defaults, **{name: _frozen(value) for name, value in given.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value
