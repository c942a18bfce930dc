"""Recordings converted whole, as GPT-SoVITS itself would: no windows, no gate, no level of ours.

What comes out has 1280 samples at 32 kHz for every whole code of 40 ms; what is left over of the recording is dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from models.sovits import SovitsVoice, text_of
from rtvc.convert import Advance
from rtvc.errors import AudioFileError, RtvcError
from rtvc.recordings import Job
from rtvc.sinc import resample
from rtvc.wavfile import read_audio, write_audio


@dataclass(frozen=True)
class ExactConverter:
    """Converts recordings one after the other, each as a whole; `noise_scale` 0 leaves nothing to chance."""

    voice: SovitsVoice
    noise_scale: float = 0.5

    def convert(self, job: Job, advance: Advance) -> list[str]:
        """Convert one recording; raises AudioFileError in one sentence."""
        samples, rate = read_audio(job.source)
        try:
            heard = resample(torch.from_numpy(samples), rate, self.voice.input_rate)
        except ValueError as error:
            raise AudioFileError(f"{job.source} cannot be converted exactly: {error}") from error
        with torch.inference_mode():
            made = self.voice.convert_whole(heard, self.noise_scale)
        if made.shape[-1] == 0:
            raise AudioFileError(f"{job.source} is shorter than one code of 45 ms")
        try:
            job.target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AudioFileError(f"{job.target.parent}: the folder cannot be made ({error.strerror})") from error
        write_audio(job.target, made.cpu().numpy().astype(np.float32), self.voice.output_rate)
        advance(1.0)
        return []


def exact_voice(model: object, name: str, mode: str | None, ids: Sequence[int] | None) -> SovitsVoice:
    """Return a voice that can convert recordings whole, told of words in the way that is asked for.

    Raises RtvcError where the family cannot, or does not know such a text.
    """
    if not isinstance(model, SovitsVoice):
        raise RtvcError(f"--exact is for voices of the family sovits; {name} gives the same in any pieces")
    if mode is None and ids is None:
        return model
    wanted = mode or "phones"
    if wanted == "phones" and not ids:
        raise RtvcError("--text-mode phones needs the phones: --text-ids 5,17,...")
    try:
        model.text = text_of(model.model, wanted, ids or (1,), model.text_mean)
    except ValueError as error:
        raise RtvcError(str(error)) from error
    return model
