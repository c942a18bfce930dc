"""What a live session is doing, as plain facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

DELAY_PARTS = (
    "input_block",
    "input_resampler",
    "hop",
    "look_ahead",
    "output_resampler",
    "output_block",
    "device",
    "margin",
    "compute",
)


class State(Enum):
    """Where a session is in its life.

    IDLE -> LOADING -> RUNNING -> STOPPING -> IDLE; RECOVERING while a fault of the world is being mended;
    FAILED when that cannot be, or the start could not.
    """

    IDLE = "idle"
    LOADING = "loading"
    RUNNING = "running"
    RECOVERING = "recovering"
    STOPPING = "stopping"
    FAILED = "failed"


class Delay(dict[str, float]):
    """Seconds from the microphone to the speaker, by part (DELAY_PARTS); measured while running."""

    @property
    def total(self) -> float:
        """All parts together."""
        return sum(self.values())


class Load(NamedTuple):
    """Time of computing over time of sound for the last minute's hops; above 1 is too slow."""

    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0


class Timing(NamedTuple):
    """The clockwork of the stream that is heard, as last measured; times in seconds.

    `epoch` counts the streams opened and `is_ready` is whether the present one converts. `slack` is by how much the
    last hop could have come later, the least of a stretch of half a second, `stretches` counts those.
    """

    epoch: int = 0
    is_ready: bool = False
    hop: float = 0.0
    slack: float = 0.0
    stretches: int = 0
    late: int = 0
    load: Load = Load()


class Levels(NamedTuple):
    """What changes with every sound; levels are linear peaks."""

    state: State = State.IDLE
    level_in: float = 0.0
    level_out: float = 0.0


@dataclass(frozen=True)
class Status:
    """One look at a session; levels are linear peaks, counters count from the start of the session.

    `late` counts hops that came too late and were heard as a fade to silence, `lost` blocks of the microphone that
    found no room, `skipped` hops left out to bring the delay back, `recoveries` faults mended unaided, `faults`
    the faults by kind, `nan` pieces of the model's output that were no numbers. `message` says in words what is
    wrong, or what was; empty when nothing is. `learned` is what the voice found out about the talker.
    """

    state: State = State.IDLE
    message: str = ""
    delay: Delay = field(default_factory=Delay)
    load: Load = Load()
    late: int = 0
    lost: int = 0
    skipped: int = 0
    recoveries: int = 0
    nan: int = 0
    drift_ppm: float = 0.0
    seconds: float = 0.0
    level_in: float = 0.0
    level_out: float = 0.0
    learned: Mapping[str, float] = field(default_factory=dict)
    faults: Mapping[str, int] = field(default_factory=dict)
    muted: bool = False
    passthrough: bool = False
    input: str = ""
    output: str = ""
    recording_fault: str = ""
    """Why the recording of what is played has stopped, empty while it goes on or was not wanted."""
    voice: str = ""
    """The name of the voice that speaks, or is to speak first."""
    coming: str = ""
    """The name of the voice that is being loaded to take over, empty where none is."""
    voice_fault: str = ""
    """Why the voice that was to take over does not, empty where nothing is wrong."""
    monitor_muted: bool = False
    """Whether the monitor is silent, by choice or because the microphone heard it, as `message` then says."""
    held_total: float = 0.0
    """The whole delay in seconds that is held, 0 where none was chosen."""
    ended: bool = False
    """Whether a session fed from a file has heard the whole file and played it."""
