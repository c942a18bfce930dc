"""HuBERT (Hsu et al. 2021): speech at 16 kHz to a description of what is said, 50 vectors a second.

Modules are named as in Hugging Face checkpoints. Two styles exist: the base model, with one GroupNorm over time after
the first convolution and post-norm layers, and the large ones, with LayerNorm everywhere and pre-norm layers. Frame i
sees samples 320 i to 320 i + 399 through the convolutions, 64 frames back and 63 ahead through the positional
convolution, and every frame of its input through the attention.
"""

from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.attention import SelfAttention


@dataclass(frozen=True)
class HubertConfig:
    """Sizes of a HuBERT; the defaults are those of the base model.

    `input_gain` multiplies the samples first. GroupNorm undoes it, and a large one keeps quiet input clear of the
    norm's epsilon: without it, features change with the level of the microphone.
    """

    conv_channels: int = 512
    conv_kernels: tuple[int, ...] = (10, 3, 3, 3, 3, 2, 2)
    conv_strides: tuple[int, ...] = (5, 2, 2, 2, 2, 2, 2)
    conv_bias: bool = False
    conv_norm: Literal["group_norm", "layer_norm"] = "group_norm"
    width: int = 768
    feed_forward: int = 3072
    layers: int = 12
    heads: int = 12
    position_kernel: int = 128
    position_groups: int = 16
    norm_first: bool = False
    input_gain: float = 1000.0


LARGE = HubertConfig(
    conv_bias=True,
    conv_norm="layer_norm",
    width=1024,
    feed_forward=4096,
    layers=24,
    heads=16,
    norm_first=True,
    input_gain=1.0,
)
"""The large model; its biases see the level, so samples must have zero mean and unit variance."""


@dataclass(frozen=True)
class ChannelStatistics:
    """Mean and variance [C] over time of the first convolution's output, in place of those of the input at hand."""

    mean: Tensor
    variance: Tensor


def frame_count(samples: int, config: HubertConfig | None = None) -> int:
    """Return how many frames that many samples give; 0 where they are fewer than one frame takes."""
    config = config or HubertConfig()
    for kernel, stride in zip(config.conv_kernels, config.conv_strides, strict=True):
        samples = max((samples - kernel) // stride + 1, 0)
    return samples


class ConvLayer(nn.Module):
    """Convolution, an optional norm, GELU, all in the precision of the weights."""

    def __init__(self, conv: nn.Conv1d, norm: nn.GroupNorm | nn.LayerNorm | None) -> None:
        super().__init__()
        self.conv = conv
        self.layer_norm = norm

    def forward(self, x: Tensor, statistics: ChannelStatistics | None = None) -> Tensor:
        """[B, C, T] -> [B, C', T']; `statistics` replace those that a GroupNorm would take from `x`."""
        x = self.conv(x.to(self.conv.weight.dtype))
        if isinstance(self.layer_norm, nn.LayerNorm):
            x = self.layer_norm(x.transpose(1, 2)).transpose(1, 2)
        elif self.layer_norm is not None:
            x = self.layer_norm(x) if statistics is None else _normalise(x, self.layer_norm, statistics)
        return F.gelu(x)


def _normalise(x: Tensor, norm: nn.GroupNorm, statistics: ChannelStatistics) -> Tensor:
    scale = norm.weight * torch.rsqrt(statistics.variance + norm.eps)
    return x * scale[:, None] + (norm.bias - statistics.mean * scale)[:, None]


class FeatureExtractor(nn.Module):
    """Seven convolutions from samples to frames of 20 ms, each of them over 400 samples."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.config = config
        layers, channels = [], 1
        for i, (kernel, stride) in enumerate(zip(config.conv_kernels, config.conv_strides, strict=True)):
            conv = nn.Conv1d(channels, config.conv_channels, kernel, stride, bias=config.conv_bias)
            nn.init.kaiming_normal_(conv.weight)
            channels = config.conv_channels
            layers.append(ConvLayer(conv, _conv_norm(config, first=i == 0)))
        self.conv_layers = nn.ModuleList(layers)

    def forward(
        self, samples: Tensor, lengths: Tensor | None = None, statistics: ChannelStatistics | None = None
    ) -> tuple[Tensor, Tensor | None]:
        """Samples [B, N] and how many of each row count [B] -> features [B, T, C] and how many frames count [B]."""
        if frame_count(samples.shape[-1], self.config) == 0:
            x = samples.new_zeros(samples.shape[0], self.config.conv_channels, 0)
        else:
            x = samples[:, None]
            for i, layer in enumerate(self.conv_layers):
                x = layer(x, statistics if i == 0 else None)
        return x.transpose(1, 2), None if lengths is None else self.frame_counts(lengths)

    def frame_counts(self, lengths: Tensor) -> Tensor:
        """Numbers of samples -> numbers of frames, element by element."""
        return torch.tensor([frame_count(n, self.config) for n in lengths.tolist()], device=lengths.device)

    def statistics(self, samples: Tensor) -> ChannelStatistics:
        """What GroupNorm would take from samples [B, N], over all rows together; N is at least the first kernel."""
        first = self.conv_layers[0]
        assert isinstance(first, ConvLayer)
        variance, mean = torch.var_mean(first.conv(samples[:, None]), dim=(0, 2), correction=0)
        return ChannelStatistics(mean, variance)


def _conv_norm(config: HubertConfig, first: bool) -> nn.GroupNorm | nn.LayerNorm | None:
    if config.conv_norm == "layer_norm":
        return nn.LayerNorm(config.conv_channels)
    return nn.GroupNorm(config.conv_channels, config.conv_channels) if first else None


class FeatureProjection(nn.Module):
    """LayerNorm, then a matrix to the transformer's width."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.layer_norm = nn.LayerNorm(config.conv_channels)
        self.projection = nn.Linear(config.conv_channels, config.width)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, 512] -> [B, T, C]."""
        return self.projection(self.layer_norm(x))


class PositionalConv(nn.Module):
    """The weight-normed convolution whose weights are `weight_g` times `weight_v` over its norm at each tap."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.groups = config.position_groups
        shape = (config.width, config.width // config.position_groups, config.position_kernel)
        self.bias = nn.Parameter(torch.zeros(config.width))
        self.weight_g = nn.Parameter(torch.ones(1, 1, config.position_kernel))
        self.weight_v = nn.Parameter(torch.randn(shape))
        nn.init.constant_(self.weight_g, (4.0 * shape[0] / config.position_kernel) ** 0.5)

    def forward(self, x: Tensor) -> Tensor:
        """[B, C, T] -> [B, C, T]."""
        return F.conv1d(F.pad(x, self._edges), self._weight(), self.bias, groups=self.groups)

    def plain(self) -> nn.Module:
        """Return the convolution with its weights multiplied out."""
        width, _, kernel = self.weight_v.shape
        with torch.device("meta"):
            conv = nn.Conv1d(width, width, kernel, groups=self.groups)
        weights = {"weight": self._weight().detach(), "bias": self.bias.detach().clone()}
        conv.load_state_dict(weights, assign=True)
        return nn.Sequential(nn.ConstantPad1d(self._edges, 0.0), conv.requires_grad_(False)).train(self.training)

    @property
    def _edges(self) -> tuple[int, int]:
        kernel = self.weight_v.shape[-1]
        return kernel // 2, (kernel - 1) // 2

    def _weight(self) -> Tensor:
        return self.weight_v * (self.weight_g / self.weight_v.norm(dim=(0, 1), keepdim=True))


class PositionalEmbedding(nn.Module):
    """What tells frames their places: a convolution over 2.5 s, and GELU."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.conv = PositionalConv(config)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, C] -> [B, T, C]."""
        return F.gelu(self.conv(x.transpose(1, 2))).transpose(1, 2) if x.shape[1] else x


class FeedForward(nn.Module):
    """Two matrices with GELU between."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.intermediate_dense = nn.Linear(width, inner)
        self.output_dense = nn.Linear(inner, width)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, C] -> [B, T, C]."""
        return self.output_dense(F.gelu(self.intermediate_dense(x)))


class EncoderLayer(nn.Module):
    """Attention and feed-forward, each added to its input; the norms stand after the sums, or first in each part."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.norm_first = config.norm_first
        self.attention = SelfAttention(config.width, config.heads)
        self.layer_norm = nn.LayerNorm(config.width)
        self.feed_forward = FeedForward(config.width, config.feed_forward)
        self.final_layer_norm = nn.LayerNorm(config.width)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """[B, T, C] -> [B, T, C]."""
        if self.norm_first:
            x = x + self.attention(self.layer_norm(x), mask)
            return x + self.feed_forward(self.final_layer_norm(x))
        x = self.layer_norm(x + self.attention(x, mask))
        return self.final_layer_norm(x + self.feed_forward(x))


class Encoder(nn.Module):
    """Places, then the layers; the norm of its own stands before post-norm layers and after pre-norm ones."""

    def __init__(self, config: HubertConfig) -> None:
        super().__init__()
        self.norm_first = config.norm_first
        self.pos_conv_embed = PositionalEmbedding(config)
        self.layer_norm = nn.LayerNorm(config.width)
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.layers))

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> list[Tensor]:
        """[B, T, C] and how many frames of each row count [B] -> what goes into the first layer and out of each one."""
        mask = None
        if lengths is not None:
            counts = torch.arange(x.shape[1], device=x.device) < lengths[:, None]
            x, mask = x * counts[..., None], counts[:, None, None]
        x = x + self.pos_conv_embed(x)
        states = [x if self.norm_first else self.layer_norm(x)]
        for layer in self.layers:
            states.append(layer(states[-1], mask))
        if self.norm_first:
            states[-1] = self.layer_norm(states[-1])
        return states


class Hubert(nn.Module):
    """The whole network, without the heads that only training needs."""

    def __init__(self, config: HubertConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or HubertConfig()
        self.masked_spec_embed = nn.Parameter(torch.rand(config.width))
        self.feature_extractor = FeatureExtractor(config)
        self.feature_projection = FeatureProjection(config)
        self.encoder = Encoder(config)

    def forward(self, samples: Tensor, statistics: ChannelStatistics | None = None) -> Tensor:
        """Samples [B, N] in -1 to 1 -> feats [B, C, T] of the last layer."""
        return self.hidden_states(samples, statistics=statistics)[-1].transpose(1, 2)

    def hidden_states(
        self,
        samples: Tensor,
        lengths: Tensor | None = None,
        statistics: ChannelStatistics | None = None,
        masked: Tensor | None = None,
    ) -> list[Tensor]:
        """Samples [B, N] -> [B, T, C] before the first layer and after each one.

        `lengths` [B] says how many samples of each row count; frames where `masked` [B, T] is True are hidden from
        the encoder, which is how HuBERT is trained.
        """
        features, counts = self.feature_extractor(samples * self.config.input_gain, lengths, statistics)
        x = self.feature_projection(features)
        if masked is not None:
            x = torch.where(masked[..., None], self.masked_spec_embed, x)
        return self.encoder(x, counts)

    def statistics(self, samples: Tensor) -> ChannelStatistics:
        """What the first norm would take from samples [B, N]; to be given to `forward` where windows must agree."""
        return self.feature_extractor.statistics(samples * self.config.input_gain)
