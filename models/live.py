"""Family `live`: causal content encoder, residual codebooks and source-filter generator, streamed exactly.

    wav 16 kHz ─┬─ content (50 Hz) ── codes ── content of the chosen books ─┬─ filters ─┐
                └─ pitch (100 Hz) ── moved to the target's range ───────────┴─ pulses ──┴─ wav 16 to 48 kHz

What a stream returns does not depend on how its input is cut, and equals the offline networks. How far the content
looks ahead is chosen when a stream is opened; pitch that is later than that is guessed (`models.known_pitch`).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from models.base import Param, Stage, StreamSpec
from models.checkpoint import load_strictly, read_tensors, write_tensors
from models.compiled import Array, CompiledNetwork
from models.content import POWER_BINS, RATE, STEP, ContentConfig, ContentEncoder
from models.content_stream import ContentStep, ContentStream
from models.errors import CheckpointError
from models.pitch import PitchTracker
from models.pitch_stream import FRAMES, PitchStep, PitchStream, Track
from models.pitch_stream import POWER_BINS as PITCH_POWER_BINS
from models.rvq import ResidualVectorQuantizer
from models.source_filter import RATES, VOICED, Generator, GeneratorConfig
from models.source_filter_stream import GeneratorStep, GeneratorStream
from models.talker import TalkerPitch

PRESETS: Mapping[str, StreamSpec] = {
    "lowest delay": StreamSpec(0.02, right=0.0),
    "low delay": StreamSpec(0.02, right=0.02),
    "balanced": StreamSpec(0.02, right=0.04),
    "quality": StreamSpec(0.02, right=0.08),
}
"""Streams of 30, 50, 70 and 110 ms: a step of 20 ms, the look-ahead, and 10 ms of synthesis."""
BOOKS, BOOK_SIZE = 8, 1024
MOST_AHEAD = 4
"""Frames that encoders are trained to look ahead at most."""
KNOWN_AT = 2
"""Look-ahead from which all pitch is known in time."""
HIGHEST_HZ, LOWEST_HZ = 700.0, 45.0
ONLY_LEARNING = ("_codebook.embed_avg", "_codebook.cluster_size")
"""Ends of the names of what books need only while they are learned: a tenth of a voice file, not written."""
LARGEST_SIZE = 4096
"""Above this a network's size in a file is taken for damage."""
PARAMS = (
    Param("pitch", "Pitch", -24, 24, 0, "semitones", 0.5, "Moves the voice up or down, on top of the automatic shift."),
    Param("auto_pitch", "Automatic pitch", 0, 1, 1, "", 1, "1 moves your range onto the voice's own range."),
    Param("books", "Clarity", 1, BOOKS, BOOKS, "books", 1, "More books: clearer words. Fewer: less of you is left."),
)


class LiveNetworks(nn.Module):
    """Everything that a voice file of the family holds."""

    def __init__(self, content: ContentConfig, generator: GeneratorConfig) -> None:
        super().__init__()
        self.content = ContentEncoder(content)
        self.quantizer = ResidualVectorQuantizer(dimension=content.content, n_q=BOOKS, bins=BOOK_SIZE)
        self.pitch = PitchTracker()
        self.generator = Generator(generator)


class LiveVoice:
    """A voice of the family `live`."""

    input_rate = RATE
    hop = STEP
    remembered = ("talker_hz",)

    def __init__(self, networks: LiveNetworks, look_ahead: int, device: str = "cpu", is_quantized: bool = True) -> None:
        """`is_quantized` False keeps the weights of the compiled steps whole."""
        self.networks = networks = networks.eval().requires_grad_(False).to(device)
        self.output_rate = networks.generator.config.rate
        self.look_ahead = look_ahead
        self.device = torch.device(device)
        pitch, generator = PitchStep(networks.pitch), GeneratorStep(networks.generator)
        size = networks.content.config.content
        self._is_quantized = is_quantized
        self._contents: dict[int, CompiledNetwork] = {}
        self.content = self.content_at(look_ahead)
        self.pitch = CompiledNetwork(pitch, [torch.ones(FRAMES, PITCH_POWER_BINS)], pitch.initial_state(), is_quantized)
        self.generator = CompiledNetwork(
            generator, [torch.zeros(1, size), torch.zeros(FRAMES, 3)], generator.initial_state(), is_quantized
        )

    @property
    def params(self) -> tuple[Param, ...]:
        """Pitch and the number of books."""
        return PARAMS

    def open(self, spec: StreamSpec, values: Mapping[str, float]) -> list[Stage]:
        """One stage, from wav to wav, whose look-ahead is `spec.right`; nothing else of `spec` changes it."""
        wanted = self.look_ahead if spec.right is None else min(round(spec.right * RATE / STEP), MOST_AHEAD)
        return [LiveStage(self, wanted, values)]

    def content_at(self, look_ahead: int) -> CompiledNetwork:
        """Return the encoder's step that looks so many frames of 20 ms ahead, compiled when it is first asked for."""
        if look_ahead not in self._contents:
            step = ContentStep(self.networks.content, self.networks.quantizer, look_ahead)
            inputs = [torch.ones(FRAMES, POWER_BINS)]
            self._contents[look_ahead] = CompiledNetwork(step, inputs, step.initial_state(), self._is_quantized)
        return self._contents[look_ahead]

    def listen(self, samples: Tensor) -> dict[str, float]:
        """Measure the talker in a whole recording [N]: what a stream would have learned by its end."""
        talker = TalkerPitch(self.networks.generator.config.mean_hz)
        stream = PitchStream(self.networks.pitch, self.pitch.open())
        whole = samples[: len(samples) // STEP * STEP].cpu().numpy()
        for step in whole.reshape(-1, STEP):
            track = stream.push(step)
            if track is not None:
                talker.follow(track)
        return {"talker_hz": talker.hertz}


class LiveStage:
    """One stream through a live voice: wav [1, 1, 320 n] in, wav [1, 1, m] out."""

    def __init__(self, voice: LiveVoice, look_ahead: int, values: Mapping[str, float]) -> None:
        networks = voice.networks
        self._values = values
        self._content = ContentStream(networks.content, voice.content_at(look_ahead).open(), look_ahead)
        self._pitch = PitchStream(networks.pitch, voice.pitch.open())
        self._talker = TalkerPitch(networks.generator.config.mean_hz)
        self._generator = GeneratorStream(networks.generator, voice.generator.open())
        self._guesses = look_ahead < KNOWN_AT
        self.delay = self._content.delay + self._generator.delay
        self.reset()

    def reset(self) -> None:
        """Forget everything heard, the talker's range too unless `talker_hz` tells it."""
        self._content.reset()
        self._pitch.reset()
        self._generator.reset()
        self._talker.reset(self._values.get("talker_hz", 0.0))

    @property
    def learned(self) -> dict[str, float]:
        """The talker's mean F0 in Hz; 0 until voice was heard."""
        return {"talker_hz": self._talker.hertz}

    def push(self, x: Tensor) -> Tensor:
        """Whole 20 ms steps in; what is complete comes out.

        The networks get one step at a time, so that not even rounding depends on how the input was cut.
        """
        steps = x[0, 0].cpu().numpy().reshape(-1, STEP)
        with np.errstate(over="ignore", invalid="ignore"):  # absurd input: the caller looks at what comes out
            made = np.concatenate([self._push_step(step) for step in steps])
        return torch.from_numpy(made).to(x.device)[None, None]

    def _push_step(self, samples: Array) -> Array:
        """Samples [320] -> wav [m]."""
        vector = self._content.push(samples, round(self._values.get("books", BOOKS)))
        track = self._pitch.push(samples)
        if track is not None:
            self._generator.hear(self._moved(track, self._talker.follow(track)))
        if self._guesses:
            guess = self._pitch.guess()
            self._generator.guess(self._moved(guess, [self._talker.shift] * FRAMES))
        return np.zeros(0, np.float32) if vector is None else self._generator.push(vector)

    def _moved(self, track: Track, semitones: Sequence[float]) -> Track:
        """Pitch moved to the target's range, which is `semitones` away, and by the user's wish."""
        shifts = np.array(semitones, np.float32)
        if self._values.get("auto_pitch", 1.0) < VOICED:
            shifts[:] = 0.0
        shifts += np.float32(self._values.get("pitch", 0.0))
        return Track((track.hertz * np.exp2(shifts / 12)).clip(LOWEST_HZ, HIGHEST_HZ), track.voicing)


def load(card: Mapping[str, Any], weights: Path | None, device: str = "cpu") -> LiveVoice:
    """Read a voice file written by `save`.

    Raises CheckpointError where the file is missing, damaged or of another family or shape.
    """
    if weights is None:
        raise CheckpointError("a voice of the family 'live' needs its weights file voice.safetensors")
    networks, look_ahead = read_networks(weights)
    return LiveVoice(networks, look_ahead, device)


def read_networks(weights: Path) -> tuple[LiveNetworks, int]:
    """Return what a voice file holds: its networks, and the look-ahead in frames of 20 ms; raises as `load`."""
    tensors, metadata = read_tensors(weights)
    if metadata.get("family") != "live":
        raise CheckpointError(f"{weights} is not a voice of the family 'live'")
    content, generator, look_ahead = _read_config(metadata.get("config", ""), weights)
    networks = LiveNetworks(content, generator)
    unused = {name: tensor for name, tensor in networks.state_dict().items() if name.endswith(ONLY_LEARNING)}
    load_strictly(networks, unused | {k: v.float() for k, v in tensors.items()}, source=str(weights))
    return networks, look_ahead


def _read_config(text: str, weights: Path) -> tuple[ContentConfig, GeneratorConfig, int]:
    """Sizes of the networks and look-ahead, none of them absurd."""
    try:
        config = json.loads(text)
        content, generator = ContentConfig(**config["content"]), GeneratorConfig(**config["generator"])
        sizes = [*asdict(content).items(), *asdict(generator).items(), ("look_ahead", config["look_ahead"] + 1)]
        for name, size in sizes:
            whole = isinstance(size, int) or name == "mean_hz"
            if not (size in RATES if name == "rate" else whole and 1 <= size <= LARGEST_SIZE):
                raise ValueError(f"{name} is {size}")
        if content.width % content.heads:
            raise ValueError(f"{content.width} channels do not divide into {content.heads} heads")
        if config["look_ahead"] > content.max_right * content.blocks:
            raise ValueError(f"a look-ahead of {config['look_ahead']} frames")
    except (KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{weights} has no usable network sizes: {error}") from error
    return content, generator, config["look_ahead"]


def save(path: Path, voice: LiveVoice) -> None:
    """Write networks and sizes in half precision, from which `load` makes the voice that ships."""
    config = {
        "content": asdict(voice.networks.content.config),
        "generator": asdict(voice.networks.generator.config),
        "look_ahead": voice.look_ahead,
    }
    kept = {name: tensor for name, tensor in voice.networks.state_dict().items() if not name.endswith(ONLY_LEARNING)}
    tensors = {name: tensor.half().contiguous() for name, tensor in kept.items()}
    write_tensors(path, tensors, {"family": "live", "config": json.dumps(config)})
