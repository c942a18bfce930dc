"""The zip archives that torch.save writes, and no others: every entry stored as it is, whole, once, and in its place.

The directory is read by hand, since a zip library reads on where ours must refuse, and will not read files whose first
two bytes were replaced. Source: APPNOTE.TXT 6.3 of PKWARE, sections 4.3 and 4.5.
"""

import re
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from rtvc.importing.refusal import Refusal, shown
from rtvc.importing.source import Source

LOCAL = struct.Struct("<4sHHHHHLLLHH")
CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
END = struct.Struct("<4sHHHHLLH")
END64_LOCATOR = struct.Struct("<4sLQL")
END64 = struct.Struct("<4sQHHLLQQQQ")
EXTRA = struct.Struct("<HH")
WIDE = struct.Struct("<Q")

END_MARK, END64_LOCATOR_MARK, END64_MARK = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"
LOCAL_MARK, CENTRAL_MARK = b"PK\x03\x04", b"PK\x01\x02"
LONGEST_COMMENT = 0xFFFF
IN_EXTRA = 0xFFFFFFFF
"""Stands for a size or place that is found in the wide extra field."""
WIDE_FIELD = 1
ENCRYPTED = 0x0001
STORED = 0
LINK_MODE, KIND_MODE = 0o120000, 0o170000

MOST_ENTRIES = 20_000
MOST_DIRECTORY_BYTES = 4 << 20
KNOWN = re.compile(r"[^/]+/(data\.pkl|version|byteorder|data/[0-9]+|\.format_version|\.storage_alignment|\.data/.+)")
"""All that torch.save puts into an archive, below one folder."""


@dataclass(frozen=True)
class Entry:
    """One entry: where its local header is, how many bytes it holds, and their CRC-32."""

    name: str
    header: int
    size: int
    crc: int


class Archive:
    """The checked entries of a zip archive, by their names below its one folder."""

    def __init__(self, source: Source) -> None:
        """Read the directory; Refusal where anything is other than torch.save makes it."""
        self._source = source
        entries = list(_entries(source, *_directory(source)))
        _check_names(entries)
        self._places = _check_places(source, entries)
        self.entries = {entry.name.partition("/")[2]: entry for entry in entries}

    def read(self, name: str, most: int) -> bytes:
        """Return the bytes of an entry; Refusal where it is missing, larger than `most` or damaged."""
        entry = self.entries.get(name)
        if entry is None:
            raise Refusal(f"is damaged: its entry {shown(name)} is missing")
        if entry.size > most:
            raise Refusal(f"has an entry {shown(name)} of {entry.size} bytes, more than any voice has")
        data = self._source.read(self._places[entry.name], entry.size)
        if zlib.crc32(data) != entry.crc:
            raise Refusal(f"is damaged: its entry {shown(name)} does not match its checksum; copy or download it again")
        return data


def _directory(source: Source) -> tuple[int, int, int]:
    """Where the central directory is, its bytes, and how many entries it has."""
    length = min(source.size, END.size + LONGEST_COMMENT)
    tail = source.read(source.size - length, length)
    place = tail.rfind(END_MARK)
    if place < 0 or place + END.size > length:
        raise Refusal("is cut off: the directory at its end is missing; copy or download it again")
    _, disk, first_disk, here, count, size, offset, _ = END.unpack_from(tail, place)
    if disk or first_disk or here != count:
        raise Refusal("is one piece of a split archive")
    end = source.size - length + place
    if end >= END64_LOCATOR.size:
        locator = source.read(end - END64_LOCATOR.size, END64_LOCATOR.size)
        if locator.startswith(END64_LOCATOR_MARK):
            place64 = END64_LOCATOR.unpack(locator)[2]
            mark, *_, count, size, offset = END64.unpack(source.read(place64, END64.size))
            if mark != END64_MARK:
                raise Refusal("is damaged: the directory at its end is in disorder")
    if count > MOST_ENTRIES or size > MOST_DIRECTORY_BYTES:
        raise Refusal(f"has {count} entries, more than any voice has")
    return offset, size, count


def _entries(source: Source, offset: int, size: int, count: int) -> Iterator[Entry]:
    directory = source.read(offset, size)
    place = 0
    for _ in range(count):
        try:
            fields = CENTRAL.unpack_from(directory, place)
            place += CENTRAL.size
            name_end = place + fields[10]
            extra_end = name_end + fields[11]
            name = directory[place:name_end].decode("utf-8")
            wide = list(_wide(directory[name_end:extra_end]))
            place = extra_end + fields[12]
        except (struct.error, UnicodeDecodeError) as error:
            raise Refusal("is damaged: the directory at its end is in disorder") from error
        yield _entry(fields, name, wide)


def _entry(fields: tuple[int | bytes, ...], name: str, wide: list[int]) -> Entry:
    mark, _, _, flags, method, _, _, crc, packed, size, *_, mode, header = fields
    assert isinstance(flags, int) and isinstance(mode, int) and isinstance(crc, int)
    if mark != CENTRAL_MARK:
        raise Refusal("is damaged: the directory at its end is in disorder")
    values = []
    for value in (size, packed, header):  # in the order in which the wide field has them
        values.append(wide.pop(0) if value == IN_EXTRA and wide else int(value))
    size, packed, header = values
    if flags & ENCRYPTED:
        raise Refusal(f"has an encrypted entry {shown(name)}; PyTorch writes none")
    if method != STORED or packed != size:
        raise Refusal(f"has a compressed entry {shown(name)}, which may unpack to any size; PyTorch writes none")
    if (mode >> 16) & KIND_MODE == LINK_MODE:
        raise Refusal(f"has a link {shown(name)} among its entries; PyTorch writes none")
    return Entry(name, header, size, crc)


def _wide(extra: bytes) -> Iterator[int]:
    """The 64-bit numbers in the extra field of an entry."""
    place = 0
    while place + EXTRA.size <= len(extra):
        kind, length = EXTRA.unpack_from(extra, place)
        place += EXTRA.size
        if kind == WIDE_FIELD:
            for at in range(place, min(place + length, len(extra)) - WIDE.size + 1, WIDE.size):
                yield WIDE.unpack_from(extra, at)[0]
            return
        place += length


def _check_names(entries: list[Entry]) -> None:
    names = [entry.name for entry in entries]
    for name in names:
        parts = re.split(r"[/\\]", name)
        if name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0] or "\\" in name or "\0" in name:
            raise Refusal(f"has an entry {shown(name)} that points out of the archive; it was made to do harm")
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise Refusal(f"has two entries named {shown(twice[0])}; PyTorch writes none twice")
    if not any(name.endswith("/data.pkl") and name.count("/") == 1 for name in names):
        raise Refusal("is a zip archive but no PyTorch file; if there is a .pth in it, unpack it and import that")
    for name in names:
        if KNOWN.fullmatch(name) is None or name.partition("/")[0] != names[0].partition("/")[0]:
            raise Refusal(f"has an entry {shown(name)} that PyTorch does not write into weight files")


def _check_places(source: Source, entries: list[Entry]) -> dict[str, int]:
    """Where the bytes of each entry begin; no two may share any."""
    places = {}
    free = 0
    for entry in sorted(entries, key=lambda one: one.header):
        header = source.read(entry.header, LOCAL.size)
        mark, _, _, method, _, _, _, _, _, name_bytes, extra_bytes = LOCAL.unpack(header)
        name = source.read(entry.header + LOCAL.size, name_bytes)
        if mark != LOCAL_MARK or method != STORED or name != entry.name.encode():
            raise Refusal(f"is damaged: its directory and its entry {shown(entry.name)} do not agree")
        place = entry.header + LOCAL.size + name_bytes + extra_bytes
        if entry.header < free or place + entry.size > source.size:
            raise Refusal(f"is damaged: its entry {shown(entry.name)} reaches beyond its own place")
        free = place + entry.size
        places[entry.name] = place
    return places
