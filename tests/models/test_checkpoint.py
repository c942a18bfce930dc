"""Weight files come back as they were written, and what is wrong with one is told in one sentence."""

import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from models.checkpoint import load_strictly, read_tensors, write_tensors
from models.construction import sketched
from models.errors import CheckpointError


def some_tensors() -> dict[str, Tensor]:
    torch.manual_seed(0)
    return {"a.weight": torch.randn(3, 4), "a.bias": torch.randn(3).half(), "count": torch.tensor(7)}


def write_raw(path: Path, header: object, body: bytes = b"") -> None:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def entry(shape: list[int], start: int, end: int, dtype: str = "F32") -> dict[str, object]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    tensors = some_tensors() | {"turned": torch.randn(4, 3).T, "none": torch.zeros(0, 2)}

    write_tensors(tmp_path / "v.safetensors", tensors, {"family": "live", "note": "äöü\n"})
    found, metadata = read_tensors(tmp_path / "v.safetensors")

    assert metadata == {"family": "live", "note": "äöü\n"}
    assert found.keys() == tensors.keys()
    assert all(torch.equal(found[key], tensors[key]) and found[key].dtype == tensors[key].dtype for key in tensors)


def test_tensors_that_share_memory_are_written_apart(tmp_path: Path) -> None:
    shared = torch.randn(4)

    write_tensors(tmp_path / "v.safetensors", {"one": shared, "two": shared[:2]}, {})

    assert torch.equal(read_tensors(tmp_path / "v.safetensors")[0]["two"], shared[:2])


def test_a_file_that_cannot_be_completed_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "v.safetensors"
    write_tensors(path, some_tensors(), {})
    before = path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CheckpointError, match=r"cannot be written \(No space left on device\)"):
        write_tensors(path, {"other": torch.zeros(5)}, {})

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="cannot be written"):
        write_tensors(tmp_path / "none" / "v.safetensors", some_tensors(), {})


def _truncated(path: Path, keep: float) -> None:
    write_tensors(path, some_tensors(), {})
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * keep)])


def _zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/data.pkl", b"\x80\x02.")


def _pickle(path: Path) -> None:
    torch.save(some_tensors(), path, _use_new_zipfile_serialization=False)


def _not_finite(path: Path, value: float, dtype: torch.dtype = torch.float32) -> None:
    write_tensors(path, {"fine": torch.ones(3), "bad.weight": torch.tensor([1.0, value], dtype=dtype)}, {})


HOSTILE: dict[str, Callable[[Path], object]] = {
    "missing": lambda p: None,
    "a folder": lambda p: p.mkdir(),
    "a pipe": os.mkfifo,
    "a link to nowhere": lambda p: p.symlink_to(p.with_name("nowhere")),
    "empty": lambda p: p.write_bytes(b""),
    "eight bytes": lambda p: p.write_bytes(bytes(8)),
    "header cut off": lambda p: _truncated(p, 0.1),
    "tensors cut off": lambda p: _truncated(p, 0.95),
    "something after the tensors": lambda p: write_raw(p, {"a": entry([1], 0, 4)}, bytes(9)),
    "text": lambda p: p.write_text("These are no weights.\n" * 20),
    "zeros": lambda p: p.write_bytes(bytes(4096)),
    "zip": _zip,
    "pickle": _pickle,
    "huge header": lambda p: p.write_bytes((1 << 62).to_bytes(8, "little") + b"{}" + bytes(100)),
    "header of the size of the file": lambda p: p.write_bytes((100).to_bytes(8, "little") + b"{" * 100),
    "deep header": lambda p: write_raw(p, b"[" * 100_000),
    "header of a list": lambda p: write_raw(p, [1, 2]),
    "header of no utf-8": lambda p: write_raw(p, b'{"\xff\xfe": 1}'),
    "metadata of numbers": lambda p: write_raw(p, {"__metadata__": {"a": 1}}),
    "unknown type": lambda p: write_raw(p, {"a": entry([1], 0, 4, "Q99")}, bytes(4)),
    "shape that overflows": lambda p: write_raw(p, {"a": entry([1 << 40, 1 << 40], 0, 4)}, bytes(4)),
    "shape of other size than its data": lambda p: write_raw(p, {"a": entry([1 << 30], 0, 4)}, bytes(4)),
    "negative shape": lambda p: write_raw(p, {"a": entry([-1], 0, 4)}, bytes(4)),
    "data outside the file": lambda p: write_raw(p, {"a": entry([1 << 20], 0, 1 << 22)}, bytes(4)),
    "data that overlap": lambda p: write_raw(p, {"a": entry([2], 0, 8), "b": entry([2], 4, 12)}, bytes(12)),
    "data that end before they start": lambda p: write_raw(p, {"a": entry([1], 8, 4)}, bytes(8)),
    "NaN": lambda p: _not_finite(p, float("nan")),
    "infinity in half precision": lambda p: _not_finite(p, float("-inf"), torch.float16),
    "NaN in brain floats": lambda p: _not_finite(p, float("nan"), torch.bfloat16),
}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("spoil", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_spoilt_file_is_one_sentence(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    path = tmp_path / "voice.safetensors"
    spoil(path)

    with pytest.raises(CheckpointError) as caught:
        read_tensors(path)

    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < len(str(path)) + 200


def test_the_tensor_that_is_not_finite_is_named(tmp_path: Path) -> None:
    _not_finite(tmp_path / "v", float("nan"))

    with pytest.raises(CheckpointError, match=r"NaN or infinity in bad\.weight"):
        read_tensors(tmp_path / "v")


def test_a_key_of_any_letters_stays_one_short_line(tmp_path: Path) -> None:
    write_tensors(tmp_path / "v", {"bad\n\x1b[31m" + "x" * 5000: torch.tensor(float("inf"))}, {})

    with pytest.raises(CheckpointError) as caught:
        read_tensors(tmp_path / "v")

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < len(str(tmp_path)) + 250


def small_net() -> nn.Module:
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))


def test_loading_renames_drops_and_widens() -> None:
    source, module = small_net().state_dict(), nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    stored = {f"old.{key}": (value.half() if value.is_floating_point() else value) for key, value in source.items()}
    stored["optimizer"] = torch.zeros(9)

    renamed = {f"old.{key}": key for key in source}
    load_strictly(module, stored, renamed=renamed, dropped=("optimizer", "masked"), source="test")

    assert module.state_dict()["0.weight"].dtype == torch.float32
    assert all(torch.equal(value, source[key].half().to(value)) for key, value in module.state_dict().items())


SPOILT: dict[str, tuple[Callable[[dict[str, Tensor]], object], str]] = {
    "missing": (lambda t: t.pop("0.bias"), r"it lacks 0\.bias$"),
    "unexpected": (lambda t: t.update({"2.weight": torch.zeros(1)}), r"it has unknown 2\.weight$"),
    "misshapen": (lambda t: t.update({"0.weight": torch.zeros(4, 5)}), r"misshapen 0\.weight \(4×5, not 4×3\)$"),
    "scalar": (lambda t: t.update({"0.bias": torch.tensor(1.0)}), r"0\.bias \(one number, not 4\)$"),
    "whole numbers": (
        lambda t: t.update({"0.bias": torch.ones(4).int()}),
        r"0\.bias \(torch\.int32, not torch\.float32\)",
    ),
    "several": (
        lambda t: (t.pop("0.bias"), t.pop("0.weight"), t.update({"x": torch.zeros(1)})),
        r"test is not made for this model: it lacks 0\.weight, 0\.bias; it has unknown x$",
    ),
    "all": (lambda t: t.clear(), r"it lacks 0\.weight, 0\.bias, 1\.weight, 1\.bias, 1\.running_mean and 2 more$"),
}


@pytest.mark.parametrize(("spoil", "sentence"), SPOILT.values(), ids=SPOILT.keys())
def test_what_does_not_fit_is_named_and_nothing_is_loaded(
    spoil: Callable[[dict[str, Tensor]], object], sentence: str
) -> None:
    module = small_net()
    before = {key: value.clone() for key, value in module.state_dict().items()}
    tensors = {key: torch.zeros_like(value) for key, value in before.items()}
    spoil(tensors)

    with pytest.raises(CheckpointError) as caught:
        load_strictly(module, tensors, source="test")

    assert re.search(sentence, str(caught.value))
    assert all(torch.equal(value, before[key]) for key, value in module.state_dict().items())


def test_two_tensors_for_one_name_are_refused() -> None:
    tensors = small_net().state_dict() | {"copy": torch.zeros(4)}

    with pytest.raises(CheckpointError, match="two tensors for one name"):
        load_strictly(small_net(), tensors, renamed={"copy": "0.bias"}, source="test")


def test_a_sketch_takes_the_tensors_themselves() -> None:
    given = {"weight": torch.randn(4, 3, dtype=torch.float32), "bias": torch.randn(4, dtype=torch.float16)}
    module = sketched(nn.Linear, 3, 4)

    load_strictly(module, given, source="voice")

    assert module.weight.data_ptr() == given["weight"].data_ptr()
    assert module.bias.dtype == torch.float32
    assert torch.equal(module.bias, given["bias"].float())


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_one_bad_number_among_many_is_found(tmp_path: Path, number: float, dtype: torch.dtype) -> None:
    tensor = torch.randn(50, 70).to(dtype)
    tensor[31, 7] = number
    write_tensors(tmp_path / "w.safetensors", {"odd": tensor, "none": torch.zeros(0)}, {})

    with pytest.raises(CheckpointError, match="odd"):
        read_tensors(tmp_path / "w.safetensors")
