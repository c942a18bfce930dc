"""The loop that every training shares."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rtvc.training.loop import LONGEST_STEP_S, Run, advance


class Quiet:
    """Nobody watches."""

    def show(self, part: float, step: int, means: Mapping[str, float]) -> None:
        """Show nothing."""


class Counter:
    """A part of a training that only counts."""

    def __init__(self) -> None:
        self.count = 0

    def step(self) -> dict[str, float]:
        """Count."""
        self.count += 1
        return {"count": float(self.count)}

    def state_dict(self) -> dict[str, int]:
        """Return the count."""
        return {"count": self.count}

    def load_state_dict(self, state: Mapping[str, int]) -> None:
        """Go on from a count."""
        self.count = state["count"]


def clock(*moments: float) -> Callable[[], float]:
    """A clock that gives these moments, and then the last one for ever."""
    left = list(moments)
    return lambda: left.pop(0) if len(left) > 1 else left[0]


def test_hours_in_which_the_computer_slept_are_not_counted_as_training(tmp_path: Path) -> None:
    run, counter = Run(tmp_path, minutes=1.0), Counter()
    times = clock(0, 0, 10, 10, 7210, 7210, 7210, 7250)
    advance(run, counter.step, {"counter": counter}, Quiet(), clock=times)
    assert counter.count == 3
    assert run.spent == 10 + LONGEST_STEP_S + LONGEST_STEP_S


def test_a_training_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    first = Counter()
    run = Run(tmp_path, 1.0)
    advance(
        run,
        first.step,
        {"counter": first},
        Quiet(),
        is_cancelled=lambda: first.count == 2,
        clock=clock(0, 0, 20, 20, 40),
    )
    again, run = Counter(), Run(tmp_path, 1.0)
    advance(run, again.step, {"counter": again}, Quiet(), clock=clock(0, 0, 20, 20))
    assert again.count == 3
    assert (run.step, run.spent) == (3, 60.0)
