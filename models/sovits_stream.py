"""A GPT-SoVITS voice over a stream: windows of content, each sample of the output computed once.

At every hop the newest window of content is coded, the prior told of all of it, and of the latents only those that the
new samples depend on go through flow and decoder. Nothing here is causal, so a window sees less of the future than a
whole recording; how much less is `right`, and the delay states it. Noise belongs to absolute frames: two windows differ
by their context alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from models.base import StreamSpec
from models.flow import Flow
from models.frame_noise import frame_noise
from models.hifigan import HifiGan
from models.hifigan_stream import segments, span
from models.input_tail import InputTail
from models.memory_ladder import MemoryLadder, Rung, free_cache
from models.sovits_content import ContentSource
from models.synthesizer import CODE_FRAMES, Synthesizer
from models.text_encoder import EncodedText, TextEncoder, text_on

INPUT_RATE = 16000
FRAME_RATE = 50
CODE = 640
"""Samples of input for one code (40 ms)."""
CODE_S = CODE / INPUT_RATE
LEAST_LEFT = 13
"""Codes of past without which nothing is understood."""
SILENT = 1e-5
"""Input below this is a closed gate: what it would become is babble, so it becomes silence."""


@dataclass(frozen=True)
class Windows:
    """Sizes of a stream: codes of a hop, codes of the past and frames of the future that it sees, samples of a seam.

    A frame (20 ms) becomes `frame` samples.
    """

    hop: int
    left: int
    right: int
    fade: int
    frame: int = 640

    @classmethod
    def of(cls, spec: StreamSpec, frame: int = 640) -> "Windows":
        """Return what is nearest to a spec; the future in whole codes, the past no shorter than half a second."""
        return cls(
            hop=max(round(spec.hop / CODE_S), 1),
            left=max(round(spec.left / CODE_S), LEAST_LEFT),
            right=max(round((spec.right or 0.0) / CODE_S), 0) * CODE_FRAMES,
            fade=round(spec.fade * FRAME_RATE * frame),
            frame=frame,
        )

    @property
    def held(self) -> int:
        """Samples held back for the seam where the future seen does not cover it."""
        return 0 if self.right * self.frame >= self.fade else self.fade


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


class Lighter(NamedTuple):
    """Three networks of a synthesizer, each as it is or as its twin in another precision."""

    prior: TextEncoder
    flow: Flow
    generator: HifiGan


class LatentDecoder:
    """Prior, flow and decoder over a window of content; `lighter` has them in another precision."""

    def __init__(
        self, model: Synthesizer, style: Tensor, text: EncodedText, seed: int = 0, lighter: Lighter | None = None
    ) -> None:
        self._model, self._text, self._seed = model, text, seed
        self._lighter = lighter = lighter or Lighter(model.enc_p, model.flow, model.dec)
        self._prior, self._flow, self._generator = lighter
        self.frame = self._generator.hop
        self.reach = model.flow.reach + model.dec.reach
        self._style = style
        self._prepare()

    def _prepare(self) -> None:
        """Compute what does not change, on the device where the networks are."""
        weight = self._generator.conv_pre.weight
        self._dtype = weight.dtype
        self._speaker = Speaker.of(self._model, self._style.to(weight.device))
        self._prior_dtype, self._flow_dtype = self._prior.proj.weight.dtype, next(self._flow.parameters()).dtype
        self._told = text_on(self._text, weight.device, self._prior_dtype)
        self._conditions = [condition.to(self._flow_dtype) for condition in self._speaker.flow]
        self._parts = segments(self._generator, self._speaker.decoder.to(self._dtype))

    def to_processor(self) -> bool:
        """Move everything off the graphics card, the networks of the voice too; False where nothing is there."""
        if self._generator.conv_pre.weight.device.type == "cpu":
            return False
        self._model.to("cpu")
        for network in self._lighter:
            network.to("cpu", torch.float32)
        self._prepare()
        return True

    def latents(self, content: Tensor, first: int, noise_scale: float, bypass: float = 0.0) -> Tensor:
        """Content [1, C, T] of the frames from `first` on -> the prior's latents [1, 192, T], T even.

        `bypass` from 0 to 1 lets through what the codes leave out.
        """
        model = self._model
        quantised = model.quantised(model.codes(content))
        if bypass:
            plain = model._projected(content).repeat_interleave(CODE_FRAMES, dim=-1)
            quantised = quantised + bypass * (plain - quantised)
        style = self._speaker.text_style.to(self._prior_dtype)
        mean, deviation, _ = self._prior(quantised.to(self._prior_dtype), self._told, style)
        mean, deviation = mean.to(self._style.dtype), deviation.to(self._style.dtype)
        noise = frame_noise(self._seed, first, mean.shape[-1], mean.shape[1])[None].to(mean)
        return mean + noise * deviation.exp() * noise_scale

    def samples(self, latents: Tensor, start: int, stop: int) -> Tensor:
        """Samples `start` to `stop` of what the prior's latents [1, 192, T] become [1, 1, stop - start].

        Frames out of reach are not looked at.
        """
        first = max(start // self.frame - self.reach, 0)
        last = -(-stop // self.frame) + self.reach
        z = self._flow.inverse(latents[..., first:last].to(self._flow_dtype), self._conditions)
        return span(self._parts, z.to(self._dtype), start - first * self.frame, stop - first * self.frame).float()


class SovitsStage:
    """One stream through a voice: wav [1, 1, 640 n] at 16 kHz in, wav [1, 1, m] out.

    Where memory does not suffice it does with less, down to letting the input through; `remarks` tell so.
    """

    def __init__(
        self, decoder: LatentDecoder, content: ContentSource, windows: Windows, values: Mapping[str, float]
    ) -> None:
        self._decoder, self._content, self._windows, self._values = decoder, content, windows, values
        self._behind = -(-content.delay_frames // CODE_FRAMES) * CODE_FRAMES  # frames
        self.delay = (self._behind + windows.right) * CODE_S / CODE_FRAMES + windows.held / (FRAME_RATE * windows.frame)
        self._ladder = MemoryLadder(
            (
                Rung("its caches were emptied", free_cache, passing=True),
                Rung("it hears less of the past", self._shorten),
                Rung("the processor computes it", self._leave_card),
            ),
            "it is off, and what it hears passes through as it is",
        )
        self.reset()

    @property
    def remarks(self) -> tuple[str, ...]:
        """What shortage of memory has made it do, in sentences."""
        return self._ladder.remarks

    def reset(self) -> None:
        """Forget everything heard."""
        self._content.reset()
        self._heard: list[Tensor] = []  # since the last hop's end: convolutions are cheaper over more at once
        self._input = InputTail(self._windows.frame)
        self._steps = 0
        self._loud_until = 0  # frame behind the last one of the input that was no silence
        self._made = 0  # samples of output
        self._seam = torch.zeros(1, 1, 0)
        self._is_off = False

    def push(self, x: Tensor) -> Tensor:
        """Whole codes in; at the end of each hop, what it completes out."""
        made = [self._step(step) for step in x.split(CODE, dim=-1)]
        return torch.cat(made, dim=-1)

    def _step(self, samples: Tensor) -> Tensor:
        self._heard.append(samples[0, 0])
        self._steps += 1
        if float(samples.abs().max()) > SILENT:
            self._loud_until = CODE_FRAMES * self._steps
        if self._steps % self._windows.hop:
            return samples.new_zeros(1, 1, 0)
        self._hear(torch.cat(self._heard))
        self._heard = []
        end = CODE_FRAMES * self._steps - self._behind  # frames that can be described
        stop = (end - self._windows.right) * self._windows.frame - self._windows.held
        if stop <= self._made:
            return samples.new_zeros(1, 1, 0)
        return self._emit(end, stop).to(samples)

    def _hear(self, samples: Tensor) -> None:
        self._input.push(samples)

        def heard() -> bool:
            self._content.push(samples)
            return True

        self._is_off = self._is_off or self._ladder.run(heard) is None

    def _emit(self, end: int, stop: int) -> Tensor:
        """Samples up to `stop`, from content up to frame `end`, behind the seam with what was made before."""
        begin, fade = self._made // self._windows.frame, self._windows.fade
        wanted = stop + fade - self._made
        if self._loud_until <= begin:
            made: Tensor | None = self._seam.new_zeros(1, 1, wanted)
        else:
            made = None if self._is_off else self._ladder.run(lambda: self._voiced(begin, end, wanted))
            self._is_off = made is None
        if made is None:
            made = self._input.span(self._made, self._made + wanted).to(self._seam)
        made = _joined(self._seam.to(made), made)
        self._made = stop
        self._input.forget(stop)
        self._seam = made[..., made.shape[-1] - fade :]
        return made[..., : made.shape[-1] - fade]

    def _voiced(self, begin: int, end: int, wanted: int) -> Tensor:
        """The next `wanted` samples, which begin in frame `begin`, from content up to frame `end`."""
        first = max(begin - CODE_FRAMES * self._windows.left, 0) // CODE_FRAMES * CODE_FRAMES
        scale, bypass = self._values.get("noise_scale", 0.5), self._values.get("bypass", 0.0)
        latents = self._decoder.latents(self._content.window(first, end), first, scale, bypass)
        offset = self._made - first * self._windows.frame
        return self._decoder.samples(latents, offset, offset + wanted)

    def _shorten(self) -> bool:
        """Hear half the past from now on, if it is longer than the least."""
        left = max(self._windows.left // 2, LEAST_LEFT)
        is_shorter = left < self._windows.left
        self._windows = replace(self._windows, left=left)
        return is_shorter

    def _leave_card(self) -> bool:
        if not self._decoder.to_processor():
            return False
        self._content.to_processor()
        self._seam = self._seam.cpu()
        return True


def _joined(before: Tensor, after: Tensor) -> Tensor:
    """Let the end of what was made before [1, 1, f] pass into the beginning of what comes after it [1, 1, n]."""
    count = before.shape[-1]
    if count == 0:
        return after
    rise = torch.sin(torch.linspace(0, torch.pi / 2, count + 2, device=after.device)[1:-1]).square()
    head = before + rise * (after[..., :count] - before)
    return torch.cat([head, after[..., count:]], dim=-1)
