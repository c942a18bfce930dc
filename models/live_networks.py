"""The networks of the family `live`: what a voice file holds, and how their steps are compiled."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TypeAlias

import torch
from torch import Tensor, nn

from models.checkpoint import load_strictly, read_tensors, write_tensors
from models.compiled import CompiledNetwork, StepNetwork
from models.content import ContentEncoder
from models.content_sizes import POWER_BINS, ContentConfig
from models.content_step import ContentStep
from models.generator_sizes import GeneratorConfig
from models.live import BOOK_SIZE, BOOKS, FAMILY, ONLY_LEARNING, LiveSizes, LiveVoice, read_sizes
from models.pitch import PitchTracker
from models.pitch_sizes import FRAMES
from models.pitch_sizes import POWER_BINS as PITCH_POWER_BINS
from models.pitch_step import PitchStep
from models.rvq import ResidualVectorQuantizer
from models.source_filter import Generator
from models.source_filter_step import GeneratorStep


class LiveNetworks(nn.Module):
    """Everything that a voice file of the family holds."""

    def __init__(self, content: ContentConfig, generator: GeneratorConfig) -> None:
        super().__init__()
        self.content = ContentEncoder(content)
        self.quantizer = ResidualVectorQuantizer(dimension=content.content, n_q=BOOKS, bins=BOOK_SIZE)
        self.pitch = PitchTracker()
        self.generator = Generator(generator)


StepWithStart: TypeAlias = tuple[StepNetwork, list[Tensor], list[Tensor]]
"""A step, examples of what it is given, and the state at the start of a stream."""


def pitch_step(networks: LiveNetworks) -> StepWithStart:
    """Return the pitch tracker's step."""
    step = PitchStep(networks.pitch)
    return step, [torch.ones(FRAMES, PITCH_POWER_BINS)], step.initial_state()


def content_step(networks: LiveNetworks, look_ahead: int) -> StepWithStart:
    """Return the encoder's step that looks so many frames of 20 ms ahead."""
    step = ContentStep(networks.content, networks.quantizer, look_ahead)
    return step, [torch.ones(FRAMES, POWER_BINS)], step.initial_state()


def generator_step(networks: LiveNetworks) -> StepWithStart:
    """Return the generator's step."""
    step = GeneratorStep(networks.generator)
    return step, [torch.zeros(1, networks.content.config.content), torch.zeros(FRAMES, 3)], step.initial_state()


class CompiledSteps:
    """The steps of networks, each compiled when it is made or first asked for."""

    def __init__(self, networks: LiveNetworks, device: str = "cpu", is_quantized: bool = True) -> None:
        """`is_quantized` False keeps the weights of the compiled steps whole."""
        self.networks = networks = networks.eval().requires_grad_(False).to(device)
        self._is_quantized = is_quantized
        self._contents: dict[int, CompiledNetwork] = {}
        self.pitch = CompiledNetwork(*pitch_step(networks), is_quantized)
        self.generator = CompiledNetwork(*generator_step(networks), is_quantized)

    def content_at(self, look_ahead: int) -> CompiledNetwork:
        """Return the encoder's step that looks so many frames of 20 ms ahead, compiled when it is first asked for."""
        if look_ahead not in self._contents:
            self._contents[look_ahead] = CompiledNetwork(*content_step(self.networks, look_ahead), self._is_quantized)
        return self._contents[look_ahead]


def compiled_voice(
    networks: LiveNetworks, look_ahead: int, device: str = "cpu", is_quantized: bool = True
) -> LiveVoice:
    """Return the voice that has these networks; `is_quantized` False keeps the weights of the steps whole."""
    sizes = LiveSizes(networks.content.config, networks.generator.config, look_ahead)
    steps = CompiledSteps(networks, device, is_quantized)
    steps.content_at(look_ahead)
    return LiveVoice(steps, sizes)


def read_networks(weights: Path) -> tuple[LiveNetworks, int]:
    """Return what a voice file holds: its networks, and the look-ahead in frames of 20 ms; CheckpointError."""
    tensors, metadata = read_tensors(weights)
    sizes = read_sizes(metadata, weights)
    networks = LiveNetworks(sizes.content, sizes.generator)
    unused = {name: tensor for name, tensor in networks.state_dict().items() if name.endswith(ONLY_LEARNING)}
    load_strictly(networks, unused | {k: v.float() for k, v in tensors.items()}, source=str(weights))
    return networks, sizes.look_ahead


def write_networks(path: Path, networks: LiveNetworks, look_ahead: int) -> None:
    """Write networks and sizes in half precision, from which `load` makes the voice that ships."""
    config = {
        "content": asdict(networks.content.config),
        "generator": asdict(networks.generator.config),
        "look_ahead": look_ahead,
    }
    kept = {name: tensor for name, tensor in networks.state_dict().items() if not name.endswith(ONLY_LEARNING)}
    tensors = {name: tensor.half().contiguous() for name, tensor in kept.items()}
    write_tensors(path, tensors, {"family": FAMILY, "config": json.dumps(config)})
