"""HuBERT over a stream: convolutions once per frame, the transformer over a sliding window of frames.

The base model's first norm divides every channel by its level over the whole recording. A stream has no whole
recording, and statistics of a short window change its features beyond use (a second of window alone moves them by a
fifth); so they are averaged over the speech heard so far, with a slow forgetting, and held while nobody speaks.
Features of a frame are computed once, with the statistics of their time.

A frame's last 5 ms lie beyond its own 20. The newest frame is described without waiting for them, from a mirrored end,
and properly once they have come.
"""

import torch
from torch import Tensor, nn

from models.channel_statistics import StatisticsMode, StreamStatistics
from models.graph import Fixed, fixed
from models.hubert import ChannelStatistics, Encoder, FeatureExtractor, FeatureProjection, Hubert
from models.integer import IntegerLinear, with_integers
from models.weight_norm import folded

RATE = 16000
FRAME = 320
"""Samples from one frame to the next."""
REACH = 400
"""Samples that a frame sees: 320 i to 320 i + 399."""
QUIETEST = 10 ** (-72 / 20)
BELOW_LOUDEST = 10 ** (-30 / 20)
"""Frames this far below the loudest of late are no speech."""
LOUDEST_DECAY_PER_FRAME = 10 ** (-3 / 20 * FRAME / RATE)


class SpeechGate:
    """Tells frames of speech from pauses by their level against the loudest of the last seconds."""

    def __init__(self) -> None:
        self._loudest = 0.0

    def reset(self) -> None:
        """Forget the levels heard."""
        self._loudest = 0.0

    def push(self, samples: Tensor) -> Tensor:
        """Samples [320 n] -> which frames are speech [n]."""
        passed = []
        for level in samples.unflatten(0, (-1, FRAME)).square().mean(-1).sqrt().tolist():
            self._loudest = max(level, self._loudest * LOUDEST_DECAY_PER_FRAME)
            passed.append(level > max(QUIETEST, self._loudest * BELOW_LOUDEST))
        return torch.tensor(passed, dtype=torch.bool)


class LastLayer(nn.Module):
    """What a transformer makes of projected frames in the end."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, projected: Tensor) -> Tensor:
        """[1, T, C] -> [1, T, C]."""
        return self.encoder(projected.to(self.encoder.layer_norm.weight.dtype))[-1].float()


class Ears(nn.Module):
    """What the transformer is told of samples."""

    def __init__(self, extractor: FeatureExtractor, projection: FeatureProjection, gain: float) -> None:
        super().__init__()
        self.extractor, self.projection, self.gain = extractor, projection, gain

    def forward(self, samples: Tensor, *statistics: Tensor) -> Tensor:
        """Samples [320 n + 80], mean and variance [C] where they replace the samples' own -> frames [1, n, C]."""
        known = ChannelStatistics(*statistics) if statistics else None
        features, _ = self.extractor(samples[None] * self.gain, None, known)
        return self.projection(features.to(samples.dtype))


class HubertStream:
    """Frames of speech at 16 kHz, described over windows of the caller's choice.

    `keep` frames of the past stay available. `frozen` statistics take the place of those of the stream, `start` are
    some for it to start from. `encoder` and `extractor` take the place of the network's transformer and convolutions,
    in another precision.
    """

    delay_frames = 0

    def __init__(
        self,
        hubert: Hubert,
        keep: int,
        frozen: ChannelStatistics | None = None,
        encoder: Encoder | None = None,
        start: ChannelStatistics | None = None,
        extractor: FeatureExtractor | None = None,
    ) -> None:
        self._hubert, self._keep, self._frozen, self._start = hubert, keep, frozen, start
        self._encoder, self._extractor = encoder or hubert.encoder, extractor or hubert.feature_extractor
        self._is_grouped = hubert.config.conv_norm == "group_norm"
        self._ears = Fixed(Ears(self._extractor, hubert.feature_projection, hubert.config.input_gain))
        self._last = Fixed(LastLayer(self._encoder))
        self._gate = SpeechGate()
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        weight = self._hubert.feature_projection.projection.weight
        mode: StatisticsMode = "running" if self._frozen is None else "frozen"
        self._statistics = StreamStatistics(mode, self._frozen or self._start)
        self._gate.reset()
        self._samples = weight.new_zeros(0)  # from the first sample of frame `frames` on
        self._measured = 0  # of them, those that the statistics have heard
        self._projected = weight.new_zeros(1, 0, weight.shape[0])
        self._complete = 0

    @property
    def frames(self) -> int:
        """Frames that can be described, since the start."""
        return self._complete + len(self._samples) // FRAME

    def expect(self, samples: int, frames: int) -> None:
        """Nearly all pieces will have so many samples, and windows so many frames; takes seconds."""
        dtype = next(self._extractor.conv_layers[-1].parameters()).dtype
        is_integer = any(isinstance(layer, IntegerLinear) for layer in self._encoder.modules())
        encoder = folded(self._hubert.encoder)
        noise = torch.randn(samples - FRAME + REACH, generator=torch.Generator().manual_seed(0))
        heard, config = QUIETEST * noise.to(self._projected), self._hubert.config
        known = _pair(self._hubert.statistics(heard[None]) if self._is_grouped else None)
        whole = Ears(self._hubert.feature_extractor, self._hubert.feature_projection, config.input_gain)
        self._ears = fixed(self._ears, whole, [heard, *known], dtype)
        told = self._ears(heard, *known)
        window = told.repeat(1, -(-frames // told.shape[1]), 1)[:, :frames]
        self._last = fixed(self._last, LastLayer(with_integers(encoder) if is_integer else encoder), [window], dtype)

    def push(self, samples: Tensor) -> None:
        """Hear samples [n]; where that raises, nothing of them was heard."""
        heard = torch.cat([self._samples, samples.to(self._samples)])
        if self._is_grouped and self._frozen is None:
            self._measure(heard)
        count = (len(heard) - REACH) // FRAME + 1 if len(heard) >= REACH else 0
        if count:
            fresh = self._described(heard[: FRAME * (count - 1) + REACH])
            self._projected = torch.cat([self._projected, fresh], dim=1)[:, -self._keep :]
        self._samples = heard[FRAME * count :]
        self._measured -= FRAME * count
        self._complete += count

    def to_processor(self) -> None:
        """Compute without the graphics card from now on, in single precision, with what was heard so far."""
        self._hubert.to("cpu")
        self._encoder.to("cpu", torch.float32)
        self._extractor.to("cpu", torch.float32)
        self._samples, self._projected = self._samples.cpu(), self._projected.cpu()
        self._statistics.to_processor()
        self._frozen, self._start = _moved(self._frozen), _moved(self._start)

    def window(self, first: int, end: int) -> Tensor:
        """Description [1, C, end - first] of the frames from `first` on, as if nothing else had been said.

        Raises ValueError where a frame is not there: not heard yet, or longer ago than `keep`.
        """
        oldest = self._complete - self._projected.shape[1]
        if not oldest <= first <= end <= self.frames:
            raise ValueError(f"frames {first} to {end} of {oldest} to {self.frames} cannot be described")
        projected = self._projected[:, first - oldest : end - oldest]
        if end > self._complete:
            newest = self._samples[:FRAME]
            mirrored = torch.cat([newest, newest[-(REACH - FRAME) :].flip(0)])
            projected = torch.cat([projected, self._described(mirrored)], dim=1)
        return self._last(projected).transpose(1, 2)

    def _described(self, samples: Tensor) -> Tensor:
        """Samples [320 n + 80] -> what the transformer is told of their frames [1, n, C]."""
        return self._ears(samples, *_pair(self._statistics.current))

    def _measure(self, heard: Tensor) -> None:
        """Let the statistics hear the speech among the samples that they have not heard."""
        kernel, stride = self._hubert.config.conv_kernels[0], self._hubert.config.conv_strides[0]
        overhang = kernel - stride
        count = (len(heard) - self._measured - overhang) // FRAME
        if count <= 0:
            return
        piece = heard[self._measured : self._measured + FRAME * count + overhang]
        self._measured += FRAME * count
        is_speech = self._gate.push(piece[: FRAME * count])
        if bool(is_speech.any()):
            first = self._hubert.feature_extractor.conv_layers[0]
            outputs = first.conv(piece[None, None] * self._hubert.config.input_gain)[0]  # type: ignore[operator]
            speech = outputs.unflatten(1, (count, -1))[:, is_speech.to(outputs.device)]  # [C, n, 64]
            variance, mean = torch.var_mean(speech, dim=(1, 2), correction=0)
            self._statistics.update(ChannelStatistics(mean, variance), speech.shape[1] * FRAME / RATE)


def _pair(statistics: ChannelStatistics | None) -> tuple[Tensor, ...]:
    return () if statistics is None else (statistics.mean, statistics.variance)


def _moved(statistics: ChannelStatistics | None) -> ChannelStatistics | None:
    if statistics is None:
        return None
    return ChannelStatistics(statistics.mean.cpu(), statistics.variance.cpu())
