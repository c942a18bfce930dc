"""What the window costs, on an X display and a sound server of its own.

    python -m tests.ui.figures start    first paint after the process began: wall and processor seconds
    python -m tests.ui.figures click    from the click on Start to the first converted sound, cold and warm
    python -m tests.ui.figures live     processor time of the window alone while it is live

Prints JSON. Needs what tests/ui/test_desktop.py needs; a figure means something on a machine that does nothing else.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.pulse_server import RATE, pulse_server, wait_until
from tests.soak import speech
from tests.ui.desktop import ROOT, Desktop, x_display

PATIENCE = 120.0
HEARD = 0.01  # amplitude
PLAYED = "rtvc_desk.monitor"  # what the default output plays
TIMED = """
import os, sys, time
from pathlib import Path
from ui import app, window

class Timed(window.Window):
    def __init__(self):
        super().__init__()
        self.drawn.connect(self.tell)

    def tell(self):
        ticks = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19])
        began = ticks / os.sysconf("SC_CLK_TCK")
        print(time.clock_gettime(time.CLOCK_BOOTTIME) - began, time.process_time(), flush=True)
        os._exit(0)

window.Window = Timed
app.main(["--config", sys.argv[1]])
"""


def start(repeats):
    """Wall and processor seconds from the process's begin to the first picture, for each of some starts."""
    with tempfile.TemporaryDirectory() as name, x_display() as display, pulse_server(Path(name) / "pulse") as server:
        environment = {
            **os.environ, **server.environment, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT),
            "XDG_DATA_HOME": name,
        }  # fmt: skip
        found = []
        for _ in range(repeats):
            command = [sys.executable, "-c", TIMED, str(Path(name) / "config.yaml")]
            words = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
            found.append({"wall_seconds": round(float(words[0]), 3), "cpu_seconds": round(float(words[1]), 3)})
        return found


def processor_seconds(pid):
    """Processor time of one process so far, its children's not counted."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def first_sound(recording, since):
    """The monotonic moment of the first sample that is heard after `since`; None where there is none yet."""
    begin = max(round((since - recording.start_time) * RATE), 0) if np.isfinite(recording.start_time) else 0
    loud = np.flatnonzero(np.abs(recording.samples[begin:]) > HEARD)
    return recording.start_time + (begin + loud[0]) / RATE if len(loud) else None


def with_window(act, settings=""):
    """Return what `act(desktop, heard)` returns, somebody speaking into the microphone all the while."""
    with tempfile.TemporaryDirectory() as name, x_display() as display:
        folder = Path(name)
        (folder / "config").mkdir()
        (folder / "config" / "config.yaml").write_text(settings or "engine: {threads: 1}\n")
        with pulse_server(folder / "pulse") as server:
            player, heard = server.play(speech(20.0)), server.record(PLAYED)
            desktop = Desktop(folder, display, server)
            try:
                return act(desktop, heard)
            finally:
                desktop.close()
                player.stop()
                heard.stop()


def seconds_to_sound(desktop, heard):
    """Start by the key, and return how long it is until something is heard."""
    clicked = time.monotonic()
    desktop.keys("alt+s")
    wait_until(lambda: first_sound(heard, clicked) is not None, PATIENCE, "the voice speaks")
    return round(first_sound(heard, clicked) - clicked, 3)


def click(rest):
    """Seconds from the click to the sound: at once after the window opens, and after a run before."""

    def act(desktop, heard):
        time.sleep(rest)
        found = {"cold_seconds": seconds_to_sound(desktop, heard), "warm_seconds": []}
        for _ in range(3):
            time.sleep(2.0)
            desktop.keys("alt+s")
            wait_until(lambda: np.abs(heard.last(0.5)).max(initial=0) < 1e-4, PATIENCE, "it is silent")
            time.sleep(rest)
            found["warm_seconds"].append(seconds_to_sound(desktop, heard))
        return found

    return with_window(act)


def live(seconds):
    """Processor time of the window while it is live, in per cent of a core."""

    def act(desktop, heard):
        seconds_to_sound(desktop, heard)
        time.sleep(5.0)
        began, before = time.monotonic(), processor_seconds(desktop.program.pid)
        time.sleep(seconds)
        used = processor_seconds(desktop.program.pid) - before
        return {"per_cent_of_a_core": round(100 * used / (time.monotonic() - began), 2), "seconds": seconds}

    return with_window(act)


def main():
    """Measure one of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figure", choices=("start", "click", "live"))
    parser.add_argument("--seconds", type=float, default=30.0, help="of being live")
    parser.add_argument("--rest", type=float, default=0.0, help="seconds that the window is left alone before Start")
    chosen = parser.parse_args()
    measure = {"start": lambda: start(5), "click": lambda: click(chosen.rest), "live": lambda: live(chosen.seconds)}
    print(json.dumps(measure[chosen.figure]()))


if __name__ == "__main__":
    main()
