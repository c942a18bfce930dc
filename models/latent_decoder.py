"""What makes a SoVITS voice's sound of a window of content: prior, flow and decoder.

The two halves run apart, since of the prior's latents only those near the wanted samples go on. Windows of a stream
are nearly all of one size; for that one, each half can be compiled.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.flow import Flow
from models.frame_noise import frame_noise
from models.graph import Fixed, fixed
from models.hifigan import HifiGan
from models.hifigan_stream import segments, span
from models.synthesizer import CODE_FRAMES, Synthesizer
from models.text_encoder import EncodedText, TextEncoder, text_on


@dataclass(frozen=True)
class Speaker:
    """All that depends only on who is to speak, and is computed once."""

    text_style: Tensor
    flow: list[Tensor]
    decoder: Tensor

    @classmethod
    def of(cls, model: Synthesizer, style: Tensor) -> "Speaker":
        """Style [1, gin, 1] -> what the networks make of it."""
        return cls(model.text_style(style), model.flow.conditions(style), model.dec.condition(style))


class Networks(NamedTuple):
    """Three networks of a synthesizer, each as it is or as its twin in another precision."""

    prior: TextEncoder
    flow: Flow
    generator: HifiGan


class WindowPrior(nn.Module):
    """A prior with all that stays the same from window to window."""

    def __init__(self, prior: TextEncoder, text: EncodedText, text_style: Tensor) -> None:
        super().__init__()
        weight = prior.proj.weight
        self.prior, self._text = prior, text_on(text, weight.device, weight.dtype)
        self._style = text_style.to(weight.dtype)

    def forward(self, quantised: Tensor) -> Tensor:
        """Quantised content [1, C, T] -> means of the latents and below them logarithms of deviations [1, 2 L, T]."""
        mean, deviation, _ = self.prior(quantised.to(self._style.dtype), self._text, self._style)
        return torch.cat([mean, deviation], dim=1).float()


class Vocoder(nn.Module):
    """Flow and generator with what they add for a speaker, for any span of samples."""

    def __init__(self, flow: Flow, generator: HifiGan, speaker: Speaker) -> None:
        super().__init__()
        self.flow, self.generator = flow, generator
        dtype = next(flow.parameters()).dtype
        self._conditions = [condition.to(dtype) for condition in speaker.flow]
        self._parts = segments(generator, speaker.decoder.to(generator.conv_pre.weight.dtype))

    def forward(self, latents: Tensor, start: int, stop: int) -> Tensor:
        """The prior's latents [1, L, T] -> samples `start` to `stop` of what they become [1, 1, stop - start]."""
        z = self.flow.inverse(latents.to(self._conditions[0].dtype), self._conditions)
        return span(self._parts, z.to(self.generator.conv_pre.weight.dtype), start, stop).float()


class Span(nn.Module):
    """A vocoder for one span of samples."""

    def __init__(self, vocoder: Vocoder, start: int, stop: int) -> None:
        super().__init__()
        self.vocoder, self.start, self.stop = vocoder, start, stop

    def forward(self, latents: Tensor) -> Tensor:
        """The prior's latents [1, L, T] -> samples [1, 1, stop - start]."""
        made: Tensor = self.vocoder(latents, self.start, self.stop)
        return made


class LatentDecoder:
    """Prior, flow and decoder over a window of content; `lighter` has them in another precision."""

    def __init__(
        self, model: Synthesizer, style: Tensor, text: EncodedText, seed: int = 0, lighter: Networks | None = None
    ) -> None:
        self._model, self._style, self._text, self._seed = model, style, text, seed
        self._whole = Networks(model.enc_p, model.flow, model.dec)
        self._lighter = lighter or self._whole
        self.frame = model.dec.hop
        self.reach = model.flow.reach + model.dec.reach
        self._prepare()

    def _prepare(self) -> None:
        """Compute what does not change, on the device where the networks are."""
        device = self._lighter.generator.conv_pre.weight.device
        self._speaker = Speaker.of(self._model, self._style.to(device))
        prior, self._vocoder = self._with_speaker(self._lighter)
        self._prior = Fixed(prior)
        self._spans: dict[tuple[int, int], Fixed] = {}

    def _with_speaker(self, networks: Networks) -> tuple[WindowPrior, Vocoder]:
        prior = WindowPrior(networks.prior, self._text, self._speaker.text_style)
        return prior, Vocoder(networks.flow, networks.generator, self._speaker)

    def expect(self, frames: int, start: int, stop: int) -> None:
        """Nearly all windows will have so many frames, and samples `start` to `stop` of them will be wanted."""
        prior, vocoder = self._with_speaker(self._whole)
        device, config = self._style.device, self._model.config
        index = torch.arange(frames // CODE_FRAMES, device=device).remainder(config.codes)
        quantised = self._model.quantised(index.expand(1, config.codebooks, -1))
        dtype = self._lighter.generator.conv_pre.weight.dtype
        self._prior = fixed(self._prior, prior, [quantised], dtype)
        latents = torch.randn(1, config.inter_channels, frames, generator=torch.Generator().manual_seed(0))
        near, place = self._near(latents.to(device), start, stop)
        self._spans = {place: fixed(Span(self._vocoder, *place), Span(vocoder, *place), [near], dtype)}

    def to_processor(self) -> bool:
        """Move everything off the graphics card, the networks of the voice too; False where nothing is there."""
        if self._lighter.generator.conv_pre.weight.device.type == "cpu":
            return False
        self._model.to("cpu")
        for network in self._lighter:
            network.to("cpu", torch.float32)
        self._prepare()
        return True

    def latents(self, content: Tensor, first: int, noise_scale: float, bypass: float = 0.0) -> Tensor:
        """Content [1, C, T] of the frames from `first` on -> the prior's latents [1, L, T], T even.

        `bypass` from 0 to 1 lets through what the codes leave out.
        """
        model = self._model
        quantised = model.quantised(model.codes(content))
        if bypass:
            plain = model._projected(content).repeat_interleave(CODE_FRAMES, dim=-1)
            quantised = quantised + bypass * (plain - quantised)
        mean, deviation = self._prior(quantised).to(self._style.dtype).chunk(2, dim=1)
        noise = frame_noise(self._seed, first, mean.shape[-1], mean.shape[1])[None].to(mean)
        return mean + noise * deviation.exp() * noise_scale

    def samples(self, latents: Tensor, start: int, stop: int) -> Tensor:
        """Samples `start` to `stop` of what the prior's latents [1, L, T] become [1, 1, stop - start].

        Frames out of reach are not looked at.
        """
        near, place = self._near(latents, start, stop)
        made: Tensor = self._spans[place](near) if place in self._spans else self._vocoder(near, *place)
        return made

    def _near(self, latents: Tensor, start: int, stop: int) -> tuple[Tensor, tuple[int, int]]:
        """The latents that samples depend on, and where these samples are in what those become."""
        first = max(start // self.frame - self.reach, 0)
        last = -(-stop // self.frame) + self.reach
        return latents[..., first:last], (start - first * self.frame, stop - first * self.frame)
