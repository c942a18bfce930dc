"""What is done where memory does not suffice, in its order."""

from collections.abc import Callable

import pytest
import torch

from models.memory_ladder import MemoryLadder, Rung, is_out_of_memory, on_processor


def work(shortages: int) -> Callable[[], str]:
    """Work that runs out of memory so many times."""
    left = [shortages]

    def run() -> str:
        if left[0]:
            left[0] -= 1
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return "done"

    return run


def ladder(halvings: int) -> MemoryLadder:
    left = [halvings]

    def halve() -> bool:
        left[0] -= 1
        return left[0] >= 0

    return MemoryLadder((Rung("emptied", lambda: True, passing=True), Rung("halved", halve)), "gave up")


@pytest.mark.parametrize(
    ("shortages", "result", "counts"),
    [
        (0, "done", {}),
        (1, "done", {"emptied": 1}),
        (3, "done", {"emptied": 1, "halved": 2}),
        (9, None, {"emptied": 1, "halved": 2, "gave up": 1}),
    ],
)
def test_each_shortage_takes_one_rung(shortages: int, result: str | None, counts: dict[str, int]) -> None:
    steps = ladder(halvings=2)

    assert steps.run(work(shortages)) == result
    assert dict(steps.counts) == counts


def test_next_shortage_begins_at_the_top_again() -> None:
    steps = ladder(halvings=2)
    for _ in range(3):
        steps.run(work(1))

    assert steps.remarks == ("memory was short: emptied (3 times)",)


def test_other_errors_are_none_of_its_business() -> None:
    def mistaken() -> None:
        raise RuntimeError("shapes do not match")

    with pytest.raises(RuntimeError, match="shapes"):
        ladder(2).run(mistaken)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), True),
        (MemoryError(), True),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to"), True),
        (RuntimeError("CUDA error: device-side assert triggered"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_shortage_is_known_by_its_class_or_words(error: Exception, expected: bool) -> None:
    assert is_out_of_memory(error) is expected


def test_nested_state_keeps_its_form() -> None:
    state = [(torch.ones(1), [torch.zeros(2)]), 3]

    assert on_processor(state)[0][1][0].shape == (2,)
    assert on_processor(state)[1] == 3
