"""ERes2NetV2 (Chen et al. 2024): who speaks, as a vector, for versions v2Pro and v2ProPlus of GPT-SoVITS.

The vector is what stands before the network's pooling: the mean over time of its last feature maps. Keys are those of
`pretrained_eres2netv2w24s4ep4.ckpt`; its last matrix is loaded but not used here.
"""

from dataclasses import dataclass
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.fbank import FilterBank

HIGHEST = 20.0
SQUEEZE = 4
"""Channels of an attention are fewer by this factor inside."""


class Stage(NamedTuple):
    """Blocks of one width; fused ones weigh their parts by attention."""

    planes: int
    blocks: int
    stride: int
    fused: bool


@dataclass(frozen=True)
class SpeakerConfig:
    """Sizes of the network; the defaults are those of the published weights."""

    bins: int = 80
    channels: int = 64
    base_width: int = 24
    scale: int = 4
    expansion: int = 4
    embedding: int = 192
    stages: tuple[Stage, Stage, Stage, Stage] = (
        Stage(64, 3, 1, False),
        Stage(128, 4, 2, False),
        Stage(256, 6, 2, True),
        Stage(512, 3, 2, True),
    )

    @property
    def width(self) -> int:
        """Numbers of the vector."""
        return self.stages[-1].planes * self.expansion * (self.bins // 8)


class AttentiveFusion(nn.Module):
    """Adds two maps, each weighed by 0 to 2, together 2, from a look at both."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        inner = channels // SQUEEZE
        self.local_att = nn.Sequential(
            nn.Conv2d(2 * channels, inner, 1),
            nn.BatchNorm2d(inner),
            nn.SiLU(),
            nn.Conv2d(inner, channels, 1),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Two [B, C, F, T] -> [B, C, F, T]."""
        weight = 1.0 + self.local_att(torch.cat([x, y], dim=1)).tanh()
        return x * weight + y * (2.0 - weight)


class Block(nn.Module):
    """A bottleneck whose parts are convolved one after another, each joined with the part before it."""

    def __init__(self, channels: int, stage: Stage, stride: int, config: SpeakerConfig) -> None:
        super().__init__()
        self.scale = config.scale
        width = stage.planes * config.base_width // 64
        out = stage.planes * config.expansion
        self.conv1 = nn.Conv2d(channels, width * self.scale, 1, stride, bias=False)
        self.bn1 = nn.BatchNorm2d(width * self.scale)
        self.convs = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1, bias=False) for _ in range(self.scale))
        self.bns = nn.ModuleList(nn.BatchNorm2d(width) for _ in range(self.scale))
        if stage.fused:
            self.fuse_models = nn.ModuleList(AttentiveFusion(width) for _ in range(self.scale - 1))
        self.conv3 = nn.Conv2d(width * self.scale, out, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(out)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels != out:
            self.shortcut = nn.Sequential(nn.Conv2d(channels, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, F, T] -> [B, C', F / stride, T / stride]."""
        parts = _clipped(self.bn1(self.conv1(x))).chunk(self.scale, dim=1)
        made: list[Tensor] = []
        for i, part in enumerate(parts):
            joined = part if i == 0 else self._joined(made[-1], part, i - 1)
            made.append(_clipped(self.bns[i](self.convs[i](joined))))
        return _clipped(self.bn3(self.conv3(torch.cat(made, dim=1))) + self.shortcut(x))

    def _joined(self, before: Tensor, part: Tensor, i: int) -> Tensor:
        return self.fuse_models[i](before, part) if hasattr(self, "fuse_models") else before + part


class SpeakerNetwork(nn.Module):
    """Speech at 16 kHz to a vector of its speaker; to be used in evaluation mode."""

    def __init__(self, config: SpeakerConfig | None = None) -> None:
        super().__init__()
        self.config = c = config or SpeakerConfig()
        self.conv1 = nn.Conv2d(1, c.channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(c.channels)
        channels = c.channels
        for i, stage in enumerate(c.stages, start=1):
            self.add_module(f"layer{i}", _stage(channels, stage, c))
            channels = stage.planes * c.expansion
        self.layer3_ds = nn.Conv2d(channels // 2, channels, 3, 2, padding=1, bias=False)
        self.fuse34 = AttentiveFusion(channels)
        self.seg_1 = nn.Linear(2 * c.width, c.embedding)

    def forward(self, features: Tensor) -> Tensor:
        """Log-mel energies [B, T, 80] -> [B, 20480]."""
        x = self.bn1(self.conv1(features.transpose(-1, -2)[:, None])).relu()
        for name in ("layer1", "layer2", "layer3"):
            x = self.get_submodule(name)(x)
        deepest = self.get_submodule("layer4")(x)
        return self.fuse34(deepest, self.layer3_ds(x)).flatten(1, 2).mean(dim=-1)


def embed_speaker(network: SpeakerNetwork, samples: Tensor) -> Tensor:
    """Samples [B, N] at 16 kHz -> vectors [B, 20480].

    The level matters; raises ValueError where there is not one frame of 25 ms.
    """
    bank = FilterBank(network.config.bins).to(samples.device)
    return cast(Tensor, network(bank(samples)))


def _stage(channels: int, stage: Stage, config: SpeakerConfig) -> nn.Sequential:
    out = stage.planes * config.expansion
    first = Block(channels, stage, stage.stride, config)
    return nn.Sequential(first, *(Block(out, stage, 1, config) for _ in range(stage.blocks - 1)))


def _clipped(x: Tensor) -> Tensor:
    return F.hardtanh(x, 0.0, HIGHEST)
