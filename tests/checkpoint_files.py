"""Checkpoints of GPT-SoVITS and of others, really written in their formats, and what bad ideas make of them.

Unless `filled`, all tensors of a file are views of one, which keeps full-sized files small.
"""

import io
import json
import pickle
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from models.construction import sketched
from models.synthesizer import Synthesizer, SynthesizerConfig
from tests.filling import filled

MARKS = {"v2Pro": b"05", "v2ProPlus": b"06"}


def shapes(version: str, has_posterior: bool = False) -> dict[str, tuple[int, ...]]:
    model = sketched(Synthesizer, SynthesizerConfig.of_version(version), has_posterior=has_posterior)
    return {name: tuple(value.shape) for name, value in model.state_dict().items()}


def views(sizes: Mapping[str, tuple[int, ...]], dtype: torch.dtype = torch.float16) -> dict[str, Tensor]:
    """Tensors of any sizes that share their numbers."""
    numbers = torch.linspace(-0.1, 0.1, max(torch.Size(size).numel() for size in sizes.values())).to(dtype)
    return OrderedDict((name, numbers[: torch.Size(size).numel()].view(size)) for name, size in sizes.items())


def weights(version: str, is_filled: bool = False, has_posterior: bool = False) -> dict[str, Tensor]:
    sizes = shapes(version, has_posterior)
    if is_filled:
        return OrderedDict((name, filled(name, size).half()) for name, size in sizes.items())
    return views(sizes)


def new_names(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weight norms as newer versions of PyTorch name them."""
    endings = {"weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}

    def renamed(name: str) -> str:
        head, _, last = name.rpartition(".")
        return f"{head}.{endings.get(last, last)}"

    return OrderedDict((renamed(name), tensor) for name, tensor in tensors.items())


def settings(version: str) -> dict[str, Any]:
    sizes = SynthesizerConfig.of_version(version)
    model = {
        "inter_channels": 192,
        "n_heads": 2,
        "resblock": "1",
        "upsample_rates": list(sizes.upsample_rates),
        "upsample_initial_channel": sizes.upsample_initial_channel,
        "upsample_kernel_sizes": list(sizes.upsample_kernel_sizes),
        "resblock_dilation_sizes": [[1, 3, 5]] * 3,
        "gin_channels": sizes.gin_channels,
        "semantic_frame_rate": "25hz",
        "version": version,
    }
    data = {"sampling_rate": 32000, "filter_length": 2048, "hop_length": 640, "win_length": 2048, "mel_fmax": None}
    train = {"betas": [0.8, 0.99], "eps": 1e-9, "fp16_run": True}
    return {"train": train, "data": data, "model": model, "name": "anna", "version": version, "pretrain": None}


@contextmanager
def hyper_parameters() -> Iterator[Callable[[Mapping[str, Any]], Any]]:
    """While it runs there is a module `utils` with the class `HParams`, and what makes nested ones of dictionaries."""
    module = ModuleType("utils")
    module.HParams = type("HParams", (), {"__module__": "utils"})  # type: ignore[attr-defined]

    def made(values: Mapping[str, Any]) -> Any:
        one = module.HParams()
        vars(one).update({key: made(value) if isinstance(value, Mapping) else value for key, value in values.items()})
        return one

    before = sys.modules.get("utils")
    sys.modules["utils"] = module
    try:
        yield made
    finally:
        del sys.modules["utils"]
        if before is not None:
            sys.modules["utils"] = before


def write_voice(
    path: Path,
    version: str = "v2",
    tensors: Mapping[str, Tensor] | None = None,
    *,
    is_legacy: bool = False,
    is_marked: bool | None = None,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
) -> Path:
    """An inference file as the original saves it; `changes` to its settings are by section."""
    facts = settings(version)
    for section, values in (changes or {}).items():
        facts[section] = {**facts[section], **values}
    with hyper_parameters() as made:
        content = OrderedDict(weight=tensors or weights(version), config=made(facts), info="8epoch_144iteration")
        torch.save(content, path, _use_new_zipfile_serialization=not is_legacy)
    if version in MARKS if is_marked is None else is_marked:
        mark(path, MARKS.get(version, b"05"))
    return path


def mark(path: Path, first: bytes) -> Path:
    """Overwrite the first two bytes."""
    with path.open("r+b") as file:
        file.write(first)
    return path


def entries(path: Path) -> dict[str, bytes]:
    """What is in a zip file, by name."""
    with zipfile.ZipFile(path) as file:
        return {info.filename: file.read(info) for info in file.infolist()}


def write_zip(path: Path, content: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", method) as file:
        for name, data in content:
            file.writestr(name, data)
    return path


def described(path: Path, description: bytes, more: Mapping[str, bytes] | None = None) -> Path:
    """A file of torch's format with any description of its content."""
    content = {"archive/data.pkl": description, "archive/version": b"3\n", **(more or {})}
    return write_zip(path, list(content.items()))


class Call:
    """An object whose pickle calls a function when it is read."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def pickled(value: Any, protocol: int = 2) -> bytes:
    return pickle.dumps(value, protocol)


def on_device(path: Path, device: bytes = b"cuda:0") -> Path:
    """Give the storages of a file another device, as files have that were saved from a graphics card."""
    content = entries(path)
    key = next(name for name in content if name.endswith("data.pkl"))
    word = b"X\x03\x00\x00\x00cpu"
    assert word in content[key]
    content[key] = content[key].replace(word, b"X" + len(device).to_bytes(4, "little") + device)
    return write_zip(path, list(content.items()))


def saved(value: Any) -> bytes:
    stream = io.BytesIO()
    torch.save(value, stream)
    return stream.getvalue()


def json_file(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value))
    return path
