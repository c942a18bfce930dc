"""The synthesizer of GPT-SoVITS, versions v1, v2, v2Pro and v2ProPlus: content codes, phones and a speaker to speech.

A VITS (Kim et al. 2021) whose prior is told the content by quantised HuBERT features and the phones by a
cross-attention. Frames are 20 ms, codes 40 ms; recordings and speech have 32 kHz. Keys are those of the checkpoints.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from models.flow import Flow
from models.hifigan import HifiGan, HifiGanConfig
from models.posterior import Posterior
from models.rvq import ResidualVectorQuantizer
from models.style_encoder import StyleEncoder
from models.synthesizer_config import VERSIONS, SynthesizerConfig
from models.text_encoder import EncodedText, TextEncoder

__all__ = ["CODE_FRAMES", "VERSIONS", "Synthesizer", "SynthesizerConfig", "TrainingOutput"]

CODE_FRAMES = 2
"""Frames of HuBERT and of the latents for every code."""


class TrainingOutput(NamedTuple):
    """What the losses of training look at; distributions are those of the latents [B, C, T]."""

    wav: Tensor
    """[B, 1, N], the waveforms of pieces of the latents."""
    commitment: Tensor
    starts: Tensor
    """[B], the frames at which the pieces begin."""
    mask: Tensor
    """[B, 1, T], 1 where a frame is not padding."""
    z: Tensor
    z_p: Tensor
    m_p: Tensor
    logs_p: Tensor
    m_q: Tensor
    logs_q: Tensor
    quantised: Tensor
    """[B, 768, T / 2]."""


class Synthesizer(nn.Module):
    """All networks of one voice; without the posterior encoder it can speak but not learn."""

    def __init__(self, config: SynthesizerConfig | None = None, has_posterior: bool = True) -> None:
        super().__init__()
        self.config = c = config or SynthesizerConfig()
        self.enc_p = TextEncoder(
            c.inter_channels,
            c.hidden_channels,
            c.filter_channels,
            c.n_heads,
            c.n_layers,
            c.kernel_size,
            c.p_dropout,
            c.text_vocabulary,
            c.ssl_dim,
            c.mrte_width,
            c.mrte_heads,
        )
        self.dec = HifiGan(_decoder(c))
        wavenet = (c.inter_channels, c.hidden_channels, c.wavenet_kernel)
        self.enc_q = Posterior(c.spec_channels, *wavenet, c.posterior_layers, c.gin_channels) if has_posterior else None
        self.flow = Flow(*wavenet, c.flow_layers, c.flow_couplings, c.gin_channels)
        self.ref_enc = StyleEncoder(c.reference_bins, c.gin_channels, c.style_width, c.style_heads)
        self.ssl_proj = nn.Conv1d(c.ssl_dim, c.ssl_dim, CODE_FRAMES, CODE_FRAMES)
        self.quantizer = ResidualVectorQuantizer(c.ssl_dim, c.codebooks, c.codes)
        if c.has_speaker_verification:
            self.sv_emb = nn.Linear(c.speaker_channels, c.gin_channels)
            self.prelu = nn.PReLU(c.gin_channels)
        if c.has_text_style:
            self.ge_to512 = nn.Linear(c.gin_channels, c.mrte_width)
        self.train()

    def train(self, mode: bool = True) -> "Synthesizer":
        """Set training mode; a frozen quantiser stays as it is."""
        super().train(mode)
        if self.config.freeze_quantizer:
            self.ssl_proj.eval()
            self.quantizer.eval()
        return self

    def codes(self, ssl: Tensor) -> Tensor:
        """HuBERT's features [B, 768, T] -> codes [B, n_q, T // 2]; an odd last frame is dropped."""
        if ssl.shape[-1] < CODE_FRAMES:
            return torch.zeros(len(ssl), self.config.codebooks, 0, dtype=torch.long, device=ssl.device)
        return self.quantizer.encode(self._projected(ssl)).transpose(0, 1)

    def quantised(self, codes: Tensor) -> Tensor:
        """Codes [B, n_q, T] -> the content they stand for [B, 768, 2 T]."""
        return self.quantizer.decode(codes.transpose(0, 1)).repeat_interleave(CODE_FRAMES, dim=-1)

    def style(self, spectrogram: Tensor, speaker: Tensor | None = None, mask: Tensor | None = None) -> Tensor:
        """Spectrogram [B, 1025, T] and verified speaker [B, 20480] of a recording -> style [B, gin, 1].

        Raises ValueError where the speaker is missing or not wanted.
        """
        if (speaker is not None) != self.config.has_speaker_verification:
            wants = "needs a" if self.config.has_speaker_verification else "takes no"
            raise ValueError(f"version {self.config.version} {wants} speaker-verification embedding")
        bins = spectrogram[:, : self.config.reference_bins]
        style = self.ref_enc(bins if mask is None else bins * mask, mask)
        return style if speaker is None else self.prelu(style + self.sv_emb(speaker)[..., None])

    def mean_style(self, references: Sequence[tuple[Tensor, Tensor | None]]) -> Tensor:
        """Spectrograms and speakers of one or more recordings, as `style` takes them -> style [B, gin, 1]."""
        return torch.stack([self.style(spectrogram, speaker) for spectrogram, speaker in references]).mean(dim=0)

    def text_style(self, style: Tensor) -> Tensor:
        """Style [B, gin, 1] -> what `prior` is told of it [B, 512, 1]."""
        return self.ge_to512(style.transpose(-1, -2)).transpose(-1, -2) if self.config.has_text_style else style

    def encode_text(self, ids: Tensor) -> Tensor:
        """Phones [B, S] -> [B, 192, S]."""
        return self.enc_p.encode_text(ids)

    def remember(self, ids: Tensor | None) -> EncodedText:
        """Phones [B, S] -> what `prior` needs of them: one phone is a constant, none (or None) is nothing."""
        return None if ids is None else self.enc_p.remember(ids)

    def prior(
        self, quantised: Tensor, text: Tensor | EncodedText, text_style: Tensor, speed: float = 1.0
    ) -> tuple[Tensor, Tensor]:
        """Return means and logarithms of deviations of the latents [B, 192, T].

        They follow from content [B, 768, T], phones [B, S] or what `remember` made of them, and the text encoder's
        style [B, 512, 1]. At a `speed` other than 1 there are int(T / speed) + 1 frames of them.
        """
        told = self.remember(text) if isinstance(text, Tensor) else text
        mean, deviation, _ = self.enc_p(quantised, told, text_style, speed)
        return mean, deviation

    def decode(
        self,
        codes: Tensor,
        text: Tensor | EncodedText,
        style: Tensor,
        noise: Tensor | None = None,
        noise_scale: float = 0.5,
        speed: float = 1.0,
    ) -> Tensor:
        """Codes [B, n_q, T], phones as `prior` takes them and style [B, gin, 1] -> wav [B, 1, 1280 T] at 32 kHz.

        `noise` [B, 192, T'], T' the frames that `prior` returns, takes the place of a draw.
        """
        if codes.shape[-1] == 0:
            return style.new_zeros(len(codes), 1, 0)
        mean, deviation = self.prior(self.quantised(codes), text, self.text_style(style), speed)
        noise = torch.randn_like(mean) if noise is None else noise
        z = self.flow.inverse(mean + noise * deviation.exp() * noise_scale, self.flow.conditions(style))
        return self.dec(z, self.dec.condition(style))

    def forward(
        self,
        ssl: Tensor,
        spectrogram: Tensor,
        lengths: Tensor,
        text: Tensor,
        text_lengths: Tensor,
        speaker: Tensor | None = None,
        noise: Tensor | None = None,
        draws: Tensor | None = None,
    ) -> TrainingOutput:
        """Return what the losses of one step of training look at.

        A batch is HuBERT's features [B, 768, T], spectrograms [B, 1025, T], how many frames of them count [B], phones
        [B, S] and how many of those do [B], and verified speakers [B, 20480]; T is even. `noise` [B, 192, T] and
        `draws` [B] from 0 to 1 stand for chance: that of the posterior, and where the pieces begin of which waveforms
        are made. Raises ValueError where there is no posterior encoder.
        """
        if self.enc_q is None:
            raise ValueError("a synthesizer without its posterior encoder cannot be trained")
        mask = _counted(lengths, spectrogram)
        style = self.style(spectrogram, speaker, mask)
        content, _, commitment, _ = self.quantizer(self._projected(ssl))
        heard = self.enc_p.remember(text, _counted(text_lengths, spectrogram, text.shape[-1]))
        repeated = content.repeat_interleave(CODE_FRAMES, dim=-1)
        m_p, logs_p, _ = self.enc_p(repeated, heard, self.text_style(style), mask=mask)
        z, m_q, logs_q = self.enc_q(spectrogram, style.detach(), mask, noise)
        z_p = self.flow(z, self.flow.conditions(style), mask)
        starts = self._starts(lengths, draws)
        wav = self.dec(slices(z, starts, self.config.segment_frames), self.dec.condition(style))
        return TrainingOutput(wav, commitment, starts, mask, z, z_p, m_p, logs_p, m_q, logs_q, content)

    def _projected(self, ssl: Tensor) -> Tensor:
        """What the quantiser codes, in the precision of its weights whatever the surroundings compute in."""
        with torch.autocast(ssl.device.type, enabled=False):
            return self.ssl_proj(ssl.to(self.ssl_proj.weight.dtype))

    def _starts(self, lengths: Tensor, draws: Tensor | None) -> Tensor:
        if draws is None:
            draws = torch.rand(len(lengths), device=lengths.device)
        return (draws * (lengths - self.config.segment_frames + 1)).long().clamp(min=0)


def slices(x: Tensor, starts: Tensor, frames: int) -> Tensor:
    """Pieces of `frames` frames from `starts` [B]: [B, C, T] -> [B, C, frames]."""
    places = starts[:, None] + torch.arange(frames, device=x.device)
    return x.gather(2, places[:, None].expand(-1, x.shape[1], -1))


def _counted(lengths: Tensor, like: Tensor, size: int | None = None) -> Tensor:
    """[B] -> [B, 1, T], 1 where a frame counts."""
    places = torch.arange(like.shape[-1] if size is None else size, device=lengths.device)
    return (places < lengths[:, None])[:, None].to(like.dtype)


def _decoder(c: SynthesizerConfig) -> HifiGanConfig:
    return HifiGanConfig(
        c.inter_channels,
        c.upsample_rates,
        c.upsample_kernel_sizes,
        c.upsample_initial_channel,
        c.resblock,
        c.resblock_kernel_sizes,
        c.resblock_dilation_sizes,
        c.gin_channels,
        bare_ends=True,
    )
