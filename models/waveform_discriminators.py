"""The critics of GPT-SoVITS: HiFi-GAN's multi-period ones (Kong et al. 2020) and one at the rate of the samples.

Each returns its scores and the feature maps of its layers, the scores among them. Keys are those of the checkpoints.
"""

from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from models.weight_norm import NormedConv1d, NormedConv2d

SLOPE = 0.1
PERIODS = (2, 3, 5, 7, 11)
PRO_PERIODS = (*PERIODS, 17, 23)
"""Versions v2Pro and v2ProPlus have two periods more."""
PERIOD_WIDTHS = (1, 32, 128, 512, 1024, 1024)
SCALE_LAYERS = (
    (1, 16, 15, 1, 1),
    (16, 64, 41, 4, 4),
    (64, 256, 41, 4, 16),
    (256, 1024, 41, 4, 64),
    (1024, 1024, 41, 4, 256),
    (1024, 1024, 5, 1, 1),
)
"""Channels in and out, kernel, stride and groups of every layer."""


class ScaleDiscriminator(nn.Module):
    """Sees the samples as they are."""

    def __init__(self, divisor: int = 1) -> None:
        super().__init__()
        self.convs = nn.ModuleList(
            NormedConv1d(
                max(a // divisor, 1), b // divisor, kernel, stride, kernel // 2, groups=max(groups // divisor, 1)
            )
            for a, b, kernel, stride, groups in SCALE_LAYERS
        )
        self.conv_post = NormedConv1d(SCALE_LAYERS[-1][1] // divisor, 1, 3, padding=1)

    def forward(self, wav: Tensor) -> tuple[Tensor, list[Tensor]]:
        """wav [B, 1, N] -> scores [B, n] and feature maps [B, C, n]."""
        return _judged(wav, self.convs, self.conv_post)


class PeriodDiscriminator(nn.Module):
    """Sees every `period`-th sample side by side: wav [B, 1, N] folded to [B, 1, N / period, period]."""

    def __init__(self, period: int, divisor: int = 1) -> None:
        super().__init__()
        self.period = period
        last = len(PERIOD_WIDTHS) - 2
        self.convs = nn.ModuleList(
            NormedConv2d(max(a // divisor, 1), b // divisor, (5, 1), (1 if i == last else 3, 1), (2, 0))
            for i, (a, b) in enumerate(pairwise(PERIOD_WIDTHS))
        )
        self.conv_post = NormedConv2d(PERIOD_WIDTHS[-1] // divisor, 1, (3, 1), padding=(1, 0))

    def forward(self, wav: Tensor) -> tuple[Tensor, list[Tensor]]:
        """wav [B, 1, N] -> scores [B, n] and feature maps [B, C, n / period, period]; the end is mirrored."""
        whole = F.pad(wav, (0, -wav.shape[-1] % self.period), "reflect")
        return _judged(whole.unflatten(-1, (-1, self.period)), self.convs, self.conv_post)


class WaveformDiscriminators(nn.Module):
    """All of them, the one at the rate of the samples first; a `divisor` makes them so many times thinner."""

    def __init__(self, periods: tuple[int, ...] = PERIODS, divisor: int = 1) -> None:
        super().__init__()
        self.discriminators = nn.ModuleList(
            [ScaleDiscriminator(divisor), *(PeriodDiscriminator(p, divisor) for p in periods)]
        )

    def forward(self, wav: Tensor) -> list[tuple[Tensor, list[Tensor]]]:
        """wav [B, 1, N] -> (scores, feature maps) of each."""
        return [part(wav) for part in self.discriminators]


def _judged(x: Tensor, convs: nn.ModuleList, last: nn.Module) -> tuple[Tensor, list[Tensor]]:
    maps = []
    for conv in convs:
        x = F.leaky_relu(conv(x), SLOPE)
        maps.append(x)
    scores = last(x)
    return scores.flatten(1), [*maps, scores]
