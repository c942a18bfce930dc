"""What a voice sounds like, heard from recordings of its speaker: checked, and turned into the style once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.checkpoint import load_strictly, read_tensors
from models.construction import unfilled
from models.speaker import SpeakerNetwork, embed_speaker
from models.spectrogram import Spectrogram, SpectrogramConfig
from models.synthesizer import Synthesizer
from rtvc.errors import AudioFileError
from rtvc.resample import Samples, check_rate
from rtvc.sinc import resample
from rtvc.wavfile import read_audio, write_audio

RATE = 32000
SPEAKER_RATE = 16000
USUAL_SECONDS = (3.0, 10.0)
"""What the original takes; others work, but less surely."""
LEAST_SECONDS, MOST_SECONDS = 0.5, 60.0
SILENCE = 10 ** (-50 / 20)
LOUDEST = 2.0


@dataclass(frozen=True)
class Clip:
    """A recording of the speaker at 32 kHz [n], and where it came from."""

    path: Path
    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE

    @property
    def doubt(self) -> str:
        """What may be wrong with it, in a sentence; empty where nothing is."""
        low, high = USUAL_SECONDS
        if low <= self.seconds <= high:
            return ""
        return f"{self.path} has {self.seconds:.1f} s; references of {low:g} to {high:g} s are heard best"


def read_clip(path: Path) -> Clip:
    """Return a recording as a reference; raises AudioFileError where it cannot be one."""
    samples, rate = read_audio(path)
    seconds = len(samples) / rate
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        wanted = f"at least {LEAST_SECONDS:g}" if seconds < LEAST_SECONDS else f"at most {MOST_SECONDS:g}"
        low, high = USUAL_SECONDS
        raise AudioFileError(
            f"{path} has {seconds:.1f} s, a reference has {wanted}; give one of {low:g} to {high:g} s, or several"
        )
    if float(np.abs(samples).max()) < SILENCE:
        raise AudioFileError(f"{path} is silent, there is no voice in it")
    check_rate(rate)
    try:
        made = resample(torch.from_numpy(samples), rate, RATE)
    except ValueError as error:
        raise AudioFileError(f"{path} cannot be a reference: {error}; convert it to 48000 Hz") from error
    peak = float(made.abs().max())
    return Clip(path, (made / min(peak, LOUDEST) if peak > 1.0 else made).numpy())


@torch.inference_mode()
def style_of(model: Synthesizer, clips: Sequence[Clip], speaker: SpeakerNetwork | None) -> Tensor:
    """Return the mean style [1, gin, 1] of one or more recordings.

    `speaker` is needed by versions that verify their speaker, and not used by others.
    """
    spectrogram = Spectrogram(SpectrogramConfig(rate=RATE))
    heard = []
    for clip in clips:
        samples = torch.from_numpy(clip.samples)
        verified = None
        if model.config.has_speaker_verification:
            assert speaker is not None
            verified = embed_speaker(speaker, resample(samples, RATE, SPEAKER_RATE)[None])
        heard.append((spectrogram.linear(samples[None]), verified))
    return model.mean_style(heard)


def speaker_network(weights: Path) -> SpeakerNetwork:
    """Return the network that verifies speakers; raises CheckpointError."""
    tensors = read_tensors(weights)[0]
    network = unfilled(SpeakerNetwork)
    floats = {key: value.float() if value.is_floating_point() else value for key, value in tensors.items()}
    load_strictly(network, floats, source=str(weights))
    return network.eval().requires_grad_(False)


def write_clips(folder: Path, clips: Sequence[Clip]) -> None:
    """Write the recordings into a folder, numbered; raises AudioFileError."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, clip in enumerate(clips, start=1):
        write_audio(folder / f"{i:02}.flac", clip.samples, RATE)


def stored_clips(folder: Path) -> list[Clip]:
    """Return the recordings that `write_clips` wrote; raises AudioFileError where one is damaged."""
    return [read_clip(path) for path in sorted(folder.glob("*.flac"))]
