"""HuBERT and speaker-verification weights out of the files that others publish them in, into parts."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from models.checkpoint import read_tensors
from models.construction import sketched
from models.errors import CheckpointError
from models.hubert import Hubert, HubertConfig
from models.hubert_names import MASK_VECTOR, config_of, with_own_names
from models.speaker import SpeakerNetwork
from rtvc.errors import VoiceError
from rtvc.importing.checkpoint import check_shapes, find_weights, read_weights
from rtvc.importing.facts import Storage, TensorFact
from rtvc.importing.refusal import Refusal, shown
from rtvc.importing.source import Source
from rtvc.importing.torch_file import TorchFile
from rtvc.parts import HUBERT, SPEAKER, Part, Parts

WEIGHTS_FILES = ("model.safetensors", "pytorch_model.bin")
MOST_CONFIG_BYTES = 1 << 20
MOST_BYTES = 1 << 30
SETTINGS: Mapping[str, Any] = {
    "conv_stride": [5, 2, 2, 2, 2, 2, 2],
    "num_attention_heads": 12,
    "layer_norm_eps": 1e-5,
    "hidden_act": "gelu",
    "feat_extract_activation": "gelu",
    "feat_proj_layer_norm": True,
    "do_stable_layer_norm": False,
}
"""What the base model's config.json says beyond the shapes; a setting that it lacks has this value."""

Facts = Mapping[str, TensorFact]


@dataclass(frozen=True)
class ReadPart:
    """Weights by the names that this program has for them, the sizes of their network, and where they came from."""

    tensors: dict[str, Tensor]
    config: dict[str, Any]
    origin: dict[str, Any]


def import_part(
    parts: Parts, kind: str, path: Path, origin: Mapping[str, Any], on_progress: Callable[[float], None]
) -> Part:
    """Turn a published file, or the folder it is in, into a part; raises VoiceError in one sentence.

    `origin` adds to what the part says of its file; `on_progress` is told the fraction done.
    """
    readers: dict[str, Callable[[Path, Callable[[float], None]], ReadPart]] = {
        HUBERT: read_hubert,
        SPEAKER: read_speaker,
    }
    read = readers[kind](path, on_progress)
    return parts.store(kind, read.tensors, read.config, {**read.origin, **origin})


def read_hubert(path: Path, on_progress: Callable[[float], None], wanted: HubertConfig | None = None) -> ReadPart:
    """Read the folder of a HuBERT from Hugging Face, or a file of torchaudio or fairseq; raises VoiceError.

    `wanted` are the only sizes that are taken, those of the base model if not given.
    """
    wanted = wanted or HubertConfig()
    file = _weights_file(path)
    try:
        if path.is_dir():
            _check_settings(path / "config.json")
        if file.suffix == ".safetensors":
            tensors, checksum = _read_safetensors(file, wanted, on_progress)
        else:
            with TorchFile(file) as opened:
                facts = _own_facts(find_weights(_content(opened)))
                _check_hubert(facts, wanted)
                tensors = read_weights(opened, facts, on_progress)
                tensors.setdefault(MASK_VECTOR, torch.zeros(wanted.width))
                checksum = opened.source.sha256(lambda _: None)
    except Refusal as refusal:
        raise VoiceError(f"{file} {refusal}") from refusal
    return ReadPart(tensors, asdict(wanted), {"file": file.name, "sha256": checksum})


def read_speaker(path: Path, on_progress: Callable[[float], None], wanted: SpeakerNetwork | None = None) -> ReadPart:
    """Read the file of an ERes2NetV2; raises VoiceError. `wanted` is a network of the sizes that are taken."""
    expected = {name: tuple(value.shape) for name, value in (wanted or sketched(SpeakerNetwork)).state_dict().items()}
    try:
        with TorchFile(path) as opened:
            facts = find_weights(_content(opened))
            check_shapes(facts, expected, "the speaker-verification network")
            tensors = read_weights(opened, facts, on_progress)
            return ReadPart(tensors, {}, {"file": path.name, "sha256": opened.source.sha256(lambda _: None)})
    except Refusal as refusal:
        raise VoiceError(f"{path} {refusal}") from refusal


def _content(opened: TorchFile) -> Mapping[Any, Any]:
    if not isinstance(opened.content, dict):
        raise Refusal("holds no weights")
    return opened.content


def _weights_file(path: Path) -> Path:
    if not path.is_dir():
        return path
    for name in WEIGHTS_FILES:
        if (path / name).exists():
            return path / name
    raise VoiceError(f"{path} holds no HuBERT: there is no {' or '.join(WEIGHTS_FILES)} in it")


def _check_settings(path: Path) -> None:
    """Raise VoiceError where a folder's config.json tells of another model than the base one."""
    try:
        with Source(path) as source:
            settings = json.loads(source.read(0, min(source.size, MOST_CONFIG_BYTES)))
    except Refusal as refusal:
        raise VoiceError(f"{path} {refusal}") from refusal
    except (ValueError, RecursionError) as error:
        raise VoiceError(f"{path} is no JSON") from error
    for key, value in SETTINGS.items() if isinstance(settings, dict) else ():
        if settings.get(key, value) != value:
            raise VoiceError(f"{path} has {key} {shown(settings[key])}, where the base model has {shown(value)}")


def _read_safetensors(
    file: Path, wanted: HubertConfig, on_progress: Callable[[float], None]
) -> tuple[dict[str, Tensor], str]:
    with Source(file) as source:
        if source.size > MOST_BYTES:
            raise Refusal(f"has {source.size / 2**30:.1f} GiB, more than the base model has")
        checksum = source.sha256(lambda count: on_progress(count / source.size))
    try:
        tensors = with_own_names(read_tensors(file)[0])
    except (CheckpointError, ValueError) as error:
        raise VoiceError(str(error)) from error
    _check_hubert({name: _fact_of(tensor) for name, tensor in tensors.items()}, wanted)
    return tensors, checksum


def _fact_of(tensor: Tensor) -> TensorFact:
    storage = Storage(str(tensor.dtype).removeprefix("torch."), "", tensor.numel())
    return TensorFact(storage, 0, tuple(tensor.shape), tensor.stride())


def _own_facts(facts: Facts) -> dict[str, TensorFact]:
    """The same facts under our own names."""
    empty = {name: torch.empty(fact.shape, device="meta") for name, fact in facts.items()}
    facts_of = {id(tensor): facts[name] for name, tensor in empty.items()}
    try:
        return {name: facts_of[id(tensor)] for name, tensor in with_own_names(empty).items() if id(tensor) in facts_of}
    except ValueError as error:
        raise Refusal(f"is no HuBERT: {error}") from error


def _check_hubert(facts: Facts, wanted: HubertConfig) -> None:
    found = {name: torch.empty(fact.shape, device="meta") for name, fact in facts.items()}
    try:
        config = config_of(found)
    except ValueError as error:
        raise Refusal("is no HuBERT") from error
    expected = {name: tuple(value.shape) for name, value in sketched(Hubert, wanted).state_dict().items()}
    if config.width != wanted.width or config.layers != wanted.layers or config.conv_norm != wanted.conv_norm:
        raise Refusal(
            f"is a HuBERT of {config.layers} layers of {config.width} channels; "
            f"GPT-SoVITS voices were made with the base model, of {wanted.layers} layers of {wanted.width}"
        )
    if MASK_VECTOR not in facts:  # only training needs it
        del expected[MASK_VECTOR]
    check_shapes(facts, expected, "the base model of HuBERT")
