"""What a stream does when memory does not suffice: one thing after another, and what it has heard is not lost.

Each step down is taken only where the one before did not help, is counted, and is told in words.
"""

import gc
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import Tensor

T = TypeVar("T")
WORDS = ("allocate memory", "out of memory", "not enough memory")
"""In errors of allocators that have no class of their own."""


@dataclass(frozen=True)
class Rung:
    """One way to do with less: `take` says whether it changed anything; `words` end a sentence about memory.

    One that is `passing` helps once and is tried again at the next shortage; others last.
    """

    words: str
    take: Callable[[], bool]
    passing: bool = False


def is_out_of_memory(error: Exception) -> bool:
    """Return whether an error says that memory did not suffice, on a graphics card or for the processor."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error).lower() for words in WORDS)


def free_cache() -> bool:
    """Give back what is held without need, on the graphics card and by the program."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return True


def on_processor(value: Any) -> Any:
    """Return tensors, and lists and tuples of them however deep, in the processor's memory."""
    if isinstance(value, Tensor):
        return value.cpu()
    if isinstance(value, list):
        return [on_processor(part) for part in value]
    if isinstance(value, tuple):
        parts = [on_processor(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


class MemoryLadder:
    """Runs work, and goes down its rungs while the work runs out of memory; `last_words` tell that none was left."""

    def __init__(self, rungs: Sequence[Rung], last_words: str) -> None:
        self._rungs, self._last_words = tuple(rungs), last_words
        self.counts: Counter[str] = Counter()

    def run(self, work: Callable[[], T]) -> T | None:
        """Return what the work does, which is begun anew after each rung; None where no rung is left."""
        tried: set[str] = set()
        while True:
            try:
                return work()
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            rung = next((one for one in self._rungs if self._helps(one, tried)), None)
            self.counts[rung.words if rung else self._last_words] += 1
            if rung is None:
                return None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was done so far, a sentence for each rung in the order in which they were first taken."""
        return tuple(
            f"memory was short: {words}" + (f" ({count} times)" if count > 1 else "")
            for words, count in self.counts.items()
        )

    def _helps(self, rung: Rung, tried: set[str]) -> bool:
        """Take a rung, unless it was tried in vain for this work."""
        if rung.passing:
            if rung.words in tried:
                return False
            tried.add(rung.words)
        return rung.take()
