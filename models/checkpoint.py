"""Weights on disk, in safetensors files: read with suspicion, written whole or not at all, loaded strictly.

Everything that can be wrong with a file is one sentence in a CheckpointError.
"""

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import safetensors.torch
import torch
from torch import Tensor, nn

from models.arrays import read_file, shown
from models.errors import CheckpointError

ORDERED = (torch.float64, torch.float32, torch.float16, torch.bfloat16)
"""Floating-point types of which torch finds the ends as they are."""
MOST_NAMED = 5
"""So many keys of a kind are named in an error; the rest are counted."""


def read_tensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """Return the tensors of a file by name, on the CPU and in their stored types, and the texts beside them.

    Raises CheckpointError where the file is missing, no regular file, not whole, no safetensors file, or holds a
    number that is NaN or infinite.
    """
    return read_file(path, safetensors.torch.load, _is_finite)


def _is_finite(tensor: Tensor) -> bool:
    if not tensor.is_floating_point() or not tensor.numel():
        return True
    ends = torch.stack((tensor if tensor.dtype in ORDERED else tensor.double()).aminmax())  # NaN is handed on
    return bool(torch.isfinite(ends).all())


def write_tensors(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str]) -> None:
    """Write a file that `read_tensors` reads; one that is there stays as it was until the new one is complete.

    Raises CheckpointError where it cannot be written.
    """
    plain = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    raw = safetensors.torch.save(plain, dict(metadata))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CheckpointError(f"{path} cannot be written ({error.strerror})") from error


def load_strictly(
    module: nn.Module,
    tensors: Mapping[str, Tensor],
    *,
    renamed: Mapping[str, str] | None = None,
    dropped: Collection[str] = (),
    source: str,
) -> None:
    """Copy tensors into a module, all of them into all of it, or raise CheckpointError and leave it as it was.

    `renamed` maps keys of the file to keys of the module, `dropped` names keys of the file that are not wanted (they
    may be absent); `source` is what the error calls the tensors. Stored floats of any width become the module's.
    A module that is a sketch (`construction.sketched`) takes the tensors themselves, where they are of its types.
    """
    renamed = renamed or {}
    given = {renamed.get(key, key): value for key, value in tensors.items() if key not in dropped}
    own = module.state_dict()
    faults = [
        *_listed("lacks", (key for key in own if key not in given)),
        *_listed("has unknown", (key for key in given if key not in own)),
        *_listed("has misshapen", (_misfit(key, given[key], own[key]) for key in own if key in given)),
    ]
    if len(given) + sum(key in dropped for key in tensors) != len(tensors):
        faults.append("has two tensors for one name")
    if faults:
        raise CheckpointError(f"{source} is not made for this model: it {'; it '.join(faults)}")
    is_sketch = any(tensor.is_meta for tensor in own.values())
    module.load_state_dict({key: value.to(own[key].dtype) for key, value in given.items()}, assign=is_sketch)


def _misfit(key: str, given: Tensor, own: Tensor) -> str | None:
    if given.shape != own.shape:
        return f"{key} ({_size(given)}, not {_size(own)})"
    if given.is_floating_point() != own.is_floating_point():
        return f"{key} ({given.dtype}, not {own.dtype})"
    return None


def _size(tensor: Tensor) -> str:
    return "×".join(str(n) for n in tensor.shape) or "one number"


def _listed(fault: str, keys: Iterable[str | None]) -> list[str]:
    """One clause that names the first few keys and counts the rest; none if there are no keys."""
    found = [key for key in keys if key is not None]
    if not found:
        return []
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return [f"{fault} {', '.join(shown(key) for key in found[:MOST_NAMED])}{more}"]
