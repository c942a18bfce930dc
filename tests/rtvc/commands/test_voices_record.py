"""`rtvc voices record` with a real sound server, whose microphone hears speech, and keys typed at its prompts."""

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr

from rtvc.demo import RECORDING
from tests.pulse_server import RATE, PulseServer


class Desk:
    """The command at work: keys go in, lines come out."""

    def __init__(self, folder: Path) -> None:
        words = ["voices", "record", "anna", "--input", "rtvc_mic", "--folder", str(folder)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "rtvc.cli", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            text=True,
        )

    def until(self, words: str) -> str:
        """Everything said up to a line with these words; the test's time limit ends the wait."""
        said = []
        assert self._process.stdout is not None
        for line in self._process.stdout:
            said.append(line)
            if words in line:
                return "".join(said)
        raise AssertionError(f"{''.join(said)}{self._process.stderr and self._process.stderr.read()}")

    def type(self, key: str = "") -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{key}\n")
        self._process.stdin.flush()

    def take(self, seconds: float = 3.0) -> str:
        """Record for a while; what is said about it."""
        self.type()
        self.until("recording")
        time.sleep(seconds)
        self.type()
        return self.until("q: stop")

    def end(self) -> str:
        out, err = self._process.communicate("\n", timeout=30)
        assert self._process.returncode == 0, err
        return out


@pytest.fixture
def speaking(server: PulseServer):
    speech = soundfile.read(RECORDING, dtype="float32")[0]
    player = server.play(soxr.resample(speech, 16000, RATE).astype(np.float32))
    yield player
    player.stop()


def test_sentences_are_recorded_judged_repeated_and_resumed(home, server, speaking, tmp_path):
    folder = tmp_path / "takes"
    desk = Desk(folder)

    assert "1 of 60" in desk.until("q: stop")
    assert "good: " in desk.take()
    first = (folder / "001.flac").read_bytes()
    desk.type("r")
    desk.until("recording")
    time.sleep(3)
    desk.type()
    assert "good: " in desk.until("q: stop")
    desk.type()
    assert "2 of 60" in desk.until("q: stop")
    desk.type("s")
    assert "3 of 60" in desk.until("q: stop")
    speaking.stop()
    time.sleep(1)
    assert "too quiet" in desk.take(1.5)
    desk.type("q")
    told = desk.end()

    assert "1 of 60 sentences" in told and f"rtvc voices train anna {folder}" in told
    assert [path.name for path in sorted(folder.iterdir())] == ["001.flac"]
    assert (folder / "001.flac").read_bytes() != first
    samples, rate = soundfile.read(folder / "001.flac")
    assert rate == RATE and 2.5 < len(samples) / rate < 6 and 0.05 < np.abs(samples).max() < 1

    again = Desk(folder)
    assert "2 of 60" in again.until("q: stop")
    again.type("q")
    assert "1 of 60 sentences" in again.end()


def test_a_wrong_microphone_is_one_sentence(rtvc, server, tmp_path):
    answer = rtvc("voices", "record", "anna", "--input", "rtvc_mik", "--folder", tmp_path / "takes")

    assert answer.code == 1
    assert "no microphone 'rtvc_mik'; did you mean rtvc_mic?" in answer.sentence
