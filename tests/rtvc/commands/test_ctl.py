import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rtvc.config import load
from tests.pulse_server import wait_until

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def runtime(home, server, tmp_path, monkeypatch):
    (tmp_path / "runtime").mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    return tmp_path / "runtime"


def begun(*words):
    command = [sys.executable, "-m", "rtvc.cli", "run", "--voice", "toy", *words]
    return subprocess.Popen(command, cwd=PROJECT, env=dict(os.environ), stderr=subprocess.PIPE, text=True)


def state(rtvc):
    answer = rtvc("ctl", "status", "--json")
    return json.loads(answer.out)["state"] if answer.code == 0 else answer.err


def test_a_session_is_driven_from_another_process(rtvc, runtime):
    process = begun("--control")
    try:
        wait_until(lambda: state(rtvc) == "running", 60, "it runs", lambda: state(rtvc))
        assert rtvc("ctl", "mute").code == 0
        assert "muted" in rtvc("ctl", "status").out
        assert rtvc("ctl", "set", "gate_db", "-50").code == 0
        assert "no voice 'tou'" in rtvc("ctl", "voice", "tou").sentence
        assert rtvc("ctl", "stop").code == 0
        assert state(rtvc) == "idle"
        assert rtvc("ctl", "start").code == 0
        assert "another rtvc" in rtvc("run", "--voice", "toy", "--control", "--seconds", 1).err
        assert rtvc("ctl", "quit").code == 0
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()


def test_nothing_is_opened_unasked(rtvc, runtime, tmp_path):
    process = begun()
    try:
        while process.stderr.readline() not in ("rtvc: running\n", ""):
            pass
        answer = rtvc("ctl", "status")
    finally:
        process.terminate()
        process.communicate(timeout=60)

    assert answer.code == 1
    assert "no rtvc is listening" in answer.sentence
    assert not load(tmp_path / "none.yaml").control.enabled


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["voice"], "takes a voice's name"),
        (["set", "gate_db"], "takes a control and a number"),
        (["set", "gate_db", "loud"], "'loud' is no number for gate_db"),
        (["mute", "now"], "takes no more words"),
        (["pass-through", "maybe"], "takes on, off or nothing"),
    ],
)
def test_wrong_words_are_told_before_anybody_is_asked(rtvc, runtime, words, expected):
    answer = rtvc("ctl", *words)

    assert answer.code == 1
    assert expected in answer.sentence
