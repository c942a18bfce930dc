"""A sound played at one device and heard at another, in a process of its own, which can be ended if it hangs."""

from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from time import monotonic

import numpy as np

from rtvc.child import STOP, Child, begin, hear, quiet_libraries
from rtvc.errors import DeviceError
from rtvc.port import HungError
from rtvc.resample import Samples
from rtvc.streams import SoundLibrary, Wish

BLOCK = 0.01  # seconds
TICK = 0.02
STARTING_SECONDS = 20.0  # a process on a busy machine takes its time
LAZY_SECONDS = 5.0  # that its devices may stay behind the clock


@dataclass(frozen=True)
class Exchange:
    """What is to be played and heard: exact names, mono samples [n], `seconds` heard from the first block on."""

    output: str
    input: str
    rate: int
    samples: Samples
    seconds: float
    has_server: bool


def play_and_hear(exchange: Exchange, is_cancelled: Callable[[], bool] = lambda: False) -> Samples:
    """Play a sound and return what was heard [m] meanwhile, empty where it was cancelled; DeviceError in one sentence.

    Playing begins when the microphone's first block has come.
    """
    child = Child("loop-back", run_exchange, exchange)
    deadline = monotonic() + exchange.seconds + STARTING_SECONDS
    try:
        while not is_cancelled():
            for word, content in child.messages():
                if word == "failed":
                    raise DeviceError(content)
                return np.asarray(content, np.float32)
            if monotonic() > deadline or not child.is_alive:
                raise DeviceError(f"{exchange.output} and {exchange.input} did not pass any sound in time")
            child.wait(TICK)
        return np.zeros(0, np.float32)
    finally:
        child.kill()


def run_exchange(exchange: Exchange, connection: Connection) -> None:
    """Be the process of one exchange."""
    begin()
    quiet_libraries()
    try:
        library = SoundLibrary(exchange.has_server)
        connection.send(("heard", _Exchanging(exchange).run(library, connection)))
    except DeviceError as error:
        connection.send(("failed", str(error)))
    except HungError:
        connection.send(("failed", f"{exchange.output} or {exchange.input} hangs"))


class _Exchanging:
    """The two callbacks of an exchange."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._place = 0
        self._heard: list[Samples] = []
        self._count = 0

    def run(self, library: SoundLibrary, connection: Connection) -> Samples:
        """Open both streams and return what was heard [m]; DeviceError where one does not open or nothing comes."""
        wanted, rate = self._exchange, self._exchange.rate
        block = round(BLOCK * rate)
        hearing = library.open_input(Wish("loop-back input", wanted.input, rate, block), self._on_input)
        playing = library.open_output(Wish("loop-back output", wanted.output, rate, block), self._on_output)
        deadline = monotonic() + wanted.seconds + LAZY_SECONDS
        while self._count < wanted.seconds * rate:
            if monotonic() > deadline:
                raise DeviceError(f"{wanted.input} gives no sound")
            if hear(connection, TICK) == (STOP,):
                break
        for stream in (playing, hearing):
            stream.close()
        return np.concatenate(self._heard) if self._heard else np.zeros(0, np.float32)

    def _on_input(self, samples: Samples, now: float, missed: bool) -> None:
        self._heard.append(samples.copy())
        self._count += len(samples)

    def _on_output(self, out: Samples, now: float, missed: bool) -> None:
        piece = self._exchange.samples[self._place : self._place + len(out)] if self._heard else out[:0]
        self._place += len(piece)
        out[: len(piece)] = piece
        out[len(piece) :] = 0.0
