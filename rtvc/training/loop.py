"""What every training run shares: time budget, learning-rate plan, checkpoints that resume, a progress line."""

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import torch
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from rtvc.errors import RtvcError

SAVE_EVERY_S = 60.0
SHOW_EVERY = 50
LONGEST_STEP_S = 30.0
"""What a step may add to the time spent; beyond it the process was stopped or the computer asleep."""


@dataclass
class Run:
    """Progress of one run: steps taken and seconds of training spent so far, kept across resumes."""

    folder: Path
    minutes: float
    step: int = 0
    spent: float = 0.0
    decay: float = 0.3
    warm_up: int = 80

    @property
    def progress(self) -> float:
        """Share of the time budget that is spent, 0 to 1."""
        return min(self.spent / (60.0 * self.minutes), 1.0)

    def rate(self, peak: float) -> float:
        """Learning rate: warm-up, plateau, linear decay to 3 % over the last `decay` of the budget."""
        warm = min(1.0, (self.step + 1) / self.warm_up)
        fall = max(0.0, (self.progress - (1 - self.decay)) / self.decay)
        return peak * warm * (1.0 - 0.97 * fall)

    @property
    def checkpoint(self) -> Path:
        """Where the resumable state lies."""
        return self.folder / "checkpoint.pt"

    def log(self, entry: Mapping[str, Any]) -> None:
        """Append one line to the run's log."""
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as out:
            out.write(json.dumps({"step": self.step, "minutes": round(self.spent / 60, 2), **entry}) + "\n")


def follow(slow: torch.nn.Module, fast: torch.nn.Module, keep: float) -> None:
    """Move averaged parameters a little towards the trained ones."""
    with torch.no_grad():
        for average, new in zip(slow.parameters(), fast.parameters(), strict=True):
            average.lerp_(new, 1 - keep)


def save(path: Path, state: Mapping[str, Any]) -> None:
    """Write a training checkpoint in one move, so that a kill leaves the old one whole."""
    partial = path.with_suffix(".partial")
    torch.save(dict(state), partial)
    os.replace(partial, path)


class Display(Protocol):
    """Who wants to know how a run goes; every argument of `show` is of the last steps, `part` of the budget."""

    def show(self, part: float, step: int, means: Mapping[str, float]) -> None:
        """Tell the progress, and the mean losses."""


class ConsoleDisplay:
    """A line on stderr with a bar, on terminals only."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task("training", total=1.0)

    def __enter__(self) -> "ConsoleDisplay":
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._bar.stop()

    def show(self, part: float, step: int, means: Mapping[str, float]) -> None:
        """Move the bar."""
        words = " ".join(f"{name} {value:.3f}" for name, value in means.items())
        self._bar.update(self._task, completed=part, description=f"step {step} {words}")


def train(
    run: Run,
    step: Callable[[], Mapping[str, float]],
    parts: Mapping[str, Any],
    evaluate: Callable[[], Mapping[str, float]] | None = None,
    evaluate_every_s: float = 300.0,
) -> None:
    """Call `step` until the time budget is spent; `parts` (state_dict/load_state_dict) are saved and resumed."""
    with ConsoleDisplay() as display:
        advance(run, step, parts, display, evaluate, evaluate_every_s)


def advance(
    run: Run,
    step: Callable[[], Mapping[str, float]],
    parts: Mapping[str, Any],
    display: Display,
    evaluate: Callable[[], Mapping[str, float]] | None = None,
    evaluate_every_s: float = 300.0,
    is_cancelled: Callable[[], bool] = lambda: False,
    show_every: int = SHOW_EVERY,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Do as `train`, telling `display`, and stop early, saved, once `is_cancelled`."""
    run.folder.mkdir(parents=True, exist_ok=True)
    if run.checkpoint.exists():
        _resume(run, parts)
    saved = evaluated = shown = clock()
    sums: dict[str, float] = {}
    while run.progress < 1.0 and not is_cancelled():
        began = clock()
        for name, value in step().items():
            sums[name] = sums.get(name, 0.0) + value
        run.step += 1
        now = clock()
        run.spent += min(now - began, LONGEST_STEP_S)
        if run.step % show_every == 0:
            means = {name: round(total / show_every, 4) for name, total in sums.items()}
            sums = {}
            run.log({**means, "step_ms": round(1e3 * (now - shown) / show_every, 1)})
            shown = now
            display.show(run.progress, run.step, means)
        if evaluate and (now - evaluated > evaluate_every_s or run.progress >= 1.0):
            run.log(dict(evaluate()))
            evaluated = clock()
        if now - saved > SAVE_EVERY_S:
            _save(run, parts)
            saved = clock()
    _save(run, parts)


def _save(run: Run, parts: Mapping[str, Any]) -> None:
    state = {name: part.state_dict() for name, part in parts.items()}
    save(run.checkpoint, {"step": run.step, "spent": run.spent, "parts": state})


def _resume(run: Run, parts: Mapping[str, Any]) -> None:
    state = torch.load(run.checkpoint, map_location="cpu", weights_only=True)
    if parts.keys() != state["parts"].keys():
        raise RtvcError(f"{run.checkpoint} is of another kind of training; move it away, or train as it was")
    run.step, run.spent = state["step"], state["spent"]
    for name, part in parts.items():
        part.load_state_dict(state["parts"][name])
