"""The processes of a session: how they are started, spoken to, and what they do first."""

import gc
import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

LOAD, RUN, STOP = "load", "run", "stop"
"""What a process that waits is told: to load a voice ahead, to begin a run, to end."""
RESTS = "rests"
"""What it says when it waits again."""
STOP_SECONDS = 3.0
KILL_SECONDS = 5.0


class Child:
    """A process of its own, started fresh, at the other end of a pipe; it ends when the pipe does."""

    def __init__(self, name: str, main: Callable[..., None], setup: object) -> None:
        """Run `main(setup, connection)`, a function of a module, in a new process."""
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=main, args=(setup, theirs), name=name, daemon=True)
        self._process.start()
        theirs.close()

    @property
    def is_alive(self) -> bool:
        """Whether it still runs, or hangs."""
        return self._process.is_alive()

    @property
    def process_id(self) -> int:
        """Its number in the system."""
        return self._process.pid or 0

    def send(self, *message: Any) -> None:
        """Tell it something; a process that has gone hears nothing."""
        with suppress(OSError, ValueError):
            self._connection.send(message)

    def messages(self) -> list[tuple[Any, ...]]:
        """Return what it has said since the last time."""
        heard = []
        with suppress(OSError, EOFError):
            while self._connection.poll():
                heard.append(self._connection.recv())
        return heard

    def wait(self, seconds: float) -> None:
        """Wait until it has said something, for so long at most."""
        with suppress(OSError, EOFError):
            self._connection.poll(seconds)

    def stop(self) -> None:
        """Ask it to end, wait, and end it if it does not."""
        self.send(STOP)
        self._process.join(STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """End it at once, even if it hangs."""
        if self._process.is_alive():
            self._process.kill()
        self._process.join(KILL_SECONDS)
        self._connection.close()


def be_named(named: tuple[str, Any], connection: Connection) -> None:
    """Be a process whose main is named `module:function`, so that its parent need not load what it needs.

    Its products of matrices are small: threads to share them would only cost time to start.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    name, setup = named
    module, _, function = name.partition(":")
    getattr(importlib.import_module(module), function)(setup, connection)


def begin() -> None:
    """Leave interruptions to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def hurry(niceness: int) -> None:
    """Run before others from now on, where the system allows it, with all threads of this process."""
    if hasattr(os, "setpriority"):
        for thread in _own_threads():
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, thread, niceness)


def _own_threads() -> list[int]:
    """Those of this process whose priorities the system keeps apart; 0 stands for the one that asks."""
    if sys.platform != "linux":
        return [0]
    return [int(name) for name in os.listdir("/proc/self/task")]


def give_way(niceness: int) -> None:
    """Let this thread run behind others from now on, where threads have priorities; others of the process do not."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)


def run_in_real_time(priority: int) -> None:
    """Run before everything that is not in real time, where the system allows it; threads begun later do too."""
    if hasattr(os, "sched_setscheduler"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(priority))


def settle() -> None:
    """Take everything made so far out of the garbage collector's sight: its pauses would be heard."""
    gc.collect()
    gc.freeze()


def hear(connection: Connection, seconds: float | None) -> tuple[Any, ...] | None:
    """Return what the parent says within so many seconds, or ever, None for nothing, STOP when it has gone."""
    try:
        return tuple(connection.recv()) if connection.poll(seconds) else None
    except (EOFError, OSError):
        return (STOP,)


def quiet_libraries() -> None:
    """Let what C libraries write to standard error go nowhere; Python's own words still arrive."""
    words = os.fdopen(os.dup(2), "w", buffering=1, encoding="utf-8", errors="replace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = words
