"""The prior encoder of GPT-SoVITS: quantised content and phones to the distribution of the latents of speech.

Phones enter through one cross-attention alone, in the MRTE ("multi-reference timbre encoder", after Mega-TTS 2). What
it needs of them is constant while they are, so it can be computed once: `TextMemory` for several phones; `TextConstant`
for one, to which every frame attends alike, or for whatever vector stands in for unknown words; None for no text.
"""

import math
from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.relative_encoder import HIDDEN_SCORE, RelativeEncoder, join_channels, split_channels


class TextMemory(NamedTuple):
    """Keys and values [B, H, S, W / H] of phones, and which of them count [B, 1, S] (None for all)."""

    keys: Tensor
    values: Tensor
    mask: Tensor | None = None


class TextConstant(NamedTuple):
    """What the cross-attention returns for every frame alike [B, W, 1]."""

    vector: Tensor


EncodedText = TextMemory | TextConstant | None


def text_on(text: EncodedText, device: torch.device | str, dtype: torch.dtype | None = None) -> EncodedText:
    """Return the same text on a device, in another precision where one is given."""
    if isinstance(text, TextConstant):
        return TextConstant(text.vector.to(device, dtype))
    if isinstance(text, TextMemory):
        mask = text.mask if text.mask is None else text.mask.to(device)
        return TextMemory(text.keys.to(device, dtype), text.values.to(device, dtype), mask)
    return None


class CrossAttention(nn.Module):
    """Frames attend to phones, in several heads."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.conv_q, self.conv_k, self.conv_v, self.conv_o = (nn.Conv1d(width, width, 1) for _ in range(4))
        for conv in (self.conv_q, self.conv_k, self.conv_v):
            nn.init.xavier_uniform_(conv.weight)

    def remember(self, x: Tensor, mask: Tensor | None = None) -> TextMemory:
        """Phones [B, W, S] -> their keys and values."""
        return TextMemory(split_channels(self.conv_k(x), self.heads), split_channels(self.conv_v(x), self.heads), mask)

    def constant(self, x: Tensor) -> TextConstant:
        """The one phone [B, W, 1] that every frame attends to."""
        return TextConstant(self.conv_o(self.conv_v(x)))

    def forward(self, x: Tensor, memory: TextMemory) -> Tensor:
        """Frames [B, W, T] -> what they find in the phones [B, W, T]."""
        queries = split_channels(self.conv_q(x), self.heads)
        scores = queries @ memory.keys.transpose(-1, -2) / math.sqrt(queries.shape[-1])
        if memory.mask is not None:
            scores = scores.masked_fill(memory.mask[:, None] == 0, HIDDEN_SCORE)
        return self.conv_o(join_channels(scores.softmax(dim=-1) @ memory.values))


class Mrte(nn.Module):
    """Adds to every frame what it finds in the phones, and the speaker."""

    def __init__(self, channels: int, width: int, heads: int) -> None:
        super().__init__()
        self.cross_attention = CrossAttention(width, heads)
        self.c_pre = nn.Conv1d(channels, width, 1)
        self.text_pre = nn.Conv1d(channels, width, 1)
        self.c_post = nn.Conv1d(width, channels, 1)

    def remember(self, text: Tensor, mask: Tensor | None = None) -> EncodedText:
        """Encoded phones [B, C, S], and which count [B, 1, S], -> what `forward` takes of them."""
        if text.shape[-1] == 0:
            return None
        phones = self.text_pre(text)
        if text.shape[-1] == 1:
            return self.cross_attention.constant(phones)
        return self.cross_attention.remember(phones, mask)

    def found(self, content: Tensor, text: TextMemory) -> Tensor:
        """What frames [B, C, T] find in the phones [B, W, T]; its mean over speech is a good `TextConstant`."""
        return self.cross_attention(self.c_pre(content), text)

    def forward(self, content: Tensor, text: EncodedText, style: Tensor) -> Tensor:
        """Frames [B, C, T] and style [B, W, 1] -> [B, C, T]."""
        x: Tensor = self.c_pre(content)
        told = x + style
        if isinstance(text, TextMemory):
            told = told + self.cross_attention(x, text)
        elif text is not None:
            told = told + text.vector
        return self.c_post(told)


class TextEncoder(nn.Module):
    """Content, phones and speaker to a normal distribution of every latent; named as in the checkpoints."""

    def __init__(
        self,
        latents: int,
        channels: int,
        inner: int,
        heads: int,
        layers: int,
        kernel: int,
        dropout: float,
        vocabulary: int,
        ssl_channels: int,
        mrte_width: int,
        mrte_heads: int,
    ) -> None:
        super().__init__()

        def encoder(count: int) -> RelativeEncoder:
            return RelativeEncoder(channels, inner, heads, count, kernel, dropout)

        self.ssl_proj = nn.Conv1d(ssl_channels, channels, 1)
        self.encoder_ssl = encoder(layers // 2)
        self.encoder_text = encoder(layers)
        self.text_embedding = nn.Embedding(vocabulary, channels)
        self.mrte = Mrte(channels, mrte_width, mrte_heads)
        self.encoder2 = encoder(layers // 2)
        self.proj = nn.Conv1d(channels, 2 * latents, 1)

    def encode_text(self, ids: Tensor, mask: Tensor | None = None) -> Tensor:
        """Phones [B, S], and which count [B, 1, S], -> [B, C, S]; no phones give no columns."""
        x = self.text_embedding(ids).transpose(1, 2)
        return cast(Tensor, self.encoder_text(x, mask)) if ids.shape[-1] else x

    def remember(self, ids: Tensor, mask: Tensor | None = None) -> EncodedText:
        """Phones [B, S], and which count [B, 1, S], -> what `forward` takes of them."""
        return self.mrte.remember(self.encode_text(ids, mask), mask)

    def forward(
        self, quantised: Tensor, text: EncodedText, style: Tensor, speed: float = 1.0, mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor | None]:
        """Quantised content [B, 768, T] and style [B, W, 1] -> means, logarithms of deviations [B, C, T'], mask.

        T' is T, or int(T / speed) + 1 where `speed` is not 1; `mask` [B, 1, T] says which frames count.
        """
        x = self.encoder_ssl(self.ssl_proj(quantised), mask)
        x = self.encoder2(self.mrte(x, text, style), mask)
        if speed != 1.0:
            frames = int(x.shape[-1] / speed) + 1
            x = F.interpolate(x, frames, mode="linear")
            mask = None if mask is None else F.interpolate(mask, frames, mode="nearest")
        statistics: Tensor = self.proj(x)
        mean, deviation = torch.chunk(statistics if mask is None else statistics * mask, 2, dim=1)
        return mean, deviation, mask
