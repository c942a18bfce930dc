"""What a weight file says of its tensors, before any number of them is read."""

from dataclasses import dataclass
from math import prod

KINDS: dict[str, tuple[str, int]] = {
    "HalfStorage": ("float16", 2),
    "BFloat16Storage": ("bfloat16", 2),
    "FloatStorage": ("float32", 4),
    "DoubleStorage": ("float64", 8),
    "ByteStorage": ("uint8", 1),
    "CharStorage": ("int8", 1),
    "ShortStorage": ("int16", 2),
    "IntStorage": ("int32", 4),
    "LongStorage": ("int64", 8),
    "BoolStorage": ("bool", 1),
}
"""Types of numbers and their bytes, by the name of torch's storage."""


@dataclass(frozen=True)
class Storage:
    """A row of numbers elsewhere in the file: their type, its key, how many."""

    kind: str
    key: str
    count: int

    @property
    def size(self) -> int:
        """Bytes of one number."""
        return next(size for kind, size in KINDS.values() if kind == self.kind)


@dataclass(frozen=True)
class TensorFact:
    """What a tensor is made of; none of its numbers has been read."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def count(self) -> int:
        """Numbers in the tensor."""
        return prod(self.shape)
