"""The real window on an X display of its own with a sound server of its own, worked by xdotool."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.pulse_server import missing_programs

ROOT = Path(__file__).resolve().parents[2]
MISSING = [*missing_programs(), *(name for name in ("Xvfb", "xdotool") if shutil.which(name) is None)]


@contextlib.contextmanager
def x_display():
    """The name of a fresh X display."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "2400x1640x24", "-nolisten", "tcp"],
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
    """A window on a display, and what can be done to it; settings and voices live in `folder`."""

    def __init__(self, folder, display, server, scale="1"):
        self.config = folder / "config" / "config.yaml"
        self.log = folder / "log"
        self.server = server
        kept = {key: value for key, value in os.environ.items() if key not in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
        self.environment = {
            **kept, **server.environment, "DISPLAY": display, "XDG_DATA_HOME": str(folder / "data"),
            "OMP_NUM_THREADS": "1", "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": str(scale),
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

    def click(self, x, y):
        self.tool("mousemove", "--window", self.window, str(x), str(y), "click", "1")

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


def is_alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    return False
