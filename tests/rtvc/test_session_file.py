"""A session on a machine without any sound: a recording in place of the microphone, a clock in place of the output."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from models.base import StreamSpec
from models.passthrough import PassthroughModel
from rtvc.engine import Engine
from rtvc.resample import Samples
from rtvc.session import Session, SessionOptions
from rtvc.status import State, Status
from rtvc.wavfile import read_audio, write_audio
from tests.live_path import toy_voice
from tests.pulse_server import wait_until

RATE = 22_050
SECONDS = 3.0
ROOT = Path(__file__).resolve().parents[2]
PARENT = """
import multiprocessing, sys, time
from pathlib import Path
sys.path.insert(0, ".")
from rtvc.session import Session, SessionOptions
from rtvc.status import State
from tests.live_path import toy_voice

if __name__ == "__main__":
    session = Session()
    session.start(SessionOptions(toy_voice(), Path({recording!r}), device="cpu"))
    while session.status().state is not State.RUNNING:
        time.sleep(0.05)
    print(*(child.pid for child in multiprocessing.active_children()), flush=True)
    time.sleep(60)
"""
VALUES = {"gate_db": -90.0, "gain_db": -3.0}


@pytest.fixture(scope="module")
def silent_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULSE_SERVER", "unix:/nowhere")
        yield


@pytest.fixture(scope="module")
def spoken() -> Samples:
    noise = np.random.default_rng(0).standard_normal(int(SECONDS * RATE))
    return (0.1 * np.convolve(noise, np.hanning(9) / 4, "same")).astype(np.float32)


@pytest.fixture(scope="module")
def recorded(silent_machine: None, spoken: Samples, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Status]:
    folder = tmp_path_factory.mktemp("file")
    write_audio(folder / "spoken.wav", spoken, RATE)
    options = SessionOptions(
        toy_voice(look_ahead_ms=40), folder / "spoken.wav", record=folder / "heard.wav", values=VALUES, device="cpu"
    )
    with Session() as session:
        session.start(options)
        wait_until(lambda: session.status().ended, 90, "the recording is over", lambda: str(session.status()))
        wait_until(lambda: session.status().state is State.IDLE, 20, "the session ends")
        return folder / "heard.wav", session.status()


def test_session_ends_with_the_recording_and_says_so(recorded: tuple[Path, Status]) -> None:
    _, status = recorded

    assert (status.state, status.message, status.faults) == (State.IDLE, "", {})
    assert status.seconds > SECONDS


def test_delay_is_told_as_if_it_were_live(recorded: tuple[Path, Status]) -> None:
    delay = recorded[1].delay

    assert delay["look_ahead"] == pytest.approx(0.04)
    assert delay.total > 0.04 + 0.02 + 0.02


def test_what_is_recorded_is_what_the_engine_makes_of_the_whole_file(
    recorded: tuple[Path, Status], spoken: Samples
) -> None:
    heard, rate = read_audio(recorded[0])
    engine = Engine(PassthroughModel(), RATE, rate, StreamSpec(), VALUES)
    offline = np.concatenate([engine.process(spoken), engine.flush()])

    size = 1 << 19
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(offline, size)), size)
    live = np.roll(np.pad(heard, (0, size - len(heard))), -int(np.argmax(match)))[: len(offline)]

    if not recorded[1].late + recorded[1].skipped:  # which a busy machine may bring
        assert np.corrcoef(live, offline)[0, 1] > 0.99
    assert len(heard) > len(offline)


def test_processes_end_when_their_parent_is_killed(silent_machine: None, spoken: Samples, tmp_path: Path) -> None:
    write_audio(tmp_path / "spoken.wav", spoken, RATE)
    script = tmp_path / "parent.py"
    script.write_text(PARENT.format(recording=str(tmp_path / "spoken.wav")))
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert parent.stdout is not None
    children = [int(word) for word in parent.stdout.readline().split()]

    parent.kill()
    parent.wait()

    assert len(children) == 2
    wait_until(lambda: not any(is_running(child) for child in children), 30, "both processes have ended")


def is_running(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
