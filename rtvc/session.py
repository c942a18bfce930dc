"""One live run: what is wanted, and the door through which a window or a command drives it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rtvc.library import Voice
from rtvc.status import Status


@dataclass(frozen=True)
class SessionOptions:
    """What a session is to do; times in seconds.

    `input` is the exact name of a device, the path of a recording to play in its place, or None for the default
    device; `output` the exact name of a device or None for no sound at all (the clock then sets the pace).
    `monitor` is a second output. `record` is a WAV file of what is played.
    """

    voice: Voice
    input: str | Path | None = None
    output: str | None = None
    monitor: str | None = None
    record: Path | None = None
    hop: float = 0.02
    margin: float = 0.03
    block: float = 0.01
    values: Mapping[str, float] = field(default_factory=dict)
    device: str = "auto"
    threads: int = 1


class Session:
    """A live session: starts its processes, watches them and mends what breaks.

    Every method returns at once, except `stop` and `close`, which wait a few seconds at most.
    """

    def start(self, options: SessionOptions) -> None:
        """Begin; the state is LOADING, then RUNNING, or FAILED with a message. A session that runs is stopped first."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the run and wait until its devices are free; IDLE afterwards."""
        raise NotImplementedError

    def set_value(self, name: str, value: float) -> None:
        """Set a control of the voice, heard with the next hop; RtvcError with the nearest match for an unknown one."""
        raise NotImplementedError

    def set_mute(self, muted: bool) -> None:
        """Fade all outputs to silence or back."""
        raise NotImplementedError

    def set_passthrough(self, passthrough: bool) -> None:
        """Crossfade to the microphone's own sound, at the same delay, or back to the voice."""
        raise NotImplementedError

    def set_margin(self, margin: float) -> None:
        """Change the spare time in seconds while running."""
        raise NotImplementedError

    def set_hop(self, hop: float) -> None:
        """Change the hop in seconds; the engine reopens its stream, a moment of silence."""
        raise NotImplementedError

    def status(self) -> Status:
        """Return a snapshot; cheap, for any thread."""
        raise NotImplementedError

    def stats(self) -> dict[str, Any]:
        """Return the run's figures for a file: delay in ms with its parts, load, counters, drift, seconds."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop and let go of everything; safe to call again."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()
