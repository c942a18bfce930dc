"""Streaming content encoder: what is said, not who says it.

A HuBERT-style stack made causal: log-mel front end (25 ms window that ends with its frame, 10 ms step), two
convolutions down to 50 frames a second, and Conformer-like blocks (Gulati et al. 2020) with attention over a
bounded past. Each block may look a few frames ahead; the look-ahead is chosen when a stream opens and is drawn
at random in training, so one set of weights serves several delays.
"""

from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.banded_attention import BandedSelfAttention, BandState
from models.content_sizes import FFT_SIZE, MEL_BINS, MEL_HOP, MEL_WINDOW, RATE, ContentConfig, spread
from models.spectrogram import mel_filters
from models.streaming import CausalConv1d


def mel_bands(warp: float = 1.0) -> Tensor:
    """Mel filters of the front end [80, 257], their frequencies multiplied by `warp`."""
    return mel_filters(RATE, FFT_SIZE, MEL_BINS, 20.0, 7600.0, scale="htk", unit_area=False, warp=warp)


class LogMel(nn.Module):
    """Causal log-mel energies: frame m ends with sample 160 (m + 1)."""

    window: Tensor
    basis: Tensor

    def __init__(self) -> None:
        super().__init__()
        window = torch.hann_window(MEL_WINDOW)
        self.register_buffer("window", window / window.square().sum().sqrt(), persistent=False)
        self.register_buffer("basis", mel_bands().T, persistent=False)

    def frames(self, padded: Tensor, basis: Tensor | None = None) -> Tensor:
        """Samples with 240 of the past in front [B, 240 + 160 T] -> energies [B, T, 80]; basis [.., 257, 80]."""
        pieces = padded.unfold(-1, MEL_WINDOW, MEL_HOP) * self.window
        power = torch.view_as_real(torch.fft.rfft(pieces, FFT_SIZE)).square().sum(-1)
        energies = power @ (self.basis if basis is None else basis)
        return self.scaled(energies)

    def scaled(self, energies: Tensor) -> Tensor:
        """Energies of the bands -> their logarithms, brought near 0."""
        return (torch.log(energies + 1e-9) + 12.0) / 4.0

    def forward(self, samples: Tensor, basis: Tensor | None = None) -> Tensor:
        """Samples [B, 160 T] -> [B, T, 80]."""
        return self.frames(F.pad(samples, (MEL_WINDOW - MEL_HOP, 0)), basis)


class ConvolutionModule(nn.Module):
    """Gated pointwise, causal depthwise and pointwise convolution of the Conformer, with LayerNorm."""

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.gate = nn.Linear(width, 2 * width)
        self.depthwise = CausalConv1d(width, width, kernel, groups=width)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, C] -> [B, T, C]."""
        return self._mix(self.depthwise(self._gated(x)))

    def push(self, x: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        """[B, n, C] -> [B, n, C] and the new past of the depthwise convolution."""
        y, state = self.depthwise.push(self._gated(x), state)
        return self._mix(y), state

    def _gated(self, x: Tensor) -> Tensor:
        """[B, T, C] -> [B, C, T]."""
        return F.glu(self.gate(x), dim=-1).transpose(1, 2)

    def _mix(self, x: Tensor) -> Tensor:
        """[B, C, T] -> [B, T, C]."""
        return self.out(F.silu(self.norm(x.transpose(1, 2))))


class Block(nn.Module):
    """Pre-norm attention, convolution and feed-forward, each added to its input."""

    def __init__(self, config: ContentConfig) -> None:
        super().__init__()
        width = config.width
        self.attention_norm = nn.LayerNorm(width)
        self.attention = BandedSelfAttention(width, config.heads, config.left, config.max_right)
        self.convolution_norm = nn.LayerNorm(width)
        self.convolution = ConvolutionModule(width, config.kernel)
        self.feed_norm = nn.LayerNorm(width)
        self.feed_in = nn.Linear(width, config.feed_forward)
        self.feed_out = nn.Linear(config.feed_forward, width)

    def forward(self, x: Tensor, right: int) -> Tensor:
        """[B, T, C] -> [B, T, C]."""
        x = x + self.attention(self.attention_norm(x), right)
        x = x + self.convolution(self.convolution_norm(x))
        return self._fed(x)

    def initial_state(self, right: int) -> "BlockState":
        """Return the state of a stream with a look-ahead of `right` frames in this block."""
        none = self.feed_out.weight.new_zeros(1, 0, self.feed_out.out_features)
        return BlockState(none, self.attention.initial_state(1, right), self.convolution.depthwise.initial_state(1))

    def push(self, x: Tensor, state: "BlockState") -> tuple[Tensor, "BlockState"]:
        """[1, n, C] -> [1, m, C], the frames whose look-ahead is complete."""
        heard, attention = self.attention.push(self.attention_norm(x), state.attention)
        waiting = torch.cat([state.waiting, x], dim=1) if state.waiting.shape[1] else x
        ready = heard.shape[1]
        if ready == 0:
            return heard, BlockState(waiting, attention, state.convolution)
        x = waiting[:, :ready] + heard
        mixed, convolution = self.convolution.push(self.convolution_norm(x), state.convolution)
        return self._fed(x + mixed), BlockState(waiting[:, ready:], attention, convolution)

    def _fed(self, x: Tensor) -> Tensor:
        return x + self.feed_out(F.gelu(self.feed_in(self.feed_norm(x))))


class BlockState(NamedTuple):
    """What one block keeps of a stream: frames whose look-ahead is to come, and the pasts of its layers."""

    waiting: Tensor
    attention: BandState
    convolution: Tensor


class ContentEncoder(nn.Module):
    """Samples at 16 kHz to content vectors and phone scores at 50 Hz."""

    def __init__(self, config: ContentConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or ContentConfig()
        self.mel = LogMel()
        self.front = CausalConv1d(MEL_BINS, config.width, 3)
        self.front_norm = nn.LayerNorm(config.width)
        self.down = CausalConv1d(config.width, config.width, 3, stride=2)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(config.width)
        self.bottleneck = nn.Linear(config.width, config.content)
        self.phones = nn.Linear(config.content, config.phones)

    def forward(self, samples: Tensor, look_ahead: int) -> Tensor:
        """Samples [B, 320 T] -> content [B, T, 96]."""
        return self.features(self.mel(samples), look_ahead)

    def features(self, mel: Tensor, look_ahead: int) -> Tensor:
        """Log-mel [B, 2 T, 80] -> content [B, T, 96] with `look_ahead` frames of 20 ms in all."""
        x = self.down(self.opened(self.front(mel.transpose(1, 2)))).transpose(1, 2)
        for block, right in zip(self.blocks, spread(look_ahead, len(self.blocks)), strict=True):
            x = block(x, right)
        return self.described(x)

    def opened(self, front: Tensor) -> Tensor:
        """Normalise and bend what the first convolution found [B, C, T]."""
        return F.gelu(self.front_norm(front.transpose(1, 2))).transpose(1, 2)

    def described(self, x: Tensor) -> Tensor:
        """Last block's output [B, T, C] -> content [B, T, 96] of zero mean and unit variance per frame."""
        return F.layer_norm(self.bottleneck(self.norm(x)), (self.config.content,))

    def empty_state(self, look_ahead: int) -> "ContentState":
        """Return the state before anything was heard, silence included."""
        rights = spread(look_ahead, len(self.blocks))
        blocks = [cast(Block, block).initial_state(right) for block, right in zip(self.blocks, rights, strict=True)]
        return ContentState(self.front.initial_state(1), self.down.initial_state(1), blocks)

    def push(self, mel: Tensor, state: "ContentState") -> tuple[Tensor, "ContentState"]:
        """Log-mel [1, 2 n, 80] -> content [1, m, 96] of the frames whose look-ahead is complete, and the new state."""
        front, front_past = self.front.push(mel.transpose(1, 2), state.front)
        x, down_past = self.down.push(self.opened(front), state.down)
        x, blocks = x.transpose(1, 2), []
        for block, past in zip(self.blocks, state.blocks, strict=True):
            x, after = cast(Block, block).push(x, past)
            blocks.append(after)
        return self.described(x), ContentState(front_past, down_past, blocks)


class ContentState(NamedTuple):
    """What the encoder keeps of a stream."""

    front: Tensor
    down: Tensor
    blocks: list[BlockState]
