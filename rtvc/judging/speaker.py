"""Whose voice it is: speaker embeddings by the network that comes with Resemblyzer.

The encoder of the generalised end-to-end loss (Wan et al. 2018): three LSTMs over 40 mel bands of 1.6 s, whose
embeddings are averaged over pieces. Only the package's weights are read; the package itself, and all that it needs, is
not imported.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from models.spectrogram import mel_filters
from rtvc.resample import Samples

WEIGHTS = "pretrained.pt"
RATE = 16_000
WINDOW, HOP = 400, 160
BANDS, WIDTH, LAYERS = 40, 256, 3
PIECE_FRAMES, PIECE_HOP = 160, 77
LEAST_LEVEL = 10 ** (-30 / 20)
"""RMS that quieter recordings are brought to."""
SILENT_DB = 40.0
"""Below the loudest 20 ms: frames that are left out."""
FRAME = 320


class SpeakerJudge(nn.Module):
    """Embeddings of voices: unit vectors whose product is a cosine similarity, .8 and more for the same speaker."""

    window: Tensor
    basis: Tensor

    def __init__(self, folder: Path) -> None:
        """Read the weights out of the package's folder; OSError, KeyError or RuntimeError where they are others."""
        super().__init__()
        self.lstm = nn.LSTM(BANDS, WIDTH, LAYERS, batch_first=True)
        self.linear = nn.Linear(WIDTH, WIDTH)
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)
        self.register_buffer("basis", mel_filters(RATE, WINDOW, BANDS).T, persistent=False)
        stored = torch.load(folder / WEIGHTS, map_location="cpu", weights_only=True)["model_state"]
        self.load_state_dict({name: stored[name] for name in self.state_dict()})
        self.eval().requires_grad_(False)

    @torch.inference_mode()
    def embed(self, samples: Samples) -> Samples:
        """Samples [n] at 16 kHz -> a unit vector [256]; of nothing but silence, zeros."""
        spoken = without_silence(samples)
        if not len(spoken):
            return np.zeros(WIDTH, np.float32)
        mel = self._mel(torch.from_numpy(spoken))
        if len(mel) < PIECE_FRAMES:
            mel = mel.repeat(-(-PIECE_FRAMES // len(mel)), 1)
        pieces = mel.unfold(0, PIECE_FRAMES, PIECE_HOP).transpose(1, 2)
        _, (hidden, _) = self.lstm(pieces)
        embeddings = nn.functional.normalize(torch.relu(self.linear(hidden[-1])), dim=-1)
        return np.asarray(nn.functional.normalize(embeddings.mean(0), dim=0).numpy(), np.float32)

    def _mel(self, samples: Tensor) -> Tensor:
        """Samples [n] -> energies [T, 40]."""
        centred = nn.functional.pad(samples, (WINDOW // 2, WINDOW // 2))
        spectra = torch.fft.rfft(centred.unfold(0, WINDOW, HOP) * self.window)
        return torch.matmul(spectra.abs().square(), self.basis)


def without_silence(samples: Samples) -> Samples:
    """Return the loud frames of samples [n], brought to -30 dBFS where they are quieter."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    power = np.square(frames, dtype=np.float64).mean(-1)
    kept: Samples = frames[power > power.max(initial=0.0) * 10 ** (-SILENT_DB / 10)].reshape(-1)
    if not len(kept):
        return kept
    level = float(np.sqrt(np.square(samples, dtype=np.float64).mean()))
    return np.ascontiguousarray(kept * np.float32(max(LEAST_LEVEL / max(level, 1e-6), 1.0)), np.float32)
