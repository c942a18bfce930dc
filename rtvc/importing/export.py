"""A voice of ours back into the file that the original program loads."""

import json
from pathlib import Path
from typing import Any

import torch

from models.checkpoint import read_tensors
from models.sovits import FAMILY
from models.synthesizer import VERSIONS, SynthesizerConfig
from rtvc.errors import VoiceError
from rtvc.importing.checkpoint import SOUND
from rtvc.importing.kinds import MARK_VERSIONS
from rtvc.library import Voice

MARKED = {version: mark for mark, version in MARK_VERSIONS.items() if version in {"v2Pro", "v2ProPlus"}}
"""Versions whose files the original tells by their first two bytes."""
MODEL_SETTINGS = (
    "inter_channels hidden_channels filter_channels n_heads n_layers kernel_size p_dropout resblock "
    "resblock_kernel_sizes resblock_dilation_sizes upsample_rates upsample_initial_channel upsample_kernel_sizes "
    "gin_channels freeze_quantizer version"
).split()


def export_checkpoint(voice: Voice, target: Path) -> None:
    """Write a voice of the family sovits as an inference file of GPT-SoVITS, in half precision; raises VoiceError."""
    if voice.card.get("family") != FAMILY or voice.weights is None:
        raise VoiceError(f"voice {voice.name} is no GPT-SoVITS voice; export it to a folder instead of a .pth")
    if target.exists():
        raise VoiceError(f"{target} exists already; choose another place")
    tensors, metadata = read_tensors(voice.weights)
    sizes = SynthesizerConfig.of_facts(json.loads(metadata["config"]))
    version = sizes.version
    if VERSIONS.get(version) != sizes:
        raise VoiceError(f"voice {voice.name} has sizes that the original does not know; export it to a folder instead")
    origin = voice.card.get("origin", {})
    content = {
        "weight": {name: tensor.half() for name, tensor in tensors.items()},
        "config": _config(sizes, voice.name),
        "info": f"{origin.get('epoch', 0)}epoch_{origin.get('step', 0)}iteration",
    }
    part = target.with_name(f".{target.name}.part")
    try:
        torch.save(content, part)
        if version in MARKED:
            with part.open("r+b") as file:
                file.write(MARKED[version])
        part.replace(target)
    except (OSError, RuntimeError) as error:
        part.unlink(missing_ok=True)
        raise VoiceError(f"{target} cannot be written ({getattr(error, 'strerror', None) or error})") from error


def _config(sizes: SynthesizerConfig, name: str) -> dict[str, Any]:
    model = {key: _listed(getattr(sizes, key)) for key in MODEL_SETTINGS}
    data = {**SOUND, "n_speakers": 300, "n_mel_channels": 128, "mel_fmin": 0.0, "mel_fmax": None, "add_blank": True}
    train = {"segment_size": sizes.segment_frames * SOUND["hop_length"]}
    model["semantic_frame_rate"] = "25hz"
    return {"train": train, "data": data, "model": model, "name": name, "version": sizes.version}


def _listed(value: Any) -> Any:
    return [_listed(one) for one in value] if isinstance(value, tuple) else value
