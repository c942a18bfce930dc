"""Files of torch.save, in the zip format of PyTorch 1.6 and the one before: what is in them, and tensors on demand."""

import struct
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rtvc.importing.archive import Archive
from rtvc.importing.facts import Storage, TensorFact
from rtvc.importing.pickles import read_pickle
from rtvc.importing.refusal import Refusal, shown
from rtvc.importing.source import Source

if TYPE_CHECKING:
    from torch import Tensor

MOST_DESCRIPTION_BYTES = 8 << 20
MOST_STORAGE_BYTES = 128 << 20
MOST_READ_BYTES = 1 << 30
MOST_TIMES = 4
"""So many times the bytes of the file are read at most; storages that tensors share may come by again."""
LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
LEGACY_PROTOCOL = 1001
PICKLE_START = b"\x80\x02"
SAFETENSORS_LENGTH = 8
COUNT = struct.Struct("<q")
INTEGER_OF_BFLOAT16 = "int16"  # numpy knows no bfloat16, its bytes will do


class TorchFile:
    """One opened file: `content` is its plain data with facts in place of tensors, `read` gets a tensor's numbers."""

    def __init__(self, path: Path) -> None:
        """Open a file and read its description, but no weights; Refusal where that cannot be done safely."""
        self._source = Source(path)
        self._loaded: tuple[str, bytes] | None = None
        self._bytes = 0  # of storages loaded so far
        try:
            self.content, self._storages = self._describe()
        except Refusal:
            self.close()
            raise

    def __enter__(self) -> "TorchFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; safe to call again."""
        self._source.close()

    @property
    def source(self) -> Source:
        """The file itself."""
        return self._source

    @property
    def format(self) -> str:
        """Which of torch's formats it is, and the replaced first two bytes if they are."""
        if not self._source.is_zip:
            return "legacy"
        return "zip" if self._source.mark == b"PK" else f"zip, header {self._source.mark.decode()}"

    def read(self, fact: TensorFact) -> "Tensor":
        """Return the tensor of a fact, contiguous and in its stored type; Refusal where its bytes are not there."""
        import torch  # a refusal need not wait for it

        kind, size = fact.storage.kind, fact.storage.size
        raw = memoryview(self._load(fact.storage))[fact.offset * size :]
        numbers = np.frombuffer(raw, INTEGER_OF_BFLOAT16 if kind == "bfloat16" else kind)
        strides = [stride * size for stride in fact.strides]
        shaped = np.lib.stride_tricks.as_strided(numbers, fact.shape, strides, writeable=False)
        tensor = torch.from_numpy(shaped.copy())
        return tensor.view(torch.bfloat16) if kind == "bfloat16" else tensor

    def _load(self, storage: Storage) -> bytes:
        """The bytes of a storage; neighbouring tensors may share one, but not all of them a huge one."""
        if self._loaded is None or self._loaded[0] != storage.key:
            self._loaded = None
            size = storage.count * storage.size
            self._bytes += size
            most = min(MOST_READ_BYTES, MOST_TIMES * self._source.size)
            if size > MOST_STORAGE_BYTES or self._bytes > most:
                raise Refusal("has storages far larger than the weights in them; no program writes that")
            self._loaded = (storage.key, self._storages.load(storage))
        if len(self._loaded[1]) != storage.count * storage.size:
            raise Refusal(f"is cut off or damaged: its storage {shown(storage.key)} is not as long as it says")
        return self._loaded[1]

    def _describe(self) -> tuple[Any, "_ZipStorages | _LegacyStorages"]:
        source = self._source
        if source.is_zip:
            archive = Archive(source)
            _check_byte_order(archive)
            description = archive.read("data.pkl", MOST_DESCRIPTION_BYTES)
            return read_pickle(BytesIO(description)), _ZipStorages(archive)
        if source.read(0, 2) == PICKLE_START:
            return _describe_legacy(source)
        raise Refusal(_stranger(source))


class _ZipStorages:
    """Storages that are entries of an archive."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    def load(self, storage: Storage) -> bytes:
        """All bytes of a storage."""
        return self._archive.read(f"data/{storage.key}", MOST_STORAGE_BYTES)


class _LegacyStorages:
    """Storages that follow one another behind the description."""

    def __init__(self, source: Source, places: Mapping[str, tuple[int, int]]) -> None:
        self._source, self._places = source, places

    def load(self, storage: Storage) -> bytes:
        """All bytes of a storage."""
        if storage.key not in self._places:
            raise Refusal(f"is damaged: its storage {shown(storage.key)} is missing")
        place, size = self._places[storage.key]
        return self._source.read(place, min(size, MOST_STORAGE_BYTES))


def _check_byte_order(archive: Archive) -> None:
    if "byteorder" in archive.entries and archive.read("byteorder", 16) != b"little":
        raise Refusal("was written on a machine that stores numbers the other way round")


def _describe_legacy(source: Source) -> tuple[Any, _LegacyStorages]:
    """Five pickles (magic number, protocol, system, content, keys), then each storage behind its count."""
    stream = BytesIO(source.read(0, min(source.size, MOST_DESCRIPTION_BYTES)))
    if read_pickle(stream) != LEGACY_MAGIC:
        raise Refusal("is a Python pickle but no PyTorch file")
    if read_pickle(stream) != LEGACY_PROTOCOL:
        raise Refusal("is of an unknown PyTorch format")
    read_pickle(stream)
    content, keys = read_pickle(stream), read_pickle(stream)
    if not isinstance(keys, list) or not all(isinstance(key, str) for key in keys):
        raise Refusal("is damaged: the list of its storages cannot be read")
    return content, _LegacyStorages(source, _legacy_places(source, stream.tell(), keys, _sizes(content)))


def _legacy_places(source: Source, place: int, keys: list[str], sizes: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Where the bytes of each storage begin, and how many there are."""
    places = {}
    for key in keys:
        if key not in sizes:
            raise Refusal(f"is damaged: nothing says what its storage {shown(key)} is")
        (count,) = COUNT.unpack(source.read(place, COUNT.size))
        places[key] = (place + COUNT.size, count * sizes[key])
        place += COUNT.size + count * sizes[key]
        if count < 0 or place > source.size:
            raise Refusal("is cut off: it ends before its last weights; copy or download it again")
    return places


def _sizes(content: Any) -> dict[str, int]:
    """Bytes of one number in each storage that the content speaks of."""
    sizes, seen, left = {}, set(), [content]
    while left:
        one = left.pop()
        if isinstance(one, TensorFact):
            sizes[one.storage.key] = one.storage.size
        elif isinstance(one, dict | list | tuple) and id(one) not in seen:
            seen.add(id(one))
            left.extend(one.values() if isinstance(one, dict) else one)
    return sizes


def _stranger(source: Source) -> str:
    """What to say about a file in none of torch's formats."""
    start = source.read(0, min(source.size, 4096))
    if source.size > SAFETENSORS_LENGTH and start[SAFETENSORS_LENGTH : SAFETENSORS_LENGTH + 1] == b"{":
        return "is a safetensors file, not the .pth of a GPT-SoVITS voice"
    if start[2:4] == b"\x03\x04":
        return f"begins with the unknown header {shown(start[:2].decode('latin-1'))}"
    if not any(byte < 9 for byte in start):
        return "is a text, not the .pth of a GPT-SoVITS voice"
    return "is no PyTorch file, or its beginning is damaged"
