"""The last five minutes of a session's counters, and where they are kept for afterwards."""

import json
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import platformdirs

from rtvc.status import Status

EVERY, KEPT = 1.0, 300.0  # seconds
LAST_SESSION = "last_session.jsonl"

Row = Mapping[str, Any]


class History:
    """A row each second, the oldest of which are forgotten."""

    def __init__(self) -> None:
        self._rows: deque[Row] = deque(maxlen=round(KEPT / EVERY))
        self._noted = float("-inf")

    @property
    def rows(self) -> list[Row]:
        """All that is remembered, oldest first; for any thread."""
        return list(self._rows)

    def is_due(self, now: float) -> bool:
        """Whether a second has passed since the last row."""
        return now - self._noted >= EVERY

    def note(self, status: Status, now: float) -> None:
        """Remember a snapshot, at a monotonic time."""
        self._noted = now
        self._rows.append(
            {
                "seconds": round(status.seconds, 1),
                "state": status.state.value,
                "message": status.message,
                "voice": status.voice,
                "delay_ms": {name: round(seconds * 1000, 1) for name, seconds in status.delay.items()},
                "load": [round(value, 3) for value in status.load],
                "late": status.late,
                "lost": status.lost,
                "skipped": status.skipped,
                "recoveries": status.recoveries,
                "nan": status.nan,
                "drift_ppm": round(status.drift_ppm, 1),
                "levels": [round(status.level_in, 4), round(status.level_out, 4)],
            }
        )


def log_folder() -> Path:
    """Return where the program writes what it has to say for reports."""
    return Path(platformdirs.user_log_dir("rtvc", appauthor=False))


def keep(rows: Sequence[Row], folder: Path | None = None) -> None:
    """Write the rows of a session that ends for a later diagnosis; where that cannot be, there is none."""
    folder = log_folder() if folder is None else folder
    if not rows:
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / LAST_SESSION).write_text(as_lines(rows), encoding="utf-8")


def as_lines(rows: Sequence[Row]) -> str:
    """Return rows as lines of JSON."""
    return "".join(json.dumps(dict(row), ensure_ascii=False) + "\n" for row in rows)
