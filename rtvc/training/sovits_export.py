"""From a SoVITS training to a voice on disk: networks, content encoder, style and card."""

import hashlib
from pathlib import Path

import torch
import yaml

from models.checkpoint import write_tensors
from models.content import ContentEncoder
from models.sovits import FAMILY, read_synthesizer, write_content, write_synthesizer
from models.sovits_content import EncoderContent
from models.sovits_stream import INPUT_RATE
from models.spectrogram import Spectrogram
from models.synthesizer import Synthesizer
from rtvc.training.sovits import TEXT
from rtvc.training.sovits_config import SovitsConfig
from rtvc.training.sovits_data import Recordings

STYLE_CLIPS = 12
"""So many of the recordings, spread over all of them, are heard for the style."""


def export_sovits(
    checkpoint: Path,
    config: SovitsConfig,
    recordings: Recordings,
    encoder: ContentEncoder,
    look_ahead: int,
    folder: Path,
) -> int:
    """Write the averaged networks of a training as a voice; returns the bytes of all its weights.

    Weights are in half precision, as users' own are. What else stands in an existing card stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model = Synthesizer(config.model, has_posterior=True)
    model.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["parts"]["average"])
    weights, content = folder / "voice.safetensors", folder / "content.safetensors"
    write_synthesizer(weights, model.half())
    write_content(content, EncoderContent(encoder.half(), look_ahead))
    style = folder / "style.safetensors"
    write_tensors(style, {"ge": style_of(read_synthesizer(weights), recordings, config)}, {})
    facts = {
        "family": FAMILY,
        "version": config.model.version,
        "input_rate": INPUT_RATE,
        "output_rate": config.spectrogram.rate,
        "text": {"mode": "const", "ids": [TEXT]},
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    path = folder / "card.yaml"
    card = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {"name": folder.name}
    path.write_text(yaml.safe_dump(card | facts, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return sum(file.stat().st_size for file in (weights, content, style))


@torch.inference_mode()
def style_of(model: Synthesizer, recordings: Recordings, config: SovitsConfig) -> torch.Tensor:
    """Mean style [1, gin, 1] of some of the recordings."""
    spectrogram = Spectrogram(config.spectrogram)
    count = len(recordings.lengths)
    found = []
    for which in range(0, count, max(count // STYLE_CLIPS, 1)):
        first, last = (int(i) for i in recordings.bounds[which : which + 2])
        samples = recordings.samples[first * config.hop : last * config.hop].float() / 32768
        found.append((spectrogram.linear(samples[None]), None))
    return model.mean_style(found)
