"""Family `live`: causal content encoder, residual codebooks and source-filter generator, streamed exactly.

    wav 16 kHz ─┬─ content (50 Hz) ── codes ── content of the chosen books ─┬─ filters ─┐
                └─ pitch (100 Hz) ── moved to the target's range ───────────┴─ pulses ──┴─ wav 16 to 48 kHz

What a stream returns does not depend on how its input is cut, and equals the offline networks. How far the content
looks ahead is chosen when a stream is opened; pitch that is later than that is guessed (`models.known_pitch`).

Nothing here knows tensors: the steps of the networks are compiled, and what surrounds them is numpy.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.base import Param, Stage, StreamSpec
from models.content_sizes import RATE, STEP, ContentConfig
from models.content_stream import ContentStream
from models.errors import CheckpointError
from models.generator_sizes import RATES, VOICED, GeneratorConfig
from models.pitch_sizes import FRAMES
from models.pitch_stream import PitchStream, Track
from models.source_filter_stream import GeneratorStream
from models.steps import Array, StepSource
from models.talker import TalkerPitch

FAMILY = "live"
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


@dataclass(frozen=True)
class LiveSizes:
    """Sizes of a voice's networks, and the frames of 20 ms that its content looks ahead unless told otherwise."""

    content: ContentConfig
    generator: GeneratorConfig
    look_ahead: int

    @property
    def delay(self) -> float:
        """Seconds of future that the voice waits for unless told otherwise."""
        return self.look_ahead * STEP / RATE + self.generator.overhang / self.generator.rate


class LiveSteps(Protocol):
    """The steps of a voice's three networks."""

    @property
    def pitch(self) -> StepSource:
        """Power spectra [2, 1025] -> scores [2, 146]."""

    @property
    def generator(self) -> StepSource:
        """Content [1, C] and what is told of its pitch [2, 3] -> filters [2, 3 bins]."""

    def content_at(self, look_ahead: int) -> StepSource:
        """Power spectra [2, 257] -> content [1, C] and as 1, 2, ... books tell it [K, C], so many frames later."""


class LiveVoice:
    """A voice of the family `live`."""

    input_rate = RATE
    hop = STEP
    remembered = ("talker_hz",)
    params = PARAMS

    def __init__(self, steps: LiveSteps, sizes: LiveSizes) -> None:
        self.steps = steps
        self.generator, self.look_ahead = sizes.generator, sizes.look_ahead
        self.output_rate = sizes.generator.rate

    def open(self, spec: StreamSpec, values: Mapping[str, float]) -> list[Stage]:
        """One stage, from wav to wav, whose look-ahead is `spec.right`; nothing else of `spec` changes it."""
        wanted = self.look_ahead if spec.right is None else min(round(spec.right * RATE / STEP), MOST_AHEAD)
        return [LiveStage(self, wanted, values)]

    def listen(self, samples: Array) -> dict[str, float]:
        """Measure the talker in a whole recording [N]: what a stream would have learned by its end."""
        talker = TalkerPitch(self.generator.mean_hz)
        stream = PitchStream(self.steps.pitch.open())
        for step in samples[: len(samples) // STEP * STEP].reshape(-1, STEP):
            track = stream.push(step)
            if track is not None:
                talker.follow(track)
        return {"talker_hz": talker.hertz}


class LiveStage:
    """One stream through a live voice: wav [1, 1, 320 n] in, wav [1, 1, m] out."""

    def __init__(self, voice: LiveVoice, look_ahead: int, values: Mapping[str, float]) -> None:
        steps = voice.steps
        self._values = values
        self._content = ContentStream(steps.content_at(look_ahead).open(), look_ahead)
        self._pitch = PitchStream(steps.pitch.open())
        self._talker = TalkerPitch(voice.generator.mean_hz)
        self._generator = GeneratorStream(voice.generator, steps.generator.open())
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

    def push(self, x: Array) -> Array:
        """Whole 20 ms steps in; what is complete comes out.

        The networks get one step at a time, so that not even rounding depends on how the input was cut.
        """
        steps = x[0, 0].reshape(-1, STEP)
        with np.errstate(over="ignore", invalid="ignore"):  # absurd input: the caller looks at what comes out
            return np.concatenate([self._push_step(step) for step in steps])[None, None]

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
    """Read a voice file written by `models.live_networks.write_networks`; `kept_in` of the card is a folder to keep
    what is made of it.

    Raises CheckpointError where the file is missing, damaged or of another family or shape.
    """
    if weights is None:
        raise CheckpointError("a voice of the family 'live' needs its weights file voice.safetensors")
    if device == "cpu":
        from models.live_steps import ready_steps

        kept_in = card.get("kept_in")
        ready = ready_steps(weights, Path(kept_in) if kept_in else None)
        if ready is not None:
            return LiveVoice(*ready)
    from models.live_networks import compiled_voice, read_networks  # brings PyTorch

    networks, look_ahead = read_networks(weights)
    return compiled_voice(networks, look_ahead, device)


def read_sizes(metadata: Mapping[str, str], weights: Path) -> LiveSizes:
    """Return what a file's texts say of its networks; CheckpointError where it is of another family or absurd."""
    if metadata.get("family") != FAMILY:
        raise CheckpointError(f"{weights} is not a voice of the family '{FAMILY}'")
    try:
        config = json.loads(metadata.get("config", ""))
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
    return LiveSizes(content, generator, config["look_ahead"])
