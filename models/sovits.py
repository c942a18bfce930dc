"""Family `sovits`: voices of GPT-SoVITS, versions v1, v2, v2Pro and v2ProPlus, converted live without text.

wav 16 kHz ── content (HuBERT, 50 Hz) ── codes (25 Hz) ── prior ── flow ── HiFi-GAN ── wav 32 kHz
                                          text constant ──┘   speaker's style ──┴────────┘
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.base import Param, Stage, StreamSpec
from models.checkpoint import load_strictly, read_tensors, write_tensors
from models.construction import sketched
from models.content import ContentEncoder
from models.content_sizes import ContentConfig
from models.errors import CheckpointError
from models.flow import Flow
from models.frame_noise import frame_noise
from models.hifigan import HifiGan
from models.hubert import Hubert, HubertConfig
from models.integer import integers_pay
from models.latent_decoder import LatentDecoder, Networks
from models.precision import fastest_dtype, halved
from models.sovits_content import ContentNetwork, EncoderContent, HubertContent
from models.sovits_stream import CODE, FRAME_RATE, INPUT_RATE, SovitsStage, Windows
from models.synthesizer import CODE_FRAMES, Synthesizer, SynthesizerConfig
from models.tensor_stage import TensorStage
from models.text_encoder import EncodedText, TextConstant, TextEncoder, text_on
from models.weight_norm import folded

FAMILY = "sovits"
TEXT_MODES = ("const", "mean", "none", "phones")
COMMA = 1
PARAMS = (
    Param("noise_scale", "Liveliness", 0, 1, 0.5, "", 0.05, "How much chance there is in the voice: 0 is flat."),
    Param("bypass", "Detail", 0, 1, 0, "", 0.05, "Lets through what the codes leave out: clearer, and more of you."),
)
PRESETS: Mapping[str, StreamSpec] = {
    "low delay": StreamSpec(hop=0.12, left=1.5, right=0.0, fade=0.01),
    "balanced": StreamSpec(hop=0.16, left=1.5, right=0.08, fade=0.02),
    "quality": StreamSpec(hop=0.32, left=1.5, right=0.16, fade=0.02),
}
"""A past of 1.5 s: codes agree with those of whole recordings as often as with 2 s, and a hop takes a sixth less."""


class SovitsVoice:
    """A voice of the family: networks, whose content feeds them, whose style they have, and what stands for words.

    Streams compute HuBERT's transformer and the decoder, nine tenths of all, in `dtype`; whole conversions do not.
    """

    input_rate = INPUT_RATE
    hop = CODE
    params = PARAMS

    def __init__(
        self,
        model: Synthesizer,
        content: ContentNetwork,
        style: Tensor,
        text: EncodedText,
        device: str = "cpu",
        dtype: torch.dtype = torch.float32,
        integers: bool = False,
        compiles: bool = False,
    ) -> None:
        """Streams compute the large networks in `dtype`, HuBERT's transformer in integers where those are wanted.

        Where it `compiles`, opening a stream takes seconds, and its hops less.
        """
        if content.channels != model.config.ssl_dim:
            raise CheckpointError(
                f"the voice wants content of {model.config.ssl_dim} channels, not the {content.channels} at hand"
            )
        self.model = folded(model.eval().requires_grad_(False)).to(device)
        self.content, self.style, self.text = content, style.to(device), text_on(text, device)
        self.text_mean: Tensor | None = None
        self.output_rate = FRAME_RATE * model.dec.hop
        self.dtype, self.integers, self.compiles = dtype, integers, compiles
        self._lighter = Networks(
            halved(self.model.enc_p, dtype, self._probe_prior),
            halved(self.model.flow, dtype, self._probe_flow),
            halved(self.model.dec, dtype, self._probe),
        )

    @property
    def device(self) -> torch.device:
        """Where the networks are; a stream that runs out of memory moves them."""
        return self.model.dec.conv_pre.weight.device

    def _probe(self, generator: HifiGan, dtype: torch.dtype) -> Tensor:
        """What a decoder makes of latents as the prior has them."""
        latents = torch.randn(1, self.model.config.inter_channels, 16, generator=torch.Generator().manual_seed(0))
        return generator(latents.to(self.device, dtype), self.model.dec.condition(self.style).to(dtype))

    def _probe_prior(self, prior: TextEncoder, dtype: torch.dtype) -> Tensor:
        """What a prior makes of content whose frames are all different."""
        codes = self.model.config.codes
        index = torch.arange(16, device=self.device).remainder(codes).expand(1, self.model.config.codebooks, 16)
        style = self.model.text_style(self.style)
        return prior(self.model.quantised(index).to(dtype), None, style.to(dtype))[0]

    def _probe_flow(self, flow: Flow, dtype: torch.dtype) -> Tensor:
        """What a flow makes of latents as the prior has them."""
        latents = torch.randn(1, self.model.config.inter_channels, 16, generator=torch.Generator().manual_seed(0))
        conditions = [condition.to(dtype) for condition in self.model.flow.conditions(self.style)]
        return flow.inverse(latents.to(self.device, dtype), conditions)

    def open(self, spec: StreamSpec, values: Mapping[str, float]) -> list[Stage]:
        """One stage, from wav to wav, with windows of the spec's sizes."""
        windows = Windows.of(spec, self.model.dec.hop)
        decoder = LatentDecoder(self.model, self.style, self.text, lighter=self._lighter)
        keep = 2 * (windows.left + windows.hop) + windows.right + 64
        content = self.content.open(keep, self.dtype, self.integers)
        if self.compiles:
            frames, start, stop = windows.usual
            content.expect(CODE * windows.hop, frames)
            decoder.expect(frames, start, stop)
        return [TensorStage(SovitsStage(decoder, content, windows, values))]

    def convert_whole(self, samples: Tensor, noise_scale: float = 0.5, noise: Tensor | None = None) -> Tensor:
        """Samples [n] of a whole recording at 16 kHz -> [1280 (T // 2)] at 32 kHz, T the frames of its content.

        The original's own way: nothing is windowed, no level is matched. `noise` [1, 192, 2 (T // 2)] replaces that of
        the streams.
        """
        codes = self.model.codes(self.content.whole(samples.to(self.device)))
        if noise is None:
            noise = frame_noise(0, 0, CODE_FRAMES * codes.shape[-1], self.model.config.inter_channels)[None]
        noise = noise.to(self.device)
        text, style = text_on(self.text, self.device), self.style.to(self.device)
        return self.model.decode(codes, text, style, noise, noise_scale)[0, 0]


def text_of(model: Synthesizer, mode: str, ids: Sequence[int] = (COMMA,), mean: Tensor | None = None) -> EncodedText:
    """What stands for words: `const` and `phones` the given ids, `mean` a measured vector [1, W, 1], `none` nothing.

    The model is in evaluation mode. Raises ValueError for another mode, for `mean` without its vector, and for ids that
    the voice does not know.
    """
    if mode not in TEXT_MODES:
        raise ValueError(f"no text mode {mode!r}; known: {', '.join(TEXT_MODES)}")
    if mode == "none":
        return None
    if mode == "mean":
        if mean is None:
            raise ValueError("text mode mean needs a vector that `rtvc voices calibrate` measures")
        return TextConstant(mean.to(model.enc_p.text_embedding.weight.device))
    unknown = [i for i in ids if not 0 <= i < model.config.text_vocabulary]
    if unknown:
        raise ValueError(f"text id {unknown[0]} is none of the voice's {model.config.text_vocabulary}")
    device = model.enc_p.text_embedding.weight.device
    return model.remember(torch.tensor([list(ids)], dtype=torch.long, device=device))


def load(card: Mapping[str, Any], weights: Path | None, device: str = "cpu") -> SovitsVoice:
    """Read a voice: its weights, and beside them `style.safetensors` and `content.safetensors` or the card's part.

    Raises CheckpointError where one of them is missing or does not belong together.
    """
    if weights is None:
        raise CheckpointError("a voice of the family 'sovits' needs its weights file voice.safetensors")
    model = read_synthesizer(weights)
    style = _style(weights.with_name("style.safetensors"), model)
    content = read_content(_content_file(card, weights), device)
    facts = card.get("text", {})
    try:
        mean = style.get("text_mean")
        text = text_of(model, facts.get("mode", "const"), facts.get("ids", (COMMA,)), mean)
    except (ValueError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{weights.parent / 'card.yaml'}: {error}") from error
    dtype = fastest_dtype(device)
    integers = integers_pay(device, dtype)
    voice = SovitsVoice(model, content, style["ge"], text, device, dtype, integers, compiles=device == "cpu")
    voice.text_mean = mean
    return voice


def read_synthesizer(weights: Path) -> Synthesizer:
    """Read the networks of a voice file; raises CheckpointError."""
    tensors, metadata = read_tensors(weights)
    if metadata.get("family") != FAMILY:
        raise CheckpointError(f"{weights} is not a voice of the family '{FAMILY}'")
    try:
        config = SynthesizerConfig.of_facts(json.loads(metadata["config"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{weights} has no usable network sizes: {error}") from error
    model = sketched(Synthesizer, config, has_posterior=False)
    load_strictly(model, {name: tensor.float() for name, tensor in tensors.items()}, source=str(weights))
    return model.eval().requires_grad_(False)


def write_synthesizer(path: Path, model: Synthesizer) -> None:
    """Write the networks without the posterior encoder, so that `read_synthesizer` reads them."""
    kept = {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("enc_q.")}
    write_tensors(path, kept, {"family": FAMILY, "config": json.dumps(asdict(model.config))})


def read_content(path: Path, device: str = "cpu") -> ContentNetwork:
    """Read a content network, whose metadata says whether it is a HuBERT or an encoder; raises CheckpointError."""
    tensors, metadata = read_tensors(path)
    tensors = {name: tensor.float() for name, tensor in tensors.items()}
    try:
        made = _content_network(metadata["kind"], json.loads(metadata["config"]))
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{path} is no content network: {error}") from error
    load_strictly(made.network, tensors, source=str(path))
    made.network.eval().requires_grad_(False).to(device)
    return made


def _content_network(kind: str, config: dict[str, Any]) -> HubertContent | EncoderContent:
    if kind == "hubert":
        return HubertContent(sketched(Hubert, HubertConfig(**{k: _frozen(v) for k, v in config.items()})))
    if kind == "encoder":
        look_ahead = int(config.pop("look_ahead"))
        return EncoderContent(ContentEncoder(ContentConfig(**config)), look_ahead)
    raise ValueError(f"kind {kind!r}")


def write_content(path: Path, network: HubertContent | EncoderContent) -> None:
    """Write a content network, so that `read_content` reads it."""
    config = asdict(network.network.config)
    if isinstance(network, EncoderContent):
        config["look_ahead"] = network.look_ahead
    write_tensors(path, network.network.state_dict(), {"kind": network.kind, "config": json.dumps(config)})


def _style(path: Path, model: Synthesizer) -> dict[str, Tensor]:
    if not path.is_file():
        raise CheckpointError(
            f"{path.parent.name} has not heard its speaker yet; give it a recording: "
            f"rtvc voices reference {path.parent.name} clip.wav"
        )
    tensors, _ = read_tensors(path)
    wanted = (1, model.config.gin_channels, 1)
    if "ge" not in tensors or tuple(tensors["ge"].shape) != wanted:
        raise CheckpointError(f"{path} holds no style of this voice, which is {wanted} numbers")
    return {name: tensor.float() for name, tensor in tensors.items()}


def _content_file(card: Mapping[str, Any], weights: Path) -> Path:
    own = weights.with_name("content.safetensors")
    if own.is_file():
        return own
    part = card.get("content_file")
    if not part or not Path(part).is_file():
        raise CheckpointError(
            "this voice needs the content network chinese-hubert-base; get it with: rtvc voices fetch"
        )
    return Path(part)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
