"""Progress of long work for people; a program or a file that reads along sees the sentences only."""

import sys
from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn


class ProgressBar:
    """A bar on stderr while its block runs; `total` in any unit."""

    def __init__(self, words: str, total: float) -> None:
        console = Console(stderr=True, highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
        self._task = self._progress.add_task(words, total=total)
        self._total = total

    def __enter__(self) -> "ProgressBar":
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._progress.stop()

    def advance(self, amount: float) -> None:
        """Move the bar on by a part of the total."""
        self._progress.advance(self._task, amount)

    def reach(self, words: str, fraction: float) -> None:
        """Say what is being done, and move the bar to a fraction of the total."""
        self._progress.update(self._task, description=escape(words), completed=fraction * self._total)

    def rename(self, words: str) -> None:
        """Say what is being done now."""
        self._progress.update(self._task, description=escape(words))

    def tell(self, sentence: str) -> None:
        """Print a sentence on stderr, above the bar."""
        if self._progress.disable:
            print(f"rtvc: {sentence}", file=sys.stderr)
        else:
            self._progress.console.print(f"rtvc: {escape(sentence)}", soft_wrap=True)
