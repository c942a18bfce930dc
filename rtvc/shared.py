"""Numbers that the processes of a session show each other: one block of memory, one writer for each group."""

from multiprocessing.shared_memory import SharedMemory

LANES = 2
"""Engines that may run at a time, each with two rings and a group of its own: one is heard, one may take over."""

SESSION = ("mute", "margin", "lane", "aim", "monitor_mute")
"""Written by the session: mute (0 or 1) of all and of the monitor alone, margin in seconds, the lane that is to be
heard, and the slack in seconds that is to be steered to exactly, 0 where that is the margin and need not be exact."""

AUDIO = (
    "beat",  # when the process's loop last ran, on the monotonic clock
    "input_open",  # 1 while samples of the microphone arrive
    "output_open",  # 1 while the output takes samples
    "input_rate",
    "output_rate",
    "input_block",  # seconds
    "output_block",
    "input_wait",  # seconds from the sound to the callback, for a block's newest sample
    "output_wait",  # seconds from the callback to the sound, for a block's first sample
    "late",
    "lost",
    "level_in",
    "level_out",
    "slack",  # seconds that the last hop could have come later, least of the last stretch
    "slack_count",  # stretches measured
    "played",  # seconds of converted sound played
    "fed",  # samples of a recording in place of the microphone that have been handed over
    "ended",  # 1 when it has been heard to its end
    "lane",  # the one that is played
)
ENGINE = (
    "beat",
    "ready",  # 1 while hops are converted
    "epoch",  # counts the streams opened on any lane, so that others know when a new one begins
    "hop",  # seconds
    "hops",
    "p50",
    "p95",
    "p99",
    "compute",  # seconds for one hop
    "skipped",
    "nan",
    "drift_ppm",
    "input_resampler",
    "look_ahead",
    "output_resampler",
    "input_fill",  # seconds that samples wait in ring A, on average
    "output_fill",  # and in ring B
)
LINE = 8  # numbers in a cache line


def _lines(names: tuple[str, ...]) -> int:
    """Numbers that a group takes, whole cache lines."""
    return -(-len(names) // LINE) * LINE


SIZE = 8 * sum(map(_lines, (SESSION, AUDIO, *LANES * [ENGINE])))


class Fields:
    """A group of named numbers; its one writer sets them, everybody reads."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._places = {name: place for place, name in enumerate(names)}
        self._numbers = memoryview(bytearray(8 * len(names))).cast("d")

    def __getitem__(self, name: str) -> float:
        """Return the number as it is now, or as it was last."""
        try:
            return self._numbers[self._places[name]]
        except ValueError:  # closed by another thread at this very moment
            return self._numbers[self._places[name]]

    def __setitem__(self, name: str, value: float) -> None:
        """Show a new number."""
        self._numbers[self._places[name]] = value

    def add(self, name: str, amount: float) -> None:
        """Count up."""
        self._numbers[self._places[name]] += amount

    def show(self, numbers: "memoryview[float]") -> None:
        """Be a view of these numbers from now on."""
        before, self._numbers = self._numbers, numbers
        before.release()


class SharedStatus:
    """The groups `session`, `audio` and an `engine` for each lane in one block of shared memory.

    `engine` is that of `lane`, the one that an engine process works on.
    """

    def __init__(self, memory: SharedMemory, is_owner: bool, lane: int = 0) -> None:
        self._memory = memory
        self._is_owner = is_owner
        self.lane = lane
        self.session, self.audio = Fields(SESSION), Fields(AUDIO)
        self.lanes = tuple(Fields(ENGINE) for _ in range(LANES))
        self.engine = self.lanes[lane]
        self._groups = ((self.session, SESSION), (self.audio, AUDIO), *((one, ENGINE) for one in self.lanes))
        self._show(memory.buf)

    @classmethod
    def create(cls) -> "SharedStatus":
        """Return a block of zeros; `close` by its maker frees the memory."""
        return cls(SharedMemory(create=True, size=SIZE), is_owner=True)

    @classmethod
    def attach(cls, name: str, lane: int = 0) -> "SharedStatus":
        """Return the block that another process created; raises FileNotFoundError when it is gone."""
        return cls(SharedMemory(name=name), is_owner=False, lane=lane)

    @property
    def played(self) -> Fields:
        """The group of the engine that is heard."""
        return self.lanes[int(self.audio["lane"])]

    @property
    def name(self) -> str:
        """What `attach` takes."""
        return self._memory.name

    def close(self) -> None:
        """Keep the last numbers, let go of the memory and free it if it is ours; safe to call again."""
        if self._memory.buf is not None:
            self._show(memoryview(bytearray(self._memory.buf)))
        self._memory.close()
        if self._is_owner:
            self._is_owner = False
            self._memory.unlink()

    def _show(self, buffer: "memoryview[int] | None") -> None:
        numbers, start = memoryview(buffer or b"").cast("d"), 0
        for group, names in self._groups:
            group.show(numbers[start : start + len(names)])
            start += _lines(names)
