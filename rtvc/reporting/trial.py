"""One recording through a voice, hop by hop as live, with all that can be measured of it."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from models.base import StreamSpec, VoiceModel
from rtvc.bench import load_figures
from rtvc.convert import values_for
from rtvc.engine import DelayParts, Engine
from rtvc.errors import AudioFileError
from rtvc.judging.judges import Judges, Opinion
from rtvc.judging.pitch import RATE, melody_kept, praat_pitch
from rtvc.resample import Samples, resampled
from rtvc.wavfile import read_audio

Floats = npt.NDArray[np.float32]

LEAST_S = 0.5


@dataclass(frozen=True)
class Sound:
    """Samples [n] at their own rate, and their F0 in Hz every 10 ms."""

    samples: Samples
    rate: int
    pitch: Floats


@dataclass(frozen=True)
class Trial:
    """What became of a recording; `loads` is the computing time of each hop as a part of the hop."""

    name: str
    source: Sound
    converted: Sound
    opinion: Opinion
    loads: Floats
    delay: DelayParts

    @property
    def melody(self) -> float | None:
        """Correlation of the conversion's log-F0 with the recording's."""
        return melody_kept(self.source.pitch, self.converted.pitch)

    def figures(self) -> dict[str, Any]:
        """All figures that there are, for JSON."""
        known = asdict(self.opinion) | {
            "log_f0_correlation": self.melody,
            "median_f0_hz": _median(self.converted.pitch),
            "seconds": len(self.source.samples) / self.source.rate,
            **named_loads(self.loads),
        }
        return {name: round(value, 4) for name, value in known.items() if value is not None}


@dataclass(frozen=True)
class Bench:
    """A voice as it is to be tried; `speaker` [n] at 16 kHz is the one whose voice it should be, None if unknown."""

    model: VoiceModel
    spec: StreamSpec
    values: Mapping[str, float]
    judges: Judges
    speaker: Samples | None

    def tried(self, path: Path, advance: Callable[[float], None]) -> Trial:
        """Convert a recording and measure; raises AudioFileError or RtvcError.

        `advance` is told which part of it was done since the last call.
        """
        samples, rate = read_audio(path)
        if len(samples) < LEAST_S * rate:
            raise AudioFileError(f"{path} is shorter than half a second")
        output_rate = self.model.output_rate
        engine = Engine(self.model, rate, output_rate, self.spec, values_for(self.model, self.values, samples, rate))
        pieces, loads = [], []
        hop = round(engine.hop * rate)
        for start in range(0, len(samples), hop):
            piece = samples[start : start + hop]
            begun = perf_counter()
            pieces.append(engine.process(piece))
            if len(piece) == hop:
                loads.append((perf_counter() - begun) / engine.hop)
            advance(len(piece) / len(samples))
        converted = np.concatenate([*pieces, engine.flush()])
        heard, made = resampled(samples, rate, RATE), resampled(converted, output_rate, RATE)
        speaker = heard if self.speaker is None else self.speaker
        opinion = self.judges.opinion(heard, made, speaker)
        if self.speaker is None:
            opinion = Opinion(None, opinion.similarity_to_source, opinion.dnsmos, opinion.words)
        return Trial(
            path.name,
            Sound(samples, rate, praat_pitch(heard)),
            Sound(converted, output_rate, praat_pitch(made)),
            opinion,
            np.array(loads, np.float32),
            engine.delay,
        )


def named_loads(loads: Floats) -> dict[str, float]:
    """Return what hops took, by names that say so."""
    return {f"load_{name}": value for name, value in load_figures(loads).items()}


def _median(pitch: Floats) -> float | None:
    voiced = pitch[pitch > 0]
    return float(np.median(voiced)) if len(voiced) else None
