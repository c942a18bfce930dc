"""From training checkpoints to a voice on disk: weights in half precision and the card beside them."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import yaml

from models.content_sizes import RATE
from models.generator_sizes import GeneratorConfig
from models.live import PARAMS, LiveSizes
from models.live_networks import LiveNetworks, write_networks
from models.source_filter import Generator
from rtvc.training.views import Frozen
from rtvc.training.widening import rate_of


def export_voice(frozen: Frozen, checkpoint: Path, mean_hz: float, look_ahead: int, folder: Path) -> int:
    """Write the averaged generator of a run's checkpoint as `export_generator` does."""
    trained = torch.load(checkpoint, map_location="cpu", weights_only=True)["parts"]["average"]
    generator = Generator(GeneratorConfig(mean_hz=mean_hz, rate=rate_of(trained)))
    generator.load_state_dict(trained)
    return export_generator(frozen, generator, look_ahead, folder)


def export_generator(frozen: Frozen, generator: Generator, look_ahead: int, folder: Path) -> int:
    """Write `voice.safetensors` and the facts of `card.yaml` into `folder`; returns the weights' size in bytes.

    What else stands in an existing card (title, licence, quality, log) stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = folder / "voice.safetensors"
    networks = assembled(frozen, generator)
    write_networks(weights, networks, look_ahead)
    sizes = LiveSizes(networks.content.config, generator.config, look_ahead)
    facts = {
        "family": "live",
        "input_rate": RATE,
        "output_rate": generator.config.rate,
        "mean_hz": round(generator.config.mean_hz, 1),
        "look_ahead_ms": round(1000 * sizes.delay),
        "params": [asdict(param) for param in PARAMS],
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    _update_card(folder, facts)
    return weights.stat().st_size


def assembled(frozen: Frozen, generator: Generator) -> LiveNetworks:
    """Return what these networks are together, which shares nothing with them."""
    encoder, quantizer, tracker = frozen
    networks = LiveNetworks(encoder.config, generator.config)
    networks.content.load_state_dict(encoder.state_dict())
    networks.quantizer.load_state_dict(quantizer.state_dict())
    networks.pitch.load_state_dict(tracker.state_dict())
    networks.generator.load_state_dict(generator.state_dict())
    return networks


def _update_card(folder: Path, facts: dict[str, Any]) -> None:
    path = folder / "card.yaml"
    card = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {"name": folder.name}
    path.write_text(yaml.safe_dump(card | facts, sort_keys=False, allow_unicode=True), encoding="utf-8")
