"""Overlapping pieces of a signal: short-time spectra, their way back, and seams between blocks.

All layers here are `Streamable` but `SeamFade`, which joins blocks that were computed apart and so has no offline self.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class OverlapAdd(nn.Module):
    """Sums overlapping pieces [B, T, size], `hop` apart, into a signal [B, T * hop].

    The first `skip` samples of the sum are dropped, so the signal lags `skip` samples behind its pieces.
    """

    def __init__(self, size: int, hop: int, skip: int = 0) -> None:
        super().__init__()
        if not 0 <= skip <= size - hop:
            raise ValueError(f"pieces of {size} samples every {hop} leave no {skip} samples to skip")
        self.size, self.hop, self.skip = size, hop, skip
        self.overlap = size - hop
        self.look_ahead = skip / hop

    def forward(self, pieces: Tensor) -> Tensor:
        """The whole signal at once: [B, T, size] -> [B, T * hop]."""
        return self._sum(pieces)[:, self.skip : self.skip + pieces.shape[1] * self.hop]

    def initial_state(self, batch: int = 1) -> tuple[Tensor | None, int]:
        """Return the sums owed by the past (none yet) and how many samples are still to be skipped."""
        return None, self.skip

    def push(self, x: Tensor, state: tuple[Tensor | None, int]) -> tuple[Tensor, tuple[Tensor, int]]:
        """[B, n, size] -> [B, n * hop], less the samples to be skipped."""
        owed, skip = state
        total = self._sum(x)
        if owed is not None:
            total[:, : self.overlap] += owed
        complete = total.shape[1] - self.overlap
        skipped = min(skip, complete)
        return total[:, skipped:complete], (total[:, complete:], skip - skipped)

    def _sum(self, pieces: Tensor) -> Tensor:
        """To the end of the last piece: [B, T * hop + overlap]."""
        batch, count, _ = pieces.shape
        if count == 0:
            return pieces.new_zeros(batch, self.overlap)
        length = count * self.hop + self.overlap
        return F.fold(pieces.transpose(1, 2), (1, length), (1, self.size), stride=(1, self.hop))[:, 0, 0]


class StreamingSTFT(nn.Module):
    """Short-time spectra: samples [B, T * hop] -> complex [B, T, size / 2 + 1], windowed with a periodic Hann window.

    `look_ahead` samples of each window lie after the end of its hop; 0 makes it causal. Before the first sample is
    silence.
    """

    window: Tensor

    def __init__(self, size: int, hop: int, look_ahead: int = 0) -> None:
        super().__init__()
        if not 0 <= look_ahead <= size - hop:
            raise ValueError(f"a window of {size} samples every {hop} cannot look {look_ahead} ahead")
        self.size, self.hop, self.look_ahead = size, hop, look_ahead
        self.past = size - hop - look_ahead
        self.register_buffer("window", torch.hann_window(size), persistent=False)

    def forward(self, samples: Tensor) -> Tensor:
        """The whole signal at once; its end is followed by silence."""
        return self._spectra(F.pad(samples, (self.past, self.look_ahead)))

    def initial_state(self, batch: int = 1) -> Tensor:
        """Return the silence before the first sample."""
        return self.window.new_zeros(batch, self.past)

    def push(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """[B, n] -> the spectra of all windows that are full."""
        heard = torch.cat([state, x], dim=-1)
        ready = (heard.shape[-1] - self.size) // self.hop + 1
        return self._spectra(heard), heard[:, max(ready, 0) * self.hop :]

    def _spectra(self, heard: Tensor) -> Tensor:
        if heard.shape[-1] < self.size:
            empty = heard.new_zeros(heard.shape[0], 0, self.size // 2 + 1)
            return torch.complex(empty, empty)
        return torch.fft.rfft(heard.unfold(-1, self.size, self.hop) * self.window)


class StreamingISTFT(nn.Module):
    """Spectra of `StreamingSTFT` back to samples: complex [B, T, size / 2 + 1] -> [B, T * hop].

    Output sample 0 is input sample 0 of the transform whose `look_ahead` is given. Unchanged spectra give the signal
    back, but for its first `look_ahead` samples, which lie in windows before the first one. The delay of both
    together is `size - hop` samples, however it is split between them.
    """

    scale: Tensor

    def __init__(self, size: int, hop: int, look_ahead: int = 0) -> None:
        super().__init__()
        if size % hop or size == hop:
            raise ValueError(f"a window of {size} samples is not two or more hops of {hop}")
        self.size = size
        self.add = OverlapAdd(size, hop, skip=size - hop - look_ahead)
        self.look_ahead = self.add.look_ahead
        window = torch.hann_window(size, dtype=torch.float64)
        power = window.square().view(-1, hop).sum(0).repeat(size // hop)
        self.register_buffer("scale", (window / power).float(), persistent=False)

    def forward(self, spectra: Tensor) -> Tensor:
        """The whole signal at once."""
        return self.add(self._pieces(spectra))

    def initial_state(self, batch: int = 1) -> tuple[Tensor | None, int]:
        """Return the state of the overlap-add before the first frame."""
        return self.add.initial_state(batch)

    def push(self, x: Tensor, state: tuple[Tensor | None, int]) -> tuple[Tensor, tuple[Tensor, int]]:
        """[B, n, size / 2 + 1] -> [B, n * hop], less the samples to be skipped."""
        return self.add.push(self._pieces(x), state)

    def _pieces(self, spectra: Tensor) -> Tensor:
        if spectra.shape[1] == 0:
            return self.scale.new_zeros(spectra.shape[0], 0, self.size)
        return torch.fft.irfft(spectra, self.size) * self.scale


def fade_in(length: int, like: Tensor | None = None) -> Tensor:
    """Rising half of a sin² fade [length]; with its mirror image it adds up to one at every sample."""
    middle = (torch.arange(length, dtype=torch.float64) + 0.5) / max(length, 1)
    rising = torch.sin(0.5 * torch.pi * middle).square()
    return rising.float() if like is None else rising.to(like)


def crossfade(old: Tensor, new: Tensor) -> Tensor:
    """Go from one signal to the other over their whole length with equal gain; time is the last axis."""
    rising = fade_in(new.shape[-1], new)
    return old + (new - old) * rising


class SeamFade:
    """Joins blocks [B, C, n + fade] whose last `fade` samples run on into the next block.

    `push` returns [B, C, n]: each block's head is faded in over the former block's tail. A block is not shorter
    than twice the fade. The stage itself waits for nothing: whoever makes the blocks has seen the tail's future.
    """

    delay = 0.0

    def __init__(self, fade: int) -> None:
        self._fade = fade
        self._tail: Tensor | None = None

    def push(self, x: Tensor) -> Tensor:
        """Return the block up to its tail, faded in over the tail of the block before."""
        fade = self._fade
        if fade == 0:
            return x
        if x.shape[-1] < 2 * fade:
            raise ValueError(f"a block of {x.shape[-1]} samples is too short for a fade of {fade}")
        body, tail = x[..., :-fade], x[..., -fade:]
        if self._tail is not None:
            body = torch.cat([crossfade(self._tail, body[..., :fade]), body[..., fade:]], dim=-1)
        self._tail = tail
        return body

    def reset(self) -> None:
        """Forget the tail."""
        self._tail = None
