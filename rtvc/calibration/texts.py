"""What a voice may be told of words nobody knows, and how it then sounds: like whom, how clearly, and in silence."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.frame_noise import frame_noise
from models.sovits import SovitsVoice, text_of
from models.speaker import SpeakerNetwork, embed_speaker
from models.spectrogram import Spectrogram, SpectrogramConfig
from models.synthesizer import CODE_FRAMES
from models.text_encoder import TextMemory
from rtvc.references import RATE, SPEAKER_RATE, Clip
from rtvc.sinc import resample

TOKENS: Mapping[str, int] = {",": 1, ".": 3, "SP": 77, "_": 95, "!": 0}
"""Single phones that may stand for all, by their numbers in every version's list."""
SECONDS = 6.0
"""So much of the recording is converted."""
NOISE_SECONDS = 2.0
NOISE_LEVEL = 10 ** (-70 / 20)
"""Of what a quiet room leaves behind the speech."""
NOISE_SCALE = 0.5
SMALLEST = 1e-9


@dataclass(frozen=True)
class TextChoice:
    """A way to stand in for words: its mode, its ids, and what people call it."""

    mode: str
    ids: tuple[int, ...]
    label: str


@dataclass(frozen=True)
class TextFigures:
    """What it makes of the voice.

    `similarity` is the cosine between the voice's style and that of the output, as its own style encoder hears it, and
    `speaker` that between embeddings of speaker verification, where the voice has it. `kept` is the cosine between the
    content of output and input, frame by frame, and `babble` how loud a quiet room becomes, in dB below speech.
    """

    choice: TextChoice
    similarity: float
    kept: float
    babble: float
    speaker: float | None = None


@dataclass(frozen=True)
class Judge:
    """What compares the output with the speaker: clips of the speaker, and the network that verifies where there is."""

    clips: Sequence[Clip]
    network: SpeakerNetwork | None = None


def choices(voice: SovitsVoice, ids: Sequence[int] = ()) -> list[TextChoice]:
    """Return what can be tried with a voice; `ids` are the phones of the recording, where they are known."""
    vocabulary = voice.model.config.text_vocabulary
    found = [TextChoice("const", (one,), f'const "{sign}"') for sign, one in TOKENS.items() if one < vocabulary]
    found.append(TextChoice("none", (), "none"))
    if len(ids) > 1:
        found += [TextChoice("mean", (), "mean"), TextChoice("phones", tuple(ids), "phones")]
    return found


def mean_vector(voice: SovitsVoice, samples: Tensor, ids: Sequence[int]) -> Tensor:
    """What the frames of a recording [n] find in its phones, on average: [1, W, 1].

    Raises ValueError for phones that the voice does not know, or fewer than two.
    """
    memory = text_of(voice.model, "phones", ids)
    if not isinstance(memory, TextMemory):
        raise ValueError("a mean needs the phones of a whole recording")
    model = voice.model
    quantised = model.quantised(model.codes(voice.content.whole(samples.to(voice.device))))
    content = model.enc_p.encoder_ssl(model.enc_p.ssl_proj(quantised))
    return model.enc_p.mrte.found(content, memory).mean(dim=-1, keepdim=True).cpu()


def texts(
    voice: SovitsVoice,
    samples: Tensor,
    tried: Sequence[TextChoice],
    judge: Judge,
    mean: Tensor | None,
    advance: Callable[[float], None],
) -> list[TextFigures]:
    """Convert a recording [n] at 16 kHz, with a quiet room behind it, in every way that is to be tried."""
    spoken = samples[: round(SECONDS * voice.input_rate)]
    room = NOISE_LEVEL * torch.randn(
        round(NOISE_SECONDS * voice.input_rate), generator=torch.Generator().manual_seed(0)
    )
    content = voice.content.whole(torch.cat([spoken, room]).to(voice.device))
    codes = voice.model.codes(content)
    count = CODE_FRAMES * codes.shape[-1]
    noise = frame_noise(0, 0, count, voice.model.config.inter_channels)[None].to(voice.device)
    end = len(spoken) * voice.output_rate // voice.input_rate
    wanted = _identity(voice, judge)
    found = []
    for one in tried:
        text = text_of(voice.model, one.mode, one.ids or (1,), mean)
        made = voice.model.decode(codes, text, voice.style, noise, NOISE_SCALE)[0, 0].cpu()
        found.append(_figures(voice, one, made, end, content, judge.network, wanted))
        advance(1 / len(tried))
    return found


def _figures(
    voice: SovitsVoice,
    one: TextChoice,
    made: Tensor,
    end: int,
    content: Tensor,
    network: SpeakerNetwork | None,
    wanted: tuple[Tensor, Tensor | None],
) -> TextFigures:
    speech, room = made[:end], made[end + voice.output_rate // 2 :]  # what speech left in the room is no babble
    heard = voice.content.whole(_at(speech, voice.output_rate, voice.input_rate).to(voice.device))
    count = min(heard.shape[-1], content.shape[-1])
    clip = _at(speech, voice.output_rate, RATE)
    embedding = None if network is None else _embedded(network, clip)
    return TextFigures(
        one,
        _cosine(_style(voice, clip, embedding), wanted[0]),
        float(F.cosine_similarity(_centred(heard[..., :count]), _centred(content[..., :count]), dim=1).mean()),
        20 * float(torch.log10(_level(room) / _level(speech))),
        None if embedding is None or wanted[1] is None else _cosine(embedding, wanted[1]),
    )


def _identity(voice: SovitsVoice, judge: Judge) -> tuple[Tensor, Tensor | None]:
    """Style and, where there is a network for it, embedding of the speaker, as the output's are measured."""
    clips = [torch.from_numpy(clip.samples) for clip in judge.clips]
    if not clips:
        return voice.style.cpu(), None
    embeddings = [None if judge.network is None else _embedded(judge.network, clip) for clip in clips]
    styles = [_style(voice, clip, embedding) for clip, embedding in zip(clips, embeddings, strict=True)]
    known = [one for one in embeddings if one is not None]
    return torch.stack(styles).mean(dim=0), torch.stack(known).mean(dim=0) if known else None


def _style(voice: SovitsVoice, clip: Tensor, embedding: Tensor | None) -> Tensor:
    spectrogram = Spectrogram(SpectrogramConfig(rate=RATE)).linear(clip[None])
    model = voice.model
    if model.config.has_speaker_verification and embedding is None:  # the encoder alone, before the embedding is added
        alone: Tensor = model.ref_enc(spectrogram[:, : model.config.reference_bins].to(voice.device))
        return alone.cpu()
    verified = embedding if model.config.has_speaker_verification else None
    return model.style(spectrogram.to(voice.device), verified if verified is None else verified.to(voice.device)).cpu()


def _embedded(network: SpeakerNetwork, clip: Tensor) -> Tensor:
    return embed_speaker(network, _at(clip, RATE, SPEAKER_RATE)[None])


def _at(samples: Tensor, rate: int, wanted: int) -> Tensor:
    return samples if rate == wanted else resample(samples, rate, wanted)


def _centred(content: Tensor) -> Tensor:
    """Content [1, C, T] without what all frames have in common."""
    return content - content.mean(dim=-1, keepdim=True)


def _cosine(one: Tensor, other: Tensor) -> float:
    return float(F.cosine_similarity(one.flatten(), other.flatten(), dim=0))


def _level(samples: Tensor) -> Tensor:
    return samples.square().mean().sqrt().clamp(min=SMALLEST)
