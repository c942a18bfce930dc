"""A live session on a private sound server, as tests use it: a tone goes in, and comes out at another level."""

import multiprocessing
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from rtvc.library import Voice
from rtvc.session import Session, SessionOptions
from rtvc.status import State
from tests.pulse_server import RATE, PulseServer, wait_until

TONE = 1000  # Hz, a whole number of times in each piece
SPOKEN = 0.2
CONVERTED = 0.1
GAIN_DB = 20 * np.log10(CONVERTED / SPOKEN)
PIECE = RATE // 20
PATIENCE = 60.0  # seconds; a busy machine takes its time


def tone(seconds: float, level: float = SPOKEN) -> np.ndarray:
    return (level * np.sin(2 * np.pi * TONE * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def tone_levels(samples: np.ndarray) -> np.ndarray:
    """The tone's amplitude in each whole 50 ms."""
    pieces = samples[: len(samples) // PIECE * PIECE].reshape(-1, PIECE)
    wave = np.exp(-2j * np.pi * TONE * np.arange(PIECE) / RATE)
    return np.asarray(2 * np.abs(pieces @ wave) / PIECE)


def toy_voice(folder: Path = Path(), **card: Any) -> Voice:
    return Voice("toy", {"name": "toy", "family": "passthrough", **card}, folder, None)


def lags(heard: np.ndarray) -> list[float]:
    """Seconds from each click in a loop to its return: the lag at which its noise is most like what follows."""
    loud = np.flatnonzero(np.abs(heard) > 0.02)
    starts = loud[np.flatnonzero(np.diff(loud, prepend=-RATE) > RATE // 2)]
    found = []
    for start in starts:
        piece, later = heard[start : start + RATE // 20], heard[start + RATE // 50 : start + RATE]
        product = np.correlate(later, piece, "valid")
        found.append((int(np.argmax(np.abs(product))) + RATE // 50) / RATE)
    return found


def process_id(name: str) -> int:
    """Of the newest of our processes with this name."""
    found = [child.pid for child in multiprocessing.active_children() if child.name == name]
    assert found, f"no {name}"
    return int(found[-1] or 0)


class LivePath:
    """A running session between `rtvc_mic` and `rtvc_out`, with a tone at the microphone."""

    def __init__(self, server: PulseServer, loader: str | None = None, **changes: Any) -> None:
        self.server = server
        self.session = Session(loader) if loader else Session()
        self.options = SessionOptions(
            **{
                "voice": toy_voice(),
                "input": "rtvc_mic",
                "output": "rtvc_out",
                "values": {"gain_db": GAIN_DB, "gate_db": -90.0},
                "device": "cpu",
                **changes,
            }
        )
        self.player = server.play(tone(1.0))

    def __enter__(self) -> Self:
        self.session.start(self.options)
        self.wait_for(State.RUNNING)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()
        self.player.stop()

    def speak_again(self) -> None:
        """Begin the tone anew, for a server that was away."""
        self.player.stop()
        self.player = self.server.play(tone(1.0))

    def wait_for(self, state: State) -> None:
        wait_until(
            lambda: self._state() is state,
            PATIENCE,
            f"the session is {state.value}",
            lambda: str(self.session.status()),
        )

    def heard(self, source: str = "rtvc_out.monitor", seconds: float = 0.5) -> np.ndarray:
        """The tone's levels in what is played from now on."""
        recording = self.server.record(source)
        try:
            wait_until(lambda: len(recording.samples) >= seconds * RATE, PATIENCE, f"{source} is recorded")
        finally:
            samples = recording.stop()
        return tone_levels(samples[-int(seconds * RATE) :])

    def is_heard(self, level: float = CONVERTED, source: str = "rtvc_out.monitor") -> bool:
        """Whether nothing but the tone at this level is played for half a second."""
        return bool(np.allclose(self.heard(source), level, rtol=0.1, atol=1e-3))

    def wait_until_heard(self, level: float = CONVERTED, source: str = "rtvc_out.monitor") -> None:
        wait_until(
            lambda: self.is_heard(level, source),
            PATIENCE,
            f"{source} plays the tone at {level}",
            lambda: f"{self.heard(source)} {self.session.status()}",
        )

    def _state(self) -> State:
        state = self.session.status().state
        assert state is not State.FAILED, self.session.status().message
        return state
