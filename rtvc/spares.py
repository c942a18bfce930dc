"""The processes of a session: started before it is known what they are to do, so that a run need not wait for them.

An engine process may be kept from run to run, with its libraries and its voice. An audio process serves one run only,
for a sound library is not to be trusted twice, and waits for it without touching a device.
"""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

from rtvc.child import LOAD, RESTS, RUN, STOP, STOP_SECONDS, Child, be_named
from rtvc.library import Voice
from rtvc.setups import DEFAULT_LOADER, AudioSetup, EngineSetup

ENGINE, AUDIO = "engine", "audio process"


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

    def begin(self) -> None:
        """Let a process of each kind wait for the next run."""
        with self._lock:
            self._begin()

    def expect(self, voice: Voice, device: str, threads: int) -> None:
        """Let processes wait, the engine's with this voice; where it cannot be loaded, its run will say why."""
        with self._lock:
            self._begin().send(LOAD, voice, device, threads)

    def prepare(self, voice: Voice, device: str, threads: int) -> None:
        """Let processes wait from now on whenever there is nothing to do, the engine's with this voice."""
        with self._lock:
            self._is_kept = True
        self.expect(voice, device, threads)

    def rest(self) -> None:
        """A run is over: let processes wait for the next one, or none, as it is wanted."""
        if self._is_kept:
            self.begin()
        else:
            self._end()

    def start_engine(self, setup: EngineSetup) -> "EngineRun":
        """Begin an engine's run, in the process that waits if there is one."""
        with self._lock:
            child, self._engine = self._engine, None
        if child is None or not child.is_alive:
            child = self._new_engine()
        child.send(RUN, setup)
        return EngineRun(child, self._take_back)

    def start_audio(self, setup: AudioSetup) -> Child:
        """Begin the audio side of a run, in the process that waits if there is one."""
        with self._lock:
            child, self._audio = self._audio, None
        if child is None or not child.is_alive:
            child = _new_audio()
        child.send(RUN, setup)
        return child

    def close(self) -> None:
        """Let no process wait any more."""
        with self._lock:
            self._is_kept = False
        self._end()

    def _begin(self) -> Child:
        """Return the engine process that waits."""
        if self._engine is None or not self._engine.is_alive:
            self._engine = self._new_engine()
        if self._audio is None or not self._audio.is_alive:
            self._audio = _new_audio()
        return self._engine

    def _new_engine(self) -> Child:
        return Child(ENGINE, be_named, ("rtvc.worker:wait_for_runs", self.loader))

    def _end(self) -> None:
        with self._lock:
            waiting = self._engine, self._audio
            self._engine = self._audio = None
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


def _new_audio() -> Child:
    return Child(AUDIO, be_named, ("rtvc.audio:wait_for_run", None))
