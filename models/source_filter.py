"""Source-filter generator: content and F0 to a waveform.

A stack of causal ConvNeXt blocks (Liu et al. 2022, in one dimension) predicts, every 10 ms, how a train of
band-limited pulses at F0 and white noise are to be filtered; the filtering is a product of spectra between a
short-time Fourier transform of the source and overlap-add. F0 is thus obeyed exactly, and no upsampling network runs at
the sample rate.

Frames and windows last as long at every rate, so bins lie 33.3 Hz apart, and both sources are as strong per Hz as at
16 kHz: the same filters sound the same at every rate, which only decides how far up they go.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.generator_sizes import (
    BELOW_NYQUIST,
    LOUDEST,
    REFERENCE_RATE,
    VOICED,
    WINDOW_FRAMES,
    GeneratorConfig,
    noise_level,
)
from models.overlap import OverlapAdd
from models.streaming import CausalConv1d


class ConvNeXt(nn.Module):
    """Causal depthwise convolution, LayerNorm and two pointwise layers, added to the input."""

    def __init__(self, width: int, feed_forward: int, kernel: int) -> None:
        super().__init__()
        self.depthwise = CausalConv1d(width, width, kernel, groups=width)
        self.norm = nn.LayerNorm(width)
        self.enter = nn.Linear(width, feed_forward)
        self.leave = nn.Linear(feed_forward, width)
        self.scale = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, C] -> [B, T, C]."""
        return self._added(x, self.depthwise(x.transpose(1, 2)))

    def _added(self, x: Tensor, mixed: Tensor) -> Tensor:
        return x + self.scale * self.leave(F.gelu(self.enter(self.norm(mixed.transpose(1, 2)))))


class Generator(nn.Module):
    """Content [B, T, 96] at 50 Hz and pitch [B, 2 T] at 100 Hz to the filters of every 10 ms."""

    def __init__(self, config: GeneratorConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or GeneratorConfig()
        width = config.width
        self.enter = nn.Linear(config.content, width)
        self.slow = _blocks(config, config.slow_blocks)
        self.widen = nn.Linear(width, 2 * width)
        self.pitch = nn.Linear(3, width)
        self.fast = _blocks(config, config.fast_blocks)
        self.norm = nn.LayerNorm(width)
        self.leave = nn.Linear(width, 3 * config.bins)
        with torch.no_grad():
            self.leave.bias.copy_(torch.tensor([-4.0, 0.0, -5.0]).repeat_interleave(config.bins))
        self.overlap_add = OverlapAdd(config.window, config.hop, config.overhang)

    def forward(self, content: Tensor, hertz: Tensor, voicing: Tensor) -> Tensor:
        """Content [B, T, 96], tracked F0 and voicing [B, 2 T] -> waveform [B, 2 hop T], noise drawn anew."""
        filled = fill(hertz, voicing, torch.full_like(hertz[:, :1], self.config.mean_hz))
        pulses = pulse_train(filled, voicing, self.config.rate)
        noise = noise_level(self.config.rate) * torch.randn_like(pulses)
        return self.render(self.filters(content, filled, voicing).float(), pulses, noise)

    def filters(self, content: Tensor, hertz: Tensor, voicing: Tensor) -> Tensor:
        """Content [B, T, 96], F0 without gaps and voicing [B, 2 T] -> filters [B, 2 T, 3, bins]."""
        x = self.enter(content)
        for block in self.slow:
            x = block(x)
        x = self._pitched(x, hertz, voicing)
        for block in self.fast:
            x = block(x)
        return self._left(x)

    def render(self, filters: Tensor, pulses: Tensor, noise: Tensor) -> Tensor:
        """Filter both sources [B, hop T] and overlap-add: -> waveform [B, hop T]."""
        edge = (self.config.overhang, self.config.overhang)
        whole: Tensor = self.overlap_add(filtered(filters, F.pad(pulses, edge), F.pad(noise, edge)))
        return whole

    def _pitched(self, x: Tensor, hertz: Tensor, voicing: Tensor) -> Tensor:
        """Two frames of each, with what the pitch has to say: [B, T, C] -> [B, 2 T, C]."""
        octave = torch.log2(hertz / self.config.mean_hz)
        told = torch.stack([octave, voicing, octave.square()], dim=-1).to(x.dtype)
        doubled: Tensor = self.widen(x).unflatten(-1, (2, -1)).flatten(1, 2)
        return doubled + self.pitch(told)

    def _left(self, x: Tensor) -> Tensor:
        filters: Tensor = self.leave(self.norm(x))
        return filters.unflatten(-1, (3, self.config.bins))


def _blocks(config: GeneratorConfig, count: int) -> nn.ModuleList:
    return nn.ModuleList(ConvNeXt(config.width, config.feed_forward, config.kernel) for _ in range(count))


def fill(hertz: Tensor, voicing: Tensor, before: Tensor) -> Tensor:
    """F0 with unvoiced frames set to the last voiced value, `before` [B, 1] at first: [B, T] -> [B, T]."""
    index = torch.arange(1, hertz.shape[1] + 1, device=hertz.device).expand_as(hertz)
    last = torch.where(voicing > VOICED, index, 0).cummax(dim=1).values
    return torch.cat([before, hertz], dim=1).gather(1, last)


def pulse_train(filled: Tensor, voicing: Tensor, rate: int, following: Tensor | None = None) -> Tensor:
    """Pulses whose phase starts anew where voice sets in: [B, T] frames -> [B, T rate / 100] samples.

    The F0 of a frame holds at its middle and is joined by straight lines; `following` [B, T] is what each frame takes
    for the F0 of the next one, where that is not known in time.
    """
    hop = rate // 100
    position = frame_positions(hop, filled.device)
    previous = torch.cat([filled[:, :1], filled[:, :-1]], dim=1)
    following = torch.cat([filled[:, 1:], filled[:, -1:]], dim=1) if following is None else following
    hertz = between(previous, filled, following, position).flatten(1)
    phase = torch.cumsum(hertz / rate, dim=1)
    onset = (voicing > VOICED) & ~torch.cat([torch.zeros_like(voicing[:, :1]), voicing[:, :-1]], dim=1).gt(VOICED)
    starts = torch.where(onset, phase[:, ::hop], 0.0).cummax(dim=1).values
    return harmonics(phase - starts.repeat_interleave(hop, dim=1), hertz, rate)


def frame_positions(hop: int, device: torch.device) -> Tensor:
    """Where the samples of a frame lie, from -0.5 to 0.5 of it around its middle [hop]."""
    return (torch.arange(hop, device=device, dtype=torch.float64) + 0.5) / hop - 0.5


def between(previous: Tensor, now: Tensor, following: Tensor, position: Tensor) -> Tensor:
    """F0 at every `position` of frames: [B, T] -> [B, T, hop] in float64."""
    past, future = (-position).clamp(min=0.0), position.clamp(min=0.0)
    previous, now, following = (x.double()[..., None] for x in (previous, now, following))
    return previous * past + now * (1 - past - future) + following * future


def harmonics(phase: Tensor, hertz: Tensor, rate: int) -> Tensor:
    """Sum of cosines of all harmonics below the Nyquist frequency, those below 8 kHz of unit power; `phase` in turns.

    The sum has a closed form (Stilson & Smith 1996).
    """
    turn = phase - phase.floor()
    count, of_unit_power = ((BELOW_NYQUIST * x / hertz).floor() for x in (rate, REFERENCE_RATE))
    below = torch.sin(torch.pi * turn)
    near = below.abs() < 1e-6
    ratio = torch.sin(torch.pi * (2 * count + 1) * turn) / below.masked_fill(near, 1.0)
    kernel = torch.where(near, 2 * count + 1, ratio)
    return (0.5 * (kernel - 1) * torch.sqrt(2 / of_unit_power)).float()


def white_noise(seed: int, first: int, frames: int, rate: int) -> np.ndarray:
    """Gaussian noise of whole 10 ms frames, a pure function of the seed and the absolute frame: [frames rate / 100]."""
    counters = (np.random.Philox(key=seed, counter=(first + i) << 64) for i in range(frames))  # far apart: no overlap
    drawn = [np.random.Generator(bits).standard_normal(rate // 100, np.float32) for bits in counters]
    return np.concatenate(drawn) * np.float32(noise_level(rate))


def filtered(filters: Tensor, pulses: Tensor, noise: Tensor) -> Tensor:
    """Filters [B, T, 3, bins] and sources with an overhang on each side [B, hop (T + 2)] -> pieces [B, T, window]."""
    comb, phase, hiss = filters.unbind(-2)
    size = 2 * (filters.shape[-1] - 1)
    hop = size // WINDOW_FRAMES
    gain = torch.polar(torch.exp(comb.clamp(max=LOUDEST)), phase)
    window = torch.hann_window(size, device=filters.device)
    pulse_spectra, noise_spectra = (torch.fft.rfft(x.unfold(-1, size, hop) * window) for x in (pulses, noise))
    spectrum = pulse_spectra * gain + noise_spectra * torch.exp(hiss.clamp(max=LOUDEST))
    return torch.fft.irfft(spectrum, size) * (window / (0.375 * WINDOW_FRAMES))
