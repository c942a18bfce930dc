"""Files that must be refused, each written by one function, with words that the sentence must hold."""

import os
import struct
import subprocess
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import torch

from tests.checkpoint_files import (
    Call,
    described,
    entries,
    hyper_parameters,
    mark,
    pickled,
    settings,
    views,
    weights,
    write_voice,
    write_zip,
)

Writer = Callable[[Path], object]
TORCH = b"ctorch._utils\n_rebuild_tensor_v2\n"


def save(content: object, is_legacy: bool = False) -> Writer:
    return lambda path: torch.save(content, path, _use_new_zipfile_serialization=not is_legacy)


def with_names(*names: str, **more: object) -> Writer:
    return save({"weight": views(dict.fromkeys(names, (4, 4))), "config": {}, "info": "", **more})


def voice_with(**tensors: torch.Tensor | None) -> Writer:
    """A voice of v2 with some tensors replaced, or left out where they are None; `__` stands for a dot."""

    def write(path: Path) -> None:
        found = weights("v2") | {name.replace("__", "."): tensor for name, tensor in tensors.items()}
        write_voice(path, "v2", OrderedDict((name, one) for name, one in found.items() if one is not None))

    return write


def voice(**facts: object) -> Writer:
    return lambda path: write_voice(path, **facts)


def told(section: str, **values: object) -> Writer:
    return voice(changes={section: values})


def cut(share: float, **facts: object) -> Writer:
    def write(path: Path) -> None:
        write_voice(path, **facts)
        os.truncate(path, int(path.stat().st_size * share))

    return write


def rezipped(change: Callable[[dict[str, bytes]], list[tuple]], method: int = zipfile.ZIP_STORED) -> Writer:
    def write(path: Path) -> None:
        torch.save({"weight": views({"a": (4, 4)})}, path)
        write_zip(path, change(entries(path)), method)

    return write


def with_entry(name: str, data: bytes = b"") -> Writer:
    return rezipped(lambda found: [*found.items(), (name, data)])


def link_entry(found: dict[str, bytes]) -> list[tuple]:
    link = zipfile.ZipInfo(f"{next(iter(found)).partition('/')[0]}/data/77")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    return [*found.items(), (link, b"/etc/passwd")]


def patched(find: bytes, replacement: bytes, offset: int, which: int = -1) -> Writer:
    """A small file with bytes changed at an offset from the first (0) or last (-1) place of `find`."""

    def write(path: Path) -> None:
        torch.save({"weight": views({"a": (64, 64)})}, path)
        raw = bytearray(path.read_bytes())
        place = (raw.find(find) if which == 0 else raw.rfind(find)) + offset
        raw[place : place + len(replacement)] = replacement
        path.write_bytes(raw)

    return write


def nested_code(path: Path) -> None:
    facts = settings("v2")
    facts["train"]["callback"] = [{"deep": Call(os.system, "touch /tmp/rtvc-was-run")}]
    with hyper_parameters() as made:
        torch.save({"weight": weights("v2"), "config": made(facts), "info": ""}, path)


def code(value: object, protocol: int = 2) -> Writer:
    return lambda path: described(path, pickled(value, protocol))


def text_code(path: Path) -> None:
    described(path, b"cposix\nsystem\n(S'touch /tmp/rtvc-was-run'\ntR.")


def legacy_code(path: Path) -> None:
    path.write_bytes(pickled(Call(os.system, "touch /tmp/rtvc-was-run")))


def giant(shape: tuple[int, ...], strides: tuple[int, ...], count: int = 16) -> Writer:
    """A tensor of any shape and strides over a storage of `count` numbers."""
    texts = b"(X\x07\x00\x00\x00storagectorch\nHalfStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu"
    sizes = b"".join(b"(" + b"".join(_number(one) for one in row) + b"t" for row in (shape, strides))
    tensor = TORCH + b"(" + texts + _number(count) + b"tQK\x00" + sizes + b"\x89ccollections\nOrderedDict\n)RtR"
    name = b"X\x1b\x00\x00\x00enc_p.text_embedding.weight"
    description = b"\x80\x02}X\x06\x00\x00\x00weight}" + name + tensor + b"ss."
    return lambda path: described(path, description, {"archive/data/0": bytes(32)})


def _number(value: int) -> bytes:
    raw = value.to_bytes(max(1, (value.bit_length() + 8) // 8), "little", signed=True)
    return b"\x8a" + bytes([len(raw)]) + raw if len(raw) < 256 else b"\x8b" + struct.pack("<i", len(raw)) + raw


def laughs(path: Path) -> None:
    """Tuples within tuples, twice each: as a key, their hash would take for ever."""
    description = b"\x80\x02}(K\x01K\x02\x86" + b"2\x86" * 60 + b"K\x00u."
    described(path, description.replace(b"2\x86", b"q\x00h\x00\x86"))


def circle(path: Path) -> None:
    """Settings that contain themselves."""
    facts = settings("v2")
    facts["model"]["upsample_rates"] = facts["model"]["loop"] = loop = []
    loop.append(loop)
    torch.save({"weight": weights("v2"), "config": facts, "info": ""}, path)


def flood(path: Path) -> None:
    described(path, b"\x80\x02" + b"}" * (8 << 20) + b".")


def many_digits(path: Path) -> None:
    described(path, b"\x80\x02}K\x01\x8b" + struct.pack("<i", 7 << 20) + b"\x7f" * (7 << 20) + b"s.")


def bomb(path: Path) -> None:
    """A description that unpacks to a thousand times its size."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("a/data.pkl", "w", force_zip64=True) as one,
    ):
        for _ in range(8):
            one.write(bytes(1 << 24))
        one.write(b".")


def hole(path: Path) -> None:
    """Two GB of zeros, which take no place on the disk."""
    described(path, b"\x80\x02}.")
    os.truncate(path, 2 << 30)


def short_storage(path: Path) -> None:
    """A storage of half the bytes that its tensor needs."""
    found = entries(write_voice(path))
    key = next(name for name in found if "/data/" in name)
    write_zip(path, [(name, data[: len(data) // 2] if name == key else data) for name, data in found.items()])


def two_for_one(path: Path) -> None:
    found = weights("v2")
    found["dec.ups.0.parametrizations.weight.original0"] = found["dec.ups.0.weight_g"]
    write_voice(path, "v2", found)


def folder(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to(path.with_name("nothing"))


def to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


NAN = torch.full((512,), float("nan")).half()
BAD: dict[str, tuple[Writer, str]] = {
    # other kinds of files
    "GPT": (with_names("model.ar_text_embedding.word_embeddings.weight"), "the GPT half of GPT-SoVITS"),
    "v3": (with_names("cfm.estimator.proj.weight", "enc_p.text_embedding.weight"), "v3 or v4"),
    "v3 header": (lambda path: mark(write_voice(path), b"02"), "v3 or v4"),
    "v3 LoRA header": (lambda path: mark(write_voice(path), b"03"), "is a LoRA of GPT-SoVITS"),
    "v4 LoRA header": (lambda path: mark(write_voice(path), b"04"), "is a LoRA of GPT-SoVITS"),
    "LoRA": (with_names("cfm.a.lora_A.weight", lora_rank=32), "is a LoRA of GPT-SoVITS"),
    "v3 by its word": (told("model", version="v3"), "v3 or v4"),
    "RVC": (with_names("enc_p.emb_phone.weight", "emb_g.weight", sr="40k", f0=1, version="v2"), "is an RVC voice"),
    "so-vits-svc": (
        save({"model": views({"enc_p.f0_emb.weight": (4, 4), "pre.weight": (4, 4)}), "iteration": 3}),
        "is a so-vits-svc voice",
    ),
    "discriminator": (with_names("discriminators.0.convs.0.weight_g"), "is the discriminator"),
    "HuBERT": (save(views({"feature_extractor.conv_layers.0.conv.weight": (4, 4)})), "is a HuBERT, not a voice"),
    "other weights": (save(views({"layer.weight": (4, 4)})), "but not those of a GPT-SoVITS voice"),
    "no weights": (save({"weight": {}, "config": {}}), "holds no weights"),
    "a list": (save([1, 2, 3]), "but not those of a GPT-SoVITS voice"),
    "a plain pickle": (lambda path: path.write_bytes(pickled({"a": 1})), "is a Python pickle but no PyTorch file"),
    "a plain zip": (lambda path: write_zip(path, [("anna.pth", b"x")]), "is a zip archive but no PyTorch file"),
    "a program": (with_entry("archive/code/__torch__.py", b"x"), "that PyTorch does not write"),
    "safetensors": (lambda path: path.write_bytes(struct.pack("<Q", 2) + b"{}" + bytes(64)), "is a safetensors file"),
    "text": (lambda path: path.write_text("a letter\n"), "is a text"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "three bytes": (lambda path: path.write_bytes(b"PK\x03"), "has only 3 bytes"),
    "noise": (lambda path: path.write_bytes(bytes(range(256)) * 50), "is no PyTorch file"),
    "unknown header": (lambda path: mark(write_voice(path), b"07"), "the mark of a version that is not known"),
    "another program's header": (lambda path: mark(write_voice(path), b"XX"), "begins with the unknown header XX"),
    # not whole, or not in agreement with itself
    "a tensor short": (voice_with(dec__conv_pre__bias=None), "it lacks dec.conv_pre.bias"),
    "a tensor more": (voice_with(dec__extra=torch.zeros(3)), "has no dec.extra"),
    "another shape": (voice_with(dec__cond__weight=torch.zeros(512, 256, 1)), "in the size 512×256×1"),
    "whole numbers": (voice_with(dec__cond__bias=torch.zeros(512, dtype=torch.int64)), "in the type int64"),
    "unknown symbols": (voice_with(enc_p__text_embedding__weight=torch.zeros(400, 192)), "has 400 text symbols"),
    "NaN": (voice_with(dec__conv_pre__bias=NAN), "holds NaN or infinity in dec.conv_pre.bias"),
    "infinity": (voice_with(dec__conv_pre__bias=NAN.nan_to_num(float("inf"))), "holds NaN or infinity"),
    "two names": (two_for_one, "has two tensors for dec.ups.0.weight_g"),
    "mark of another version": (lambda path: mark(write_voice(path), b"05"), "is marked as version v2Pro"),
    "word of another version": (told("model", version="v1"), "says that it is of version v1"),
    "version of no sort": (told("model", version=["v2"]), "says that it is of version [v2]"),
    "another rate": (told("data", sampling_rate=44100), "has data.sampling_rate 44100"),
    "absurd heads": (told("model", n_heads=10**400), "has model.n_heads a number of many digits"),
    "absurd rates": (told("model", upsample_rates=[10**9] * 10**5), "has model.upsample_rates"),
    "negative hop": (told("data", hop_length=-640), "has data.hop_length -640"),
    "settings in a circle": (circle, "has model.upsample_rates"),
    "cut in the middle": (cut(0.5), "is cut off"),
    "cut at the end": (cut(0.999), "is cut off"),
    "cut in the header": (cut(0.0001), "is cut off"),
    "legacy, cut": (cut(0.5, is_legacy=True), "is cut off"),
    "legacy, cut in its description": (cut(0.005, is_legacy=True), "is cut off"),
    # made to do harm
    "code": (code(Call(os.system, "touch /tmp/rtvc-was-run")), "wants posix.system run"),
    "code in settings": (nested_code, "wants posix.system run"),
    "code in text form": (text_code, "wants posix.system run"),
    "code of protocol 4": (code({"weight": Call(os.system, "touch /tmp/rtvc-was-run")}, 4), "wants posix.system run"),
    "code, legacy": (legacy_code, "wants posix.system run"),
    "code, legacy within": (
        save({"weight": {}, "config": Call(os.system, "touch /tmp/rtvc-was-run")}, is_legacy=True),
        "wants posix.system run",
    ),
    "getattr": (code(Call(getattr, "word", "upper")), "wants __builtin__.getattr run"),
    "eval": (code(Call(eval, "1 + 1")), "wants __builtin__.eval run"),
    "subprocess": (code(Call(subprocess.check_output, ["id"])), "wants commands.check_output run"),
    "torch.load": (code(Call(torch.load, "/tmp/other.pth")), "wants torch.serialization.load run"),
    "settings called": (
        lambda path: described(path, b"\x80\x02cutils\nHParams\nX\x02\x00\x00\x00id\x85R."),
        "is cut off or damaged",
    ),
    "another attribute of torch": (lambda path: described(path, b"ctorch\nhub\n."), "wants torch.hub run"),
    "a dotted name": (
        lambda path: described(path, b"ccollections\nOrderedDict.__init__\n."),
        "wants collections.OrderedDict.__init__ run",
    ),
    "pickle beside": (with_entry("archive/evil.pkl", pickled(Call(os.system, "true"))), "that PyTorch does not write"),
    "zip bomb": (bomb, "has a compressed entry"),
    "compressed": (rezipped(lambda found: list(found.items()), zipfile.ZIP_DEFLATED), "has a compressed entry"),
    "path upwards": (with_entry("archive/../../evil"), "points out of the archive"),
    "path from the root": (with_entry("/etc/evil"), "points out of the archive"),
    "path of Windows": (with_entry("C:\\evil"), "points out of the archive"),
    "link within": (rezipped(link_entry), "has a link"),
    "two of one name": (
        rezipped(lambda found: [*found.items(), (next(iter(found)), b"other")]),
        "has two entries named",
    ),
    "size beyond the file": (patched(b"PK\x01\x02", struct.pack("<LL", 1 << 30, 1 << 30), 20, 0), "reaches beyond"),
    "place beyond the file": (patched(b"PK\x01\x02", struct.pack("<L", 1 << 30), 42), "points beyond its own end"),
    "one over the other": (patched(b"PK\x01\x02", struct.pack("<L", 0), 42), "do not agree"),
    "encrypted": (patched(b"PK\x01\x02", struct.pack("<H", 1), 8, 0), "has an encrypted entry"),
    "storage too short": (short_storage, "is not as long as it says"),
    "stride 0": (giant((1 << 20, 1 << 20), (0, 0)), "claims a tensor of 1048576×1048576 numbers"),
    "overlapping rows": (giant((12, 4), (1, 1)), "claims a tensor"),
    "huge sizes": (giant((1 << 62, 1 << 62), (1, 1)), "is cut off or damaged"),
    "sizes of many digits": (giant((1 << 20000, 4), (1 << 20000, 1)), "is cut off or damaged"),
    "negative sizes": (giant((-4, -4), (-4, 1)), "is cut off or damaged"),
    "many dimensions": (giant((1,) * 1000, (1,) * 1000), "is cut off or damaged"),
    "tuples in tuples": (laughs, "is cut off or damaged"),
    "endless description": (flood, "more than any voice has"),
    "a number of many digits": (many_digits, "holds no weights"),
    "2 GB of nothing": (hole, "is cut off"),
    # no files
    "missing": (lambda path: None, "is not there"),
    "folder": (folder, "is a folder"),
    "pipe": (os.mkfifo, "is a pipe or a device"),
    "device": (to_device, "is a pipe or a device"),
    "link to nothing": (dangling, "is a link to nothing"),
}
