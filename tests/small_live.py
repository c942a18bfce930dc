"""A small live voice with random weights, what it hears, and what its networks make of that offline."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from models.base import Stage, StreamSpec
from models.content_sizes import STEP, ContentConfig
from models.generator_sizes import GeneratorConfig
from models.known_pitch import guessed, speak
from models.live import PARAMS, LiveStage, LiveVoice
from models.live_networks import CompiledSteps, LiveNetworks, compiled_voice, write_networks
from models.pitch import Pitch
from models.pitch_stream import Track
from models.source_filter import white_noise

SMALL = ContentConfig(width=48, heads=2, feed_forward=64, blocks=3, kernel=5, left=8, content=16)
SMALL_GENERATOR = GeneratorConfig(content=16, width=32, feed_forward=48, slow_blocks=2, fast_blocks=2, mean_hz=175.0)
VALUES = {**{param.name: param.default for param in PARAMS}, "talker_hz": 120.0}


@cache
def make_voice(look_ahead: int = 2, is_quantized: bool = False, rate: int = 16000) -> LiveVoice:
    torch.manual_seed(3)
    networks = LiveNetworks(SMALL, replace(SMALL_GENERATOR, rate=rate))
    for i, layer in enumerate(networks.quantizer.vq.layers):
        layer._codebook.embed.normal_(std=0.5**i)
        layer._codebook.inited.fill_(1.0)
    return compiled_voice(networks, look_ahead, is_quantized=is_quantized)


def steps_of(voice: LiveVoice) -> CompiledSteps:
    assert isinstance(voice.steps, CompiledSteps)
    return voice.steps


def save(path: Path, voice: LiveVoice) -> None:
    write_networks(path, steps_of(voice).networks, voice.look_ahead)


def sung(seconds: float = 1.6, hertz: float = 120.0) -> Tensor:
    """A hummed note with a pause, [1, 1, N] in whole steps."""
    time = torch.arange(round(seconds * 50) * STEP) / 16000
    tone = sum(torch.sin(2 * torch.pi * hertz * k * time) / k for k in range(1, 9))
    loud = ((time % 0.8) > 0.2).float()
    return (0.1 * tone * loud + 0.001 * torch.randn(len(time), generator=torch.manual_seed(5)))[None, None]


def streamed(
    voice: LiveVoice,
    wav: Tensor,
    steps: int,
    values: dict[str, float] = VALUES,
    spec: StreamSpec = StreamSpec(),  # noqa: B008 - frozen
) -> Tensor:
    stage = voice.open(spec, values)[0]
    return torch.cat([pushed(stage, piece) for piece in wav.split(steps * STEP, dim=-1)], dim=-1)


def pushed(stage: Stage, wav: Tensor) -> Tensor:
    return torch.from_numpy(stage.push(wav.numpy()))


def offline(voice: LiveVoice, wav: Tensor) -> Tensor:
    """The networks over the whole signal, with silence in front of it for the content."""
    networks, silence = steps_of(voice).networks, 200
    stage = voice.open(StreamSpec(), VALUES)[0]
    assert isinstance(stage, LiveStage)
    with torch.inference_mode():
        content = networks.content(F.pad(wav[0], (silence * STEP, 0)), voice.look_ahead)[:, silence:].transpose(1, 2)
        coded = networks.quantizer.decode(networks.quantizer.encode(content)).transpose(1, 2)
        pitch = networks.pitch.decide(networks.pitch(wav[0]))
        shifts = stage._talker.follow(Track(pitch.hertz[0].numpy(), pitch.voicing[0].numpy()))
        moved, guesses = (_moved(stage, one, shifts) for one in (pitch, guessed(networks.pitch, wav[0])))
        noise = torch.from_numpy(white_noise(0, 0, len(shifts), voice.output_rate))[None]
        return speak(networks.generator, coded, moved, guesses, noise, voice.look_ahead)[None]


def _moved(stage: LiveStage, pitch: Pitch, shifts: list[float]) -> Pitch:
    moved = stage._moved(Track(pitch.hertz[0].numpy(), pitch.voicing[0].numpy()), shifts)
    return Pitch(*(torch.from_numpy(x)[None] for x in moved))
