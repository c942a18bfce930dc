"""The real window on a real X display with a real sound server, worked by xdotool."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import yaml

from rtvc.config import load
from tests.pulse_server import RATE, missing_programs, pulse_server, wait_until

ROOT = Path(__file__).resolve().parents[2]
MISSING = [*missing_programs(), *(name for name in ("Xvfb", "xdotool") if shutil.which(name) is None)]
GAIN = {"name": "gain_db", "label": "Gain", "low": -24, "high": 24, "default": 0, "unit": "dB", "step": 1}
CARD = {"family": "passthrough", "title": "Yourself", "input_rate": 16000, "output_rate": 16000, "params": [GAIN]}
TONE_HZ = 440
PATIENCE = 30.0

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} on this machine")


@contextlib.contextmanager
def x_display():
    """The name of a fresh X display."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1000x700x24", "-nolisten", "tcp"],
        pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait(20)


class Desktop:
    """A window on a display, and what can be done to it and heard of it."""

    def __init__(self, folder, display, server):
        self.config = folder / "config" / "config.yaml"
        self.log = folder / "log"
        self.server = server
        voice = folder / "data" / "rtvc" / "voices" / "slt"
        voice.mkdir(parents=True)
        (voice / "card.yaml").write_text(yaml.safe_dump(CARD))
        kept = {key: value for key, value in os.environ.items() if key not in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
        self.environment = {
            **kept, **server.environment, "DISPLAY": display, "XDG_DATA_HOME": str(folder / "data"),
            "OMP_NUM_THREADS": "1", "QT_QPA_PLATFORM": "xcb",
        }  # fmt: skip
        with self.log.open("w") as log:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "ui", "--config", str(self.config)],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        self.window = self.tool("search", "--sync", "--onlyvisible", "--name", "^rtvc$")
        self.tool("windowfocus", "--sync", self.window)

    def tool(self, *words):
        run = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=60, check=True
        )
        return run.stdout.strip()

    def keys(self, *names):
        self.tool("key", "--window", "0", "--delay", "60", *names)

    def children(self):
        """The processes that the window has started, theirs included."""
        found, fresh = [], [self.program.pid]
        while fresh:
            pid = fresh.pop()
            with contextlib.suppress(OSError):
                for task in Path(f"/proc/{pid}/task").iterdir():
                    fresh += [int(word) for word in (task / "children").read_text().split()]
            found.append(pid)
        return found[1:]

    def close(self):
        self.program.send_signal(signal.SIGTERM)
        return self.program.wait(60)


@pytest.fixture
def desktop(tmp_path):
    with x_display() as display, pulse_server(tmp_path / "pulse") as server:
        made = Desktop(tmp_path, display, server)
        yield made
        left = made.children()
        made.program.kill()
        made.program.wait(20)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def is_alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False


def tone_level(recording):
    """Amplitude of the tone in the newest half second."""
    samples = recording.last(0.5)
    wave = np.exp(-2j * np.pi * TONE_HZ / RATE * np.arange(len(samples)))
    return float(2 * abs(np.mean(samples * wave))) if len(samples) else 0.0


def test_start_speak_change_hop_and_stop_by_keys(desktop):
    tone = 0.3 * np.sin(2 * np.pi * TONE_HZ * np.arange(RATE) / RATE).astype(np.float32)
    player, heard = desktop.server.play(tone), desktop.server.record()
    try:
        desktop.keys("alt+s")
        wait_until(lambda: tone_level(heard) > 0.2, PATIENCE, f"the tone comes out; log: {desktop.log.read_text()}")

        desktop.keys("alt+h", "Right", "Right")
        wait_until(lambda: load(desktop.config).engine.hop_ms == 40.0, PATIENCE, "the hop is kept")
        time.sleep(1.0)  # the old hop's sound leaves the recording
        wait_until(lambda: tone_level(heard) > 0.2, PATIENCE, "the tone comes out at the new hop")

        desktop.keys("alt+u")
        wait_until(lambda: tone_level(heard) < 0.001, PATIENCE, "mute silences the output")
        desktop.keys("alt+u")
        wait_until(lambda: tone_level(heard) > 0.2, PATIENCE, "the tone is back")

        desktop.keys("alt+s")
        wait_until(lambda: tone_level(heard) < 0.001, PATIENCE, "stop silences the output")
    finally:
        player.stop()
        heard.stop()

    started = desktop.children()
    assert desktop.close() == 0
    assert "Traceback" not in desktop.log.read_text()
    wait_until(lambda: not any(is_alive(pid) for pid in started), PATIENCE, "no process is left")


def test_window_closes_although_its_processes_hang(desktop):
    desktop.keys("alt+s")
    wait_until(lambda: len(desktop.children()) >= 2, PATIENCE, "the session's processes are there")
    time.sleep(2.0)  # let them come to work
    started = desktop.children()
    for pid in started:
        if "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text():  # Python's own, and none of ours
            os.kill(pid, signal.SIGSTOP)

    assert desktop.close() == 0
    wait_until(lambda: not any(is_alive(pid) for pid in started), PATIENCE, "no process is left")
