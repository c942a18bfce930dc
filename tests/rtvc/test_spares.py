"""Processes that are started ahead of a run, and kept for the next one."""

import multiprocessing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rtvc.child import RESTS, STOP
from rtvc.library import Voice
from rtvc.session import Session, SessionOptions
from rtvc.spares import EngineRun
from rtvc.status import State
from rtvc.wavfile import write_audio
from tests.live_path import process_id, toy_voice
from tests.pulse_server import wait_until

PATIENCE = 120.0


@dataclass
class FakeChild:
    """A process that says what a test puts into `says`."""

    says: list[tuple[Any, ...]] = field(default_factory=list)
    told: list[tuple[Any, ...]] = field(default_factory=list)
    is_alive: bool = True

    def send(self, *message: Any) -> None:
        self.told.append(message)

    def messages(self) -> list[tuple[Any, ...]]:
        said, self.says = self.says, []
        return said

    def wait(self, seconds: float) -> None:
        self.says.append((RESTS,))

    def kill(self) -> None:
        self.is_alive = False


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SessionOptions:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    write_audio(tmp_path / "long.wav", np.zeros(60 * 8000, np.float32), 8000)
    return SessionOptions(toy_voice(), tmp_path / "long.wav", device="cpu")


def run(session: Session, options: SessionOptions) -> tuple[int, int]:
    """Start, and return the processes that do the work."""
    session.start(options)
    wait_until(
        lambda: session.status().state in (State.RUNNING, State.FAILED),
        PATIENCE,
        "the session runs",
        lambda: str(session.status()),
    )
    return process_id("engine"), process_id("audio process")


def test_engine_is_kept_from_run_to_run_and_the_audio_process_is_not(options: SessionOptions) -> None:
    with Session() as session:
        session.prepare(options.voice, options.device, options.threads)
        waiting = process_id("engine"), process_id("audio process")

        first = run(session, options)
        session.stop()
        second = run(session, options)

        assert first == waiting
        assert (first[0] == second[0], first[1] == second[1]) == (True, False)
    assert not [child for child in multiprocessing.active_children() if child.name in ("engine", "audio process")]


def test_voice_that_cannot_be_loaded_ahead_is_told_by_its_start(options: SessionOptions) -> None:
    unknown = Voice("none", {"name": "none", "family": "none"}, Path(), None)
    with Session() as session:
        session.prepare(unknown, options.device, options.threads)
        session.start(SessionOptions(unknown, options.input, device="cpu"))
        wait_until(lambda: session.status().state is State.FAILED, PATIENCE, "it fails", lambda: str(session.status()))

        assert "no model family 'none'" in session.status().message


def test_run_that_has_let_go_hands_its_process_back() -> None:
    child, back = FakeChild([("learned", {}), (RESTS,)]), []
    engine = EngineRun(child, back.append)  # type: ignore[arg-type]

    assert not engine.is_alive
    assert engine.messages() == [("learned", {})]
    engine.kill()

    assert (back, child.is_alive) == ([child], True)


def test_run_that_does_not_let_go_is_ended() -> None:
    child, back = FakeChild(), []
    engine = EngineRun(child, back.append)  # type: ignore[arg-type]

    engine.kill()

    assert (back, child.is_alive) == ([], False)


def test_run_is_told_once_to_stop_for_the_second_word_would_end_its_process() -> None:
    child, back = FakeChild(), []
    engine = EngineRun(child, back.append)  # type: ignore[arg-type]

    engine.send(STOP)
    engine.stop()

    assert child.told == [(STOP,)]
    assert back == [child]
