"""The processes of a session: started for one run, or ahead of it, so that it need not wait for what they load.

An engine process is kept from run to run, with its libraries and its voice. An audio process serves one run only, for
a sound library is not to be trusted twice, and waits for it without touching a device.
"""

import gc
import importlib
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from time import monotonic
from typing import Any

from models.errors import ModelError
from rtvc.audio import AudioSetup, run_audio
from rtvc.child import STOP, STOP_SECONDS, Child, begin, hear, settle
from rtvc.errors import RtvcError
from rtvc.library import Voice
from rtvc.shelf import DEFAULT_LOADER, Shelf
from rtvc.worker import EngineSetup, has_run, run_engine

ENGINE, AUDIO = "engine", "audio process"
LOAD, RUN, RESTS = "load", "run", "rests"


class Spares:
    """Starts processes; from the first `prepare` on, one of each kind waits while it has nothing to do.

    For any thread.
    """

    def __init__(self, loader: str = DEFAULT_LOADER) -> None:
        """`loader` names the function `module:function` that makes a model of (voice, device, threads)."""
        self.loader = loader
        self._engine: Child | None = None
        self._audio: Child | None = None
        self._is_kept = False
        self._lock = threading.Lock()

    def prepare(self, voice: Voice, device: str, threads: int) -> None:
        """Let processes wait, the engine's with this voice; where it cannot be loaded, its run will say why."""
        with self._lock:
            self._is_kept = True
            if self._engine is None or not self._engine.is_alive:
                self._engine = Child(ENGINE, wait_for_runs, self.loader)
            self._engine.send(LOAD, voice, device, threads)
        self.renew()

    def renew(self) -> None:
        """Let an audio process wait again, where processes are to wait at all."""
        with self._lock:
            if self._is_kept and (self._audio is None or not self._audio.is_alive):
                self._audio = Child(AUDIO, wait_for_audio, None)

    def start_engine(self, setup: EngineSetup) -> "Child | EngineRun":
        """Begin an engine's run, in the process that waits if there is one."""
        with self._lock:
            if not self._is_kept:
                return Child(ENGINE, run_engine, setup)
            child, self._engine = self._engine, None
        if child is None or not child.is_alive:
            child = Child(ENGINE, wait_for_runs, self.loader)
        child.send(RUN, setup)
        return EngineRun(child, self._take_back)

    def start_audio(self, setup: AudioSetup) -> Child:
        """Begin the audio side of a run, in the process that waits if there is one."""
        with self._lock:
            child, self._audio = self._audio, None
        if child is None or not child.is_alive:
            return Child(AUDIO, run_audio, setup)
        child.send(RUN, setup)
        return child

    def close(self) -> None:
        """Let no process wait any more."""
        with self._lock:
            waiting = self._engine, self._audio
            self._engine = self._audio = None
            self._is_kept = False
        for child in filter(None, waiting):
            child.kill()

    def _take_back(self, engine: Child) -> None:
        with self._lock:
            if self._is_kept and self._engine is None:
                self._engine = engine
                return
        engine.kill()


class EngineRun:
    """One run of a process that outlives it; to the run's keeper it is a process."""

    def __init__(self, child: Child, give_back: Callable[[Child], None]) -> None:
        self._child, self._give_back = child, give_back
        self._said: list[tuple[Any, ...]] = []
        self._is_told_to_stop = self._rests = False

    @property
    def is_alive(self) -> bool:
        """Whether the run goes on, or hangs."""
        self._listen()
        return not self._rests and self._child.is_alive

    def send(self, *message: Any) -> None:
        """Tell the run something; a second word to stop would be the end of the process."""
        if message != (STOP,) or not self._is_told_to_stop:
            self._child.send(*message)
        self._is_told_to_stop = self._is_told_to_stop or message == (STOP,)

    def messages(self) -> list[tuple[Any, ...]]:
        """Return what it has said since the last time."""
        self._listen()
        said, self._said = self._said, []
        return said

    def stop(self) -> None:
        """Ask the run to end, and wait; a process that does not let go of it is ended."""
        self.send(STOP)
        deadline = monotonic() + STOP_SECONDS
        while self.is_alive and monotonic() < deadline:
            self._child.wait(deadline - monotonic())
        self.kill()

    def kill(self) -> None:
        """Hand the process back if it rests, else end it at once."""
        if self._rests:
            self._give_back(self._child)
        else:
            self._child.kill()

    def _listen(self) -> None:
        if not self._rests:
            heard = self._child.messages()
            self._rests = (RESTS,) in heard
            self._said += [message for message in heard if message != (RESTS,)]


def wait_for_runs(loader: str, connection: Connection) -> None:
    """Be an engine process until told to stop between two runs, or until the parent has gone."""
    begin()
    shelf = Shelf()
    while (message := hear(connection, None)) is not None and message[0] != STOP:
        word, *rest = message
        if word == RUN:
            if not has_run(rest[0], connection, shelf):
                return
            connection.send((RESTS,))
            gc.unfreeze()
            settle()
        elif word == LOAD and not connection.poll():  # else there is something newer to do
            with suppress(RtvcError, ModelError):
                shelf.model(rest[0], rest[1], rest[2], loader)
            importlib.import_module("rtvc.engine")
            settle()


def wait_for_audio(_: None, connection: Connection) -> None:
    """Be an audio process as soon as told how."""
    begin()
    message = hear(connection, None)
    if message is not None and message[0] == RUN:
        run_audio(message[1], connection)
