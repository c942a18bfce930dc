"""The real window on a real X display with a real sound server, worked by xdotool."""

import contextlib
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import yaml

from rtvc.config import load
from tests.pulse_server import RATE, pulse_server, wait_until
from tests.ui.desktop import MISSING, Desktop, is_alive, x_display

GAIN = {"name": "gain_db", "label": "Gain", "low": -24, "high": 24, "default": 0, "unit": "dB", "step": 1}
CARD = {"family": "passthrough", "title": "Yourself", "input_rate": 16000, "output_rate": 16000, "params": [GAIN]}
START = (1072, 32)  # the middle of the Start button
TONE_HZ = 440
PATIENCE = 90.0

pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"no {', '.join(MISSING)} on this machine")


@pytest.fixture
def desktop(tmp_path):
    voice = tmp_path / "data" / "rtvc" / "voices" / "yourself"
    voice.mkdir(parents=True)
    (voice / "card.yaml").write_text(yaml.safe_dump(CARD))
    settings = tmp_path / "config" / "config.yaml"
    settings.parent.mkdir()
    settings.write_text(yaml.safe_dump({"voice": {"name": voice.name}, "audio": {"output": "rtvc_out"}}))
    with x_display() as display, pulse_server(tmp_path / "pulse") as server:
        made = Desktop(tmp_path, display, server)
        yield made
        left = made.children()
        made.program.kill()
        made.program.wait(20)
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def tone_level(recording):
    """Amplitude of the tone in the newest half second."""
    samples = recording.last(0.5)
    wave = np.exp(-2j * np.pi * TONE_HZ / RATE * np.arange(len(samples)))
    return float(2 * abs(np.mean(samples * wave))) if len(samples) else 0.0


def test_start_speak_change_hop_mute_and_stop(desktop):
    tone = 0.3 * np.sin(2 * np.pi * TONE_HZ * np.arange(RATE) / RATE).astype(np.float32)
    player, heard = desktop.server.play(tone), desktop.server.record()
    try:
        desktop.click(*START)
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
