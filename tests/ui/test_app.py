import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LATER = ("numpy", "rtvc.session", "soundfile", "sounddevice", "pulsectl")  # loaded when the window has been drawn
NEVER = ("torch", "torchaudio", "safetensors", "models.base", "models.registry")
OPEN = """
import json, sys, time
from pathlib import Path
begun = time.perf_counter()
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui import app, window

class Watched(window.Window):
    def paintEvent(self, event):
        super().paintEvent(event)
        if not hasattr(self, "painted"):
            self.painted = time.perf_counter() - begun
            self.early = sorted(set(sys.modules) & set(sys.argv[2:]))
            QTimer.singleShot(50, self.leave)

    def leave(self):
        if "rtvc.session" not in sys.modules or not hasattr(sys.modules["rtvc.session"], "Session"):
            QTimer.singleShot(50, self.leave)
            return
        late = sorted(set(sys.modules) & set(sys.argv[2:]))
        print(json.dumps({"seconds": self.painted, "early": self.early, "late": late}))
        self.close()

window.Window = Watched
sys.exit(app.main(["--config", sys.argv[1]]))
"""


BRIEF = """
import sys
from PySide6.QtCore import QTimer
from rtvc.cli import main
from ui import window

class Brief(window.Window):
    def showEvent(self, event):
        super().showEvent(event)
        QTimer.singleShot(0, self.close)

window.Window = Brief
sys.exit(main(sys.argv[1:]))
"""


def run_python(*words, **changes):
    return subprocess.run(
        [sys.executable, *words], env=environment(**changes), cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


def environment(**changes):
    kept = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**kept, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **changes}


def test_window_opens_without_torch_and_tells_how_fast(tmp_path, record_property):
    times = []
    for _ in range(2):  # the first may have to write byte code
        words = ("-c", OPEN, str(tmp_path / "config.yaml"), *LATER, *NEVER)
        run = run_python(*words, PULSE_SERVER=f"unix:{tmp_path}/none")
        assert run.returncode == 0, run.stderr
        answer = json.loads(run.stdout)
        assert answer["early"] == []
        assert not set(answer["late"]) & set(NEVER)
        times.append(answer["seconds"])

    record_property("seconds_to_first_paint", min(times))
    print(f"window painted after {min(times):.2f} s")


def test_no_display_is_one_sentence_and_no_traceback(tmp_path):
    run = run_python("-m", "ui", "--config", str(tmp_path / "config.yaml"), QT_QPA_PLATFORM="")

    assert run.returncode == 1
    assert re.fullmatch(r"rtvc: there is no display[^\n]*\n", run.stderr)


def test_wrong_argument_is_wrong_usage(tmp_path):
    run = run_python("-m", "ui", "--colour", "red")

    assert run.returncode == 2
    assert "--colour" in run.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_closes_the_window_and_keeps_the_settings(tmp_path, number):
    path = tmp_path / "config.yaml"
    log = tmp_path / "log"
    with log.open("w") as output:
        program = subprocess.Popen(
            [sys.executable, "-m", "ui", "--config", str(path)],
            env=environment(PULSE_SERVER=f"unix:{tmp_path}/none"), cwd=ROOT, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while program.poll() is None and not is_ready(program.pid) and time.monotonic() < deadline:
            time.sleep(0.05)

        program.send_signal(number)

        assert program.wait(60) == 0, log.read_text()
    finally:
        program.kill()
    assert "width: 1140" in path.read_text()


def is_ready(pid):
    """Whether the process answers SIGTERM itself, as a window does from its first moment."""
    status = Path(f"/proc/{pid}/status").read_text()
    mask = int(re.search(r"SigCgt:\s*(\w+)", status).group(1), 16)
    return bool(mask >> (signal.SIGTERM - 1) & 1)


def test_command_line_opens_the_same_window(tmp_path):
    path = tmp_path / "config.yaml"

    run = run_python("-c", BRIEF, "--config", str(path), PULSE_SERVER=f"unix:{tmp_path}/none")

    assert run.returncode == 0, run.stderr
    assert "width: 1140" in path.read_text()
