"""A GPT-SoVITS voice over a stream: windows of content, each sample of the output computed once.

At every hop the newest window of content is coded, the prior told of all of it, and of the latents only those that the
new samples depend on go through flow and decoder. Nothing here is causal, so a window sees less of the future than a
whole recording; how much less is `right`, and the delay states it. Noise belongs to absolute frames: two windows differ
by their context alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from models.base import StreamSpec
from models.input_tail import InputTail
from models.latent_decoder import LatentDecoder
from models.memory_ladder import MemoryLadder, Rung, free_cache
from models.sovits_content import ContentSource
from models.synthesizer import CODE_FRAMES

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

    def first(self, made: int) -> int:
        """Return the first frame of the window for samples from `made` on."""
        return max(made // self.frame - CODE_FRAMES * self.left, 0) // CODE_FRAMES * CODE_FRAMES

    @property
    def usual(self) -> tuple[int, int, int]:
        """Of every window with all its past: its frames, and the first sample and the last of its hop, within it."""
        hop = CODE_FRAMES * self.hop
        end = 2 * (hop + CODE_FRAMES * self.left + self.right)
        made = (end - hop - self.right) * self.frame - self.held
        first = self.first(made)
        start = made - first * self.frame
        return end - first, start, start + hop * self.frame + self.fade


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
            made = None if self._is_off else self._ladder.run(lambda: self._voiced(end, wanted))
            self._is_off = made is None
        if made is None:
            made = self._input.span(self._made, self._made + wanted).to(self._seam)
        made = _joined(self._seam.to(made), made)
        self._made = stop
        self._input.forget(stop)
        self._seam = made[..., made.shape[-1] - fade :]
        return made[..., : made.shape[-1] - fade]

    def _voiced(self, end: int, wanted: int) -> Tensor:
        """The next `wanted` samples, from content up to frame `end`."""
        first = self._windows.first(self._made)
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
