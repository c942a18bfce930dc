"""Samples from one process to another through shared memory."""

from functools import cached_property
from multiprocessing.shared_memory import SharedMemory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rtvc.resample import Samples

LINE = 64  # bytes of a cache line: each counter has one of its own
HEADER = 2 * LINE


class Ring:
    """One writer, one reader, no locks.

    The writer alone moves `written`, the reader alone moves `read`; each is updated after the samples are in
    place, so the other side never sees half a block. Neither side ever waits: what does not fit is dropped and
    counted by the writer, what is not there is left to the reader to replace.
    """

    def __init__(self, memory: SharedMemory, is_owner: bool) -> None:
        self._memory = memory
        self._is_owner = is_owner
        buffer = memoryview(memory.buf or b"")
        self._written = buffer[:8].cast("q")
        self._read = buffer[LINE : LINE + 8].cast("q")
        self.capacity = (memory.size - HEADER) // 4

    @classmethod
    def create(cls, capacity: int) -> "Ring":
        """Return an empty ring for at least `capacity` samples; `close` by its maker frees the memory."""
        memory = SharedMemory(create=True, size=HEADER + 4 * capacity)
        ring = cls(memory, is_owner=True)
        return ring

    @classmethod
    def attach(cls, name: str) -> "Ring":
        """Return the ring that another process created; raises FileNotFoundError when it is gone."""
        return cls(SharedMemory(name=name), is_owner=False)

    @property
    def name(self) -> str:
        """What `attach` takes."""
        return self._memory.name

    @property
    def fill(self) -> int:
        """Samples waiting to be read."""
        return self._written[0] - self._read[0]

    @property
    def written(self) -> int:
        """Samples written since the ring was made."""
        return self._written[0]

    def write(self, samples: "Samples") -> int:
        """Append samples [n]; return how many of the last ones found no room and are lost."""
        start = self._written[0]
        count = min(len(samples), self.capacity - (start - self._read[0]))
        place = start % self.capacity
        first = min(count, self.capacity - place)
        self._samples[place : place + first] = samples[:first]
        self._samples[: count - first] = samples[first:count]
        self._written[0] = start + count
        return len(samples) - count

    def read_into(self, samples: "Samples") -> int:
        """Fill the beginning of samples [n]; return how many at the end were late and stay as they are."""
        count = self.peek_into(samples)
        self._read[0] += count
        return len(samples) - count

    def peek_into(self, samples: "Samples") -> int:
        """Copy what `read_into` would read without taking it; return how many samples that is."""
        start = self._read[0]
        count = min(len(samples), self._written[0] - start)
        place = start % self.capacity
        first = min(count, self.capacity - place)
        samples[:first] = self._samples[place : place + first]
        samples[first:count] = self._samples[: count - first]
        return count

    def skip(self, count: int) -> int:
        """Throw away up to `count` samples unread; return how many there were."""
        count = min(count, self.fill)
        self._read[0] += count
        return count

    def close(self) -> None:
        """Let go of the memory, and free it if this process created it; safe to call again."""
        self.__dict__.pop("_samples", None)
        for counter in (self._written, self._read):
            counter.release()
        self._written = self._read = memoryview(bytearray(8)).cast("q")
        self._memory.close()
        if self._is_owner:
            self._is_owner = False
            self._memory.unlink()

    @cached_property
    def _samples(self) -> "Samples":
        import numpy as np  # late: whoever only makes a ring for others does without

        return np.ndarray(self.capacity, np.float32, self._memory.buf, HEADER)
