"""GPT-SoVITS checkpoints: which version one is of, whether it is whole, and its weights.

Sizes of tensors are believed first; what the file's first bytes and its configuration say must agree with them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.synthesizer_config import SynthesizerConfig
from rtvc.errors import VoiceError
from rtvc.importing.facts import TensorFact
from rtvc.importing.kinds import MARK_VERSIONS, OTHER, REFUSED_MARKS, V3, foreign_kind
from rtvc.importing.refusal import Refusal, shown
from rtvc.importing.torch_file import TorchFile

if TYPE_CHECKING:
    from torch import Tensor

POSTERIOR = "enc_q."
"""Weights that only training needs; inference files lack them."""
TEXT, SPEAKER, DECODER = "enc_p.text_embedding.weight", "sv_emb.weight", "dec.conv_pre.weight"
VERSION_OF: dict[tuple[int, bool, int], str] = {
    (322, False, 512): "v1",
    (732, False, 512): "v2",
    (732, True, 512): "v2Pro",
    (732, True, 768): "v2ProPlus",
}
"""By the symbols of the text, whether a speaker is verified, and the decoder's width."""
SOUND: dict[str, int] = {"sampling_rate": 32000, "filter_length": 2048, "hop_length": 640, "win_length": 2048}
"""The `data` of every version's configuration, as far as it matters here."""
FLOATS = ("float16", "bfloat16", "float32", "float64")
INFO = re.compile(r"(\d{1,6})epoch_(\d{1,9})iteration")
FILE_NAME = re.compile(r"_e(\d{1,6})_s(\d{1,9})")
MOST_NAMED = 3
LONGEST_LIST = 16


@dataclass(frozen=True)
class Checkpoint:
    """One voice in a file: its version, its weights without the posterior encoder's, and where it came from."""

    version: str
    weights: dict[str, TensorFact]
    epoch: int | None
    step: int | None
    format: str

    @property
    def config(self) -> SynthesizerConfig:
        """The sizes of the voice's networks."""
        return SynthesizerConfig.of_version(self.version)


def read_checkpoint(file: TorchFile) -> Checkpoint:
    """Return what the file is; Refusal where it is no voice of a known version, whole and in agreement with itself.

    The weights themselves are not read.
    """
    version, weights = identify(file)
    kept = {name: fact for name, fact in weights.items() if not name.startswith(POSTERIOR)}
    check_shapes(kept, expected_shapes(SynthesizerConfig.of_version(version)), f"a voice of version {version}")
    return Checkpoint(version, kept, *_age(file.content, file.source.path), file.format)


def identify(file: TorchFile) -> tuple[str, dict[str, TensorFact]]:
    """Return the version of the voice in a file, and all its weights; Refusal where it is none.

    Whether they are whole is not looked at, and networks are not needed, whose import takes seconds.
    """
    if file.source.is_zip and file.source.mark in REFUSED_MARKS:
        raise Refusal(REFUSED_MARKS[file.source.mark])
    content = file.content
    if not isinstance(content, dict):
        raise Refusal(OTHER)
    weights = find_weights(content)
    kind = foreign_kind(content, weights)
    if kind is not None:
        raise Refusal(kind)
    if TEXT not in weights:
        raise Refusal(OTHER)
    version = _version(weights)
    _check_claims(version, content.get("config"), file)
    return version, weights


def look(path: Path) -> str:
    """Return the version of the voice in a file; raises VoiceError where there is none, within a second or so."""
    try:
        with TorchFile(path) as file:
            return identify(file)[0]
    except Refusal as refusal:
        raise VoiceError(f"{path} {refusal}") from refusal


def read_weights(
    file: TorchFile, weights: Mapping[str, TensorFact], on_read: Callable[[float], None]
) -> "dict[str, Tensor]":
    """Return the tensors of checked facts, in half precision where the file has that and else in single.

    `on_read` is told the fraction done; Refusal where a tensor is damaged or holds what is no number.
    """
    import torch

    tensors = {}
    total, done = sum(fact.count for fact in weights.values()), 0
    for name, fact in weights.items():
        tensor = file.read(fact)
        if tensor.is_floating_point() and not bool(torch.isfinite(tensor).all()):
            raise Refusal(
                f"holds NaN or infinity in {shown(name)}: the training that wrote it went wrong; use an earlier one"
            )
        tensors[name] = tensor.float() if fact.storage.kind in {"float64", "bfloat16"} else tensor
        done += fact.count
        on_read(done / max(total, 1))
    return tensors


def find_weights(content: Mapping[Any, Any]) -> dict[str, TensorFact]:
    """Return the weights of a file by name, of weight norms the older ones; Refusal where there are none."""
    for place in ("weight", "model", "state_dict"):
        if isinstance(content.get(place), dict):
            return _named(content[place])
    return _named(content)


def expected_shapes(config: SynthesizerConfig) -> dict[str, tuple[int, ...]]:
    """Return the names and sizes of all tensors that speaking needs."""
    from models.construction import sketched
    from models.synthesizer import Synthesizer

    model = sketched(Synthesizer, config, has_posterior=False)
    return {name: tuple(value.shape) for name, value in model.state_dict().items()}


def check_shapes(facts: Mapping[str, TensorFact], expected: Mapping[str, tuple[int, ...]], what: str) -> None:
    """Raise Refusal unless there is every tensor of `what`, in its size and of floats, and no other."""
    missing = [name for name in expected if name not in facts]
    if missing:
        raise Refusal(f"is not whole: for {what} it lacks {_listed(missing)}")
    unknown = [name for name in facts if name not in expected]
    if unknown:
        raise Refusal(f"is not as the original writes it: {what} has no {_listed(unknown)}")
    for name, shape in expected.items():
        found = facts[name]
        if found.shape != shape:
            raise Refusal(f"has {name} in the size {_size(found.shape)}, where {what} has {_size(shape)}")
        if found.storage.kind not in FLOATS and not name.endswith("num_batches_tracked"):
            raise Refusal(f"has {name} in the type {found.storage.kind}, which is no type of weights")


def _named(found: Mapping[Any, Any]) -> dict[str, TensorFact]:
    weights: dict[str, TensorFact] = {}
    for key, value in found.items():
        if not isinstance(key, str) or not isinstance(value, TensorFact):
            continue
        name = _old_name(key)
        if name in weights:
            raise Refusal(f"has two tensors for {shown(name)}")
        weights[name] = value
    if not weights:
        raise Refusal("holds no weights")
    return weights


def _old_name(name: str) -> str:
    if ".parametrizations." not in name:
        return name
    from models.weight_norm import NEW_NAMES

    for new, old in NEW_NAMES.items():
        if name.endswith(new):
            return name.removesuffix(new) + old
    return name


def _version(weights: Mapping[str, TensorFact]) -> str:
    if DECODER not in weights:
        raise Refusal(f"is not whole: it lacks {DECODER}")
    symbols = (weights[TEXT].shape or (0,))[0]
    width = (weights[DECODER].shape or (0,))[0]
    version = VERSION_OF.get((symbols, SPEAKER in weights, width))
    if version is None:
        verified = "with" if SPEAKER in weights else "without"
        raise Refusal(
            f"has {symbols} text symbols, a decoder of width {width} and is {verified} speaker verification, "
            f"which is none of the versions {', '.join(VERSION_OF.values())}"
        )
    return version


def _check_claims(version: str, config: Any, file: TorchFile) -> None:
    """Raise Refusal where the header or the configuration tells of another voice than the tensors do."""
    claimed = MARK_VERSIONS.get(file.source.mark) if file.source.is_zip else None
    if file.source.is_zip and file.source.mark not in MARK_VERSIONS:
        raise Refusal(f"begins with {file.source.mark.decode()!r}, the mark of a version that is not known here")
    if claimed not in {None, version}:
        raise Refusal(f"is marked as version {claimed}, but its weights are of version {version}")
    config = config if isinstance(config, dict) else {}
    model, data = (config[key] if isinstance(config.get(key), dict) else {} for key in ("model", "data"))
    for told in (model.get("version"), config.get("version")):
        if isinstance(told, str) and told.startswith(("v3", "v4")):
            raise Refusal(V3)
        if told not in {None, version} if isinstance(told, str | None) else True:
            raise Refusal(f"says that it is of version {shown(told)}, but its weights are of version {version}")
    sizes = asdict(SynthesizerConfig.of_version(version))
    del sizes["version"], sizes["p_dropout"], sizes["freeze_quantizer"]  # nothing that a voice speaks with
    _compare("model", model, sizes, version)
    _compare("data", data, SOUND, version)


def _compare(part: str, told: Mapping[Any, Any], known: Mapping[str, Any], version: str) -> None:
    for key, value in known.items():
        if key in told and _plain(told[key]) != _plain(value):
            raise Refusal(
                f"has {part}.{key} {shown(told[key])} in its configuration, where version {version} has {shown(value)}"
            )


def _plain(value: Any, depth: int = 3) -> Any:
    """A setting that can be compared in no time; of what is none, something equal to nothing."""
    if isinstance(value, int | str | float) and not isinstance(value, bool):
        return value
    if isinstance(value, list | tuple) and depth and len(value) <= LONGEST_LIST:
        return [_plain(one, depth - 1) for one in value]
    return object()


def _age(content: Mapping[Any, Any], path: Path) -> tuple[int | None, int | None]:
    """Epoch and step of the training, as far as they are told."""
    info = content.get("info")
    found = INFO.search(info[:100]) if isinstance(info, str) else None
    found = found or FILE_NAME.search(path.name)
    if found is not None:
        return int(found[1]), int(found[2])
    epoch = content.get("iteration")
    return (epoch if type(epoch) is int and 0 <= epoch < 10**6 else None), None


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return ", ".join(shown(name) for name in found[:MOST_NAMED]) + more


def _size(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape) or "one number"
