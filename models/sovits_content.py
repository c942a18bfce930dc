"""Where a SoVITS voice gets its content from: HuBERT, or the causal encoder of the family `live`, over windows."""

import copy
from typing import Protocol

import torch
from torch import Tensor, nn

from models.content import ContentEncoder
from models.content_sizes import MEL_HOP, MEL_WINDOW, STEP
from models.hubert import ChannelStatistics, Encoder, FeatureExtractor, Hubert
from models.hubert_stream import HubertStream
from models.integer import IntegerLinear, with_integers
from models.memory_ladder import on_processor
from models.precision import halved, is_near
from models.weight_norm import folded

PROBE_FRAMES = 48
PROBE_FEATURES = 640


class ContentSource(Protocol):
    """Content of a stream at 16 kHz, 50 frames a second."""

    delay_frames: int
    """Frames that the newest described one lies behind the newest heard."""

    @property
    def frames(self) -> int:
        """Frames that can be described, since the start."""

    def expect(self, samples: int, frames: int) -> None:
        """Nearly all pieces will have so many samples, and windows so many frames; may take seconds."""

    def push(self, samples: Tensor) -> None:
        """Hear samples [n]; where that raises, nothing of them was heard."""

    def to_processor(self) -> None:
        """Compute without the graphics card from now on, with what was heard so far."""

    def window(self, first: int, end: int) -> Tensor:
        """Content [1, C, end - first]; ValueError for frames that are not there (any more)."""

    def reset(self) -> None:
        """Forget everything heard."""


class ContentNetwork(Protocol):
    """A content network that can be asked for whole recordings and opened for streams."""

    channels: int

    def whole(self, samples: Tensor) -> Tensor:
        """Samples [n] of a whole recording -> content [1, C, T]."""

    def open(self, keep: int, dtype: torch.dtype = torch.float32, integers: bool = False) -> ContentSource:
        """Return a source that keeps `keep` frames of the past and may compute in `dtype` and in integers."""


class HubertContent:
    """HuBERT's last layer."""

    kind = "hubert"

    def __init__(self, hubert: Hubert) -> None:
        self.network = hubert
        self._encoders: dict[tuple[torch.dtype, bool], Encoder] = {}
        self._extractors: dict[torch.dtype, FeatureExtractor] = {}
        self.channels = hubert.config.width

    def whole(self, samples: Tensor) -> Tensor:
        """Samples [n] -> content [1, C, T], normalised over the whole recording."""
        content: Tensor = self.network(samples[None])
        return content

    def open(
        self,
        keep: int,
        dtype: torch.dtype = torch.float32,
        integers: bool = False,
        frozen: ChannelStatistics | None = None,
        start: ChannelStatistics | None = None,
    ) -> ContentSource:
        """Return a stream of it in `dtype`, its transformer in `integers`; statistics as `HubertStream` takes them."""
        return HubertStream(self.network, keep, frozen, self._encoder(dtype, integers), start, self._extractor(dtype))

    def precision(self, dtype: torch.dtype, integers: bool) -> str:
        """What the transformer of such a stream computes in, in words."""
        encoder = self._encoder(dtype, integers)
        if any(isinstance(layer, IntegerLinear) for layer in encoder.modules()):
            return "8-bit integers"
        return str(encoder.layer_norm.weight.dtype).removeprefix("torch.")

    def _encoder(self, dtype: torch.dtype, integers: bool) -> Encoder:
        chosen = dtype, integers
        if chosen not in self._encoders:
            self._encoders[chosen] = self._lightest(*chosen)
        return self._encoders[chosen]

    def _lightest(self, dtype: torch.dtype, integers: bool) -> Encoder:
        encoder = folded(self.network.encoder)
        if integers:
            twin = with_integers(encoder, dtype)
            with torch.inference_mode():
                wanted, found = (self._probe(one, torch.float32) for one in (encoder, twin))
            if is_near(found, wanted, "arithmetic in integers changes HuBERT"):
                return twin
        return halved(encoder, dtype, self._probe)

    def _extractor(self, dtype: torch.dtype) -> FeatureExtractor:
        """The convolutions behind the first in `dtype`; it is the first whose level counts."""
        if dtype not in self._extractors:
            extractor = self.network.feature_extractor
            first, *later = extractor.conv_layers
            twin = copy.deepcopy(extractor)
            twin.conv_layers = nn.ModuleList([first, *halved(nn.Sequential(*later), dtype, self._probe_layers)])
            self._extractors[dtype] = twin
        return self._extractors[dtype]

    def _probe_layers(self, layers: nn.Sequential, dtype: torch.dtype) -> Tensor:
        """What convolutions make of features that are all different."""
        features = torch.randn(
            1, self.network.config.conv_channels, PROBE_FEATURES, generator=torch.Generator().manual_seed(0)
        )
        made: Tensor = layers(features.to(self.network.feature_projection.projection.weight.device, dtype))
        return made

    def _probe(self, encoder: Encoder, dtype: torch.dtype) -> Tensor:
        """What the last layer makes of projected frames that are all different."""
        frames = torch.randn(1, PROBE_FRAMES, self.channels, generator=torch.Generator().manual_seed(0))
        return encoder(frames.to(encoder.layer_norm.weight.device, dtype))[-1]


class EncoderContent:
    """The causal encoder, `look_ahead` frames behind; a window of it is just a piece of what the whole gives."""

    kind = "encoder"

    def __init__(self, encoder: ContentEncoder, look_ahead: int) -> None:
        self.network, self.look_ahead = encoder, look_ahead
        self.channels = encoder.config.content

    def whole(self, samples: Tensor) -> Tensor:
        """Samples [n] -> content [1, C, n // 320]."""
        frames = samples.shape[-1] // STEP
        content: Tensor = self.network(samples[None, : frames * STEP], self.look_ahead).transpose(1, 2)
        return content

    def open(self, keep: int, dtype: torch.dtype = torch.float32, integers: bool = False) -> ContentSource:
        """Return a stream of it, in single precision always."""
        return EncoderStream(self.network, self.look_ahead, keep)


class EncoderStream:
    """The causal encoder over a stream, with the last `keep` frames at hand."""

    def __init__(self, encoder: ContentEncoder, look_ahead: int, keep: int) -> None:
        self._encoder, self._keep = encoder, keep
        self.delay_frames = look_ahead
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        weight = self._encoder.bottleneck.weight
        self._state = self._encoder.empty_state(self.delay_frames)
        self._samples = weight.new_zeros(1, MEL_WINDOW - MEL_HOP)
        self._content = weight.new_zeros(1, 0, self._encoder.config.content)
        self.frames = 0

    def expect(self, samples: int, frames: int) -> None:
        """Nothing to prepare: each frame is computed once, and quickly."""

    def push(self, samples: Tensor) -> None:
        """Hear samples [n]; where that raises, nothing of them was heard."""
        heard = torch.cat([self._samples, samples[None].to(self._samples)], dim=-1)
        past = MEL_WINDOW - MEL_HOP
        count = (heard.shape[-1] - past) // STEP
        if count:
            mel = self._encoder.mel.frames(heard[:, : past + STEP * count])
            fresh, state = self._encoder.push(mel, self._state)
            self._content = torch.cat([self._content, fresh], dim=1)[:, -self._keep :]
            self._state = state
            self.frames += fresh.shape[1]
        self._samples = heard[:, STEP * count :]

    def to_processor(self) -> None:
        """Compute without the graphics card from now on, with what was heard so far."""
        self._encoder.to("cpu")
        self._samples, self._content = self._samples.cpu(), self._content.cpu()
        self._state = on_processor(self._state)

    def window(self, first: int, end: int) -> Tensor:
        """Content [1, C, end - first]; ValueError for frames that are not there (any more)."""
        oldest = self.frames - self._content.shape[1]
        if not oldest <= first <= end <= self.frames:
            raise ValueError(f"frames {first} to {end} of {oldest} to {self.frames} cannot be described")
        return self._content[:, first - oldest : end - oldest].transpose(1, 2)
