"""Recordings through the live engine: a file is a session without a sound card."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.base import StreamSpec, VoiceModel
from rtvc.engine import COMMON_PARAMS, Engine
from rtvc.errors import AudioFileError
from rtvc.params import check_values
from rtvc.recordings import Job
from rtvc.resample import Samples, resampled
from rtvc.wavfile import read_audio, write_audio

Advance = Callable[[float], None]  # told which part of a recording, from 0 to 1, was converted since the last call

SILENT = 1e-4  # -80 dBFS


@dataclass(frozen=True)
class FileConverter:
    """Converts recordings one after the other with one loaded voice.

    `spec` and `values` are as in a live session; `rate` is the samples per second of what is written, None for
    the voice's own. Raises RtvcError where a value is none of the voice's.
    """

    model: VoiceModel
    spec: StreamSpec
    values: Mapping[str, float]
    rate: int | None = None

    def __post_init__(self) -> None:
        check_model_values(self.model, self.values)

    def convert(self, job: Job, advance: Advance) -> list[str]:
        """Convert one recording, so that the result begins with it and is as long; return what is unusual about it.

        Raises AudioFileError or RtvcError in one sentence.
        """
        samples, rate = read_audio(job.source)
        output_rate = self.rate or self.model.output_rate
        values = values_for(self.model, self.values, samples, rate)
        engine = Engine(self.model, rate, output_rate, self.spec, values)
        converted = np.concatenate(list(_pieces(engine, samples, rate, advance)))
        _make_folder(job.target.parent)
        write_audio(job.target, converted, output_rate)
        return [f"{job.source}: {note}" for note in self._notes(samples, rate, engine.nan_count)]

    def _notes(self, samples: Samples, rate: int, failures: int) -> Iterator[str]:
        if failures:
            yield f"the voice failed at {failures} places, which are silent now"
        if len(samples) * self.model.input_rate < self.model.hop * rate:
            yield f"it is only {1000 * len(samples) / rate:.2g} ms long, too short for a voice to be heard"
        elif float(np.abs(samples).max()) < SILENT:
            yield "the recording is silent, there is no voice to convert"


def check_model_values(model: VoiceModel, values: Mapping[str, float]) -> None:
    """Raise RtvcError where a name is no control of the voice or a value is out of its range."""
    check_values((*COMMON_PARAMS, *model.params), values, getattr(model, "remembered", ()))


def values_for(model: VoiceModel, values: Mapping[str, float], samples: Samples, rate: int) -> dict[str, float]:
    """Return the values, with what the model learns about the talker by listening to the whole recording first."""
    listen = getattr(model, "listen", None)
    if listen is None:
        return dict(values)
    return {**listen(resampled(samples, rate, model.input_rate)), **values}


def _pieces(engine: Engine, samples: Samples, rate: int, advance: Advance) -> Iterator[Samples]:
    for start in range(0, len(samples), rate):
        piece = samples[start : start + rate]
        yield engine.process(piece)
        advance(len(piece) / len(samples))
    yield engine.flush()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AudioFileError(f"{folder}: the folder cannot be made ({error.strerror})") from error
