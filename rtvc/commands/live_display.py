"""The display of a live session on a terminal, and its milestones anywhere else."""

import sys
from types import TracebackType
from typing import Self

from rtvc.commands.live_line import live_line
from rtvc.status import State, Status


class LiveDisplay:
    """One line on stderr that follows the session; a log file gets a line per change of state or message."""

    def __init__(self) -> None:
        from rich.console import Console  # late: the session's processes begin meanwhile
        from rich.live import Live

        self._console = Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)
        self._told: tuple[State, str] | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._live.stop()

    def show(self, status: Status) -> None:
        """Show a snapshot."""
        if self._console.is_terminal:
            from rich.text import Text

            self._live.update(Text(live_line(status), no_wrap=True, overflow="ellipsis"), refresh=True)
        elif self._told != (status.state, status.message):
            self._told = status.state, status.message
            print(f"rtvc: {status.state.value}{': ' if status.message else ''}{status.message}", file=sys.stderr)
