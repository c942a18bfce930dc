"""The engine process: owns the model and converts hop by hop."""

import gc
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from time import monotonic, sleep
from typing import Any

from models.base import StreamSpec
from models.errors import ModelError
from rtvc.child import LOAD, RESTS, RUN, STOP, begin, hear, hurry, settle
from rtvc.engine import Engine
from rtvc.errors import RtvcError
from rtvc.hops import HopLoop
from rtvc.ring import Ring
from rtvc.setups import EngineSetup
from rtvc.shared import SharedStatus
from rtvc.shelf import Shelf

NICENESS = -10
IDLE = 0.001  # seconds between two looks for a hop
LISTEN_EVERY = 0.01  # seconds between two looks for a message
LEARNED_EVERY = 1.0
WARM_UP_HOPS = 8


def wait_for_runs(loader: str, connection: Connection) -> None:
    """Be an engine process until told to stop between two runs, or until the parent has gone."""
    begin()
    shelf = Shelf()
    while (message := hear(connection, None)) is not None and message[0] != STOP:
        word, *rest = message
        if word == RUN:
            if not _has_run(rest[0], connection, shelf):
                return
            connection.send((RESTS,))
            gc.unfreeze()
            settle()
        elif word == LOAD and not connection.poll():  # else there is something newer to do
            with suppress(Exception):  # the run will come to the same end, and tell of it
                shelf.model(rest[0], rest[1], rest[2], loader)


def _has_run(setup: EngineSetup, connection: Connection, shelf: Shelf) -> bool:
    """Convert until told to stop; False where that came to another end, which the parent has been told."""
    try:
        process = EngineProcess(setup, connection, shelf)
        try:
            process.run()
        finally:
            process.close()
    except (RtvcError, ModelError) as error:
        connection.send(("failed", str(error)))
    except Exception as error:  # noqa: BLE001 (the end of this process: told, and kept for the report)
        connection.send(("crashed", f"{type(error).__name__}: {error}", traceback.format_exc()))
    else:
        return True
    return False


class EngineProcess:
    """One model, and the stream that is open on it."""

    def __init__(self, setup: EngineSetup, connection: Connection, shelf: Shelf) -> None:
        self._setup, self._connection, self._shelf = setup, connection, shelf
        self._shared = SharedStatus.attach(setup.shared, setup.lane)
        self._rings = Ring.attach(setup.source), Ring.attach(setup.sink)
        self._values = dict(setup.values)
        self._times, self._is_dry = setup.times, setup.is_dry
        self._learned: dict[str, float] = {}
        self._remarks: tuple[str, ...] = ()

    def run(self) -> None:
        """Load the voice, and convert until told to stop; ModelError or RtvcError where it cannot be loaded."""
        setup = self._setup
        self._model = self._shelf.model(setup.voice, setup.device, setup.threads, setup.loader, setup.gives_way)
        self._open()
        listened = told = 0.0
        while True:
            worked = self._loop.step()
            now = monotonic()
            if now - listened > LISTEN_EVERY:
                listened = now
                if not self._obey():
                    return
            if now - told > LEARNED_EVERY:
                told = now
                self._tell_learned()
                self._tell_remarks()
            if not worked:
                sleep(IDLE)

    def close(self) -> None:
        """Let go of the memory."""
        self._shared.engine["ready"] = 0
        for ring in self._rings:
            ring.close()
        self._shared.close()

    def _open(self) -> None:
        """Open a stream, warm it up with the shapes it will have, and begin."""
        setup = self._setup
        self._shared.engine["ready"] = 0
        self._engine = Engine(
            self._model, setup.input_rate, setup.output_rate, StreamSpec(**vars(self._times)), values=self._values
        )
        self._loop = HopLoop(self._engine, *self._rings, self._shared, monotonic, setup.has_one_clock)
        self._loop.warm_up(WARM_UP_HOPS)
        self._loop.set_dry(self._is_dry)
        settle()
        hurry(NICENESS)
        self._connection.send(("ready",))
        self._loop.open()

    def _obey(self) -> bool:
        """Do what the parent wants; False when it wants the end."""
        while (message := hear(self._connection, 0.0)) is not None:
            if message[0] == STOP:
                return False
            self._do(*message)
        return True

    def _do(self, word: str, *rest: Any) -> None:
        if word == "value":
            self._set_value(*rest)
        elif word == "dry":
            (self._is_dry,) = rest
            self._loop.set_dry(self._is_dry)
        elif word == "times":
            (self._times,) = rest
            self._values |= self._learned
            gc.unfreeze()
            self._open()

    def _set_value(self, name: str, value: float) -> None:
        try:
            self._engine.set_value(name, value)
        except RtvcError as error:
            self._connection.send(("refused", str(error)))
        else:
            self._values[name] = value

    def _tell_learned(self) -> None:
        learned = dict(self._engine.learned)
        if learned != self._learned:
            self._learned = learned
            self._connection.send(("learned", learned))

    def _tell_remarks(self) -> None:
        """Tell what the voice has to say about how it gets along, where that is new."""
        remarks = self._engine.remarks
        if remarks and remarks != self._remarks:
            self._connection.send(("remark", remarks[-1]))
        self._remarks = remarks
