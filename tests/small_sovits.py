"""A voice of the family `sovits` on disk that is made in no time, with a content network and a reference of its own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
import yaml

from models.checkpoint import write_tensors
from models.hubert import Hubert, HubertConfig
from models.sovits import write_content, write_synthesizer
from models.sovits_content import HubertContent
from models.synthesizer import Synthesizer
from rtvc.demo import RECORDING
from rtvc.library import Voice, checksum, read_voice
from rtvc.references import read_clip, style_of, write_clips
from tests.small_synthesizer import SMALL

SIZES = replace(
    SMALL,
    upsample_rates=(10, 8, 2, 2, 2),
    upsample_kernel_sizes=(16, 16, 8, 2, 2),
    upsample_initial_channel=32,
)
HUBERT = HubertConfig(
    conv_channels=16, width=SIZES.ssl_dim, feed_forward=32, layers=2, heads=2, position_kernel=16, position_groups=2
)


def small_model(seed: int = 2) -> Synthesizer:
    """A synthesizer whose quantiser and decoder do something."""
    torch.manual_seed(seed)
    model = Synthesizer(SIZES, has_posterior=False).eval().requires_grad_(False)
    for name, buffer in model.quantizer.named_buffers():
        if name.endswith(("embed", "inited")):
            buffer.copy_(torch.randn_like(buffer) if name.endswith("embed") else torch.ones_like(buffer))
    for name, parameter in model.named_parameters():
        if name.startswith(("dec.", "flow.")) and parameter.ndim > 1 and not name.endswith("weight_g"):
            parameter.normal_().div_(parameter[0].numel() ** 0.5)
    return model


def small_content(seed: int = 3) -> HubertContent:
    torch.manual_seed(seed)
    return HubertContent(Hubert(HUBERT).eval().requires_grad_(False))


def write_small_voice(folder: Path, facts: dict[str, Any] | None = None) -> Voice:
    """Write a voice into a folder that is not there yet; `facts` are more of its card."""
    folder.mkdir(parents=True)
    model = small_model()
    clip = read_clip(RECORDING)
    write_synthesizer(folder / "voice.safetensors", model)
    write_content(folder / "content.safetensors", small_content())
    write_clips(folder / "references", [replace(clip, samples=clip.samples[: 3 * 32000])])
    write_tensors(folder / "style.safetensors", {"ge": style_of(model, [clip], None)}, {"family": "sovits"})
    card = {
        "name": folder.name,
        "title": folder.name,
        "family": "sovits",
        "version": "v2",
        "input_rate": 16000,
        "output_rate": 32000,
        "text": {"mode": "const", "ids": [1]},
        "sha256": checksum(folder / "voice.safetensors", folder.name),
        **(facts or {}),
    }
    (folder / "card.yaml").write_text(yaml.safe_dump(card))
    return read_voice(folder)
