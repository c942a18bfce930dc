"""Speech in place of a microphone, for trials that nobody is to speak for."""

from pathlib import Path

import numpy as np

from rtvc.demo import RECORDING
from rtvc.wavfile import read_audio, write_audio

LEVEL = 0.1  # of the recording's own: quiet, and above every usual gate


def write_quiet_feed(folder: Path, seconds: float) -> Path:
    """Write so many seconds of the bundled speech, over and over, into a new file of a folder, and return it."""
    samples, rate = read_audio(RECORDING)
    path = folder / "speech.wav"
    write_audio(path, np.resize(LEVEL * samples, round(seconds * rate)), rate)
    return path
