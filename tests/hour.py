"""The window with a voice running, watched for a long time: resident memory of each of its processes.

    python -m tests.hour --minutes 60

Prints a line a minute and, at the end, how much each process has grown over the second half, as a line through its
values there: memory that is flat grows by nothing that lasts. Needs what tests/ui/test_desktop.py needs.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from tests.pulse_server import RATE, wait_until
from tests.ui.figures import PATIENCE, PLAYED, processor_seconds, seconds_to_sound, with_window

EVERY = 60.0  # seconds
PAGE = 4096
LISTENED = 8  # seconds at the end, in which somebody speaks


def watch(minutes):
    """Return megabytes by process, minute by minute, once the voice is heard."""

    def act(desktop, heard):
        seconds_to_sound(desktop, heard)
        heard.stop()
        found, began = {}, time.monotonic()
        for minute in range(minutes + 1):
            time.sleep(max(began + minute * EVERY - time.monotonic(), 0))
            sizes = {name: megabytes(pid) for name, pid in processes(desktop).items()}
            sizes["sound server"] = megabytes(desktop.server.process_id)
            for name, size in sizes.items():
                found.setdefault(name, []).append(size)
            print(f"{minute:3} min  " + "  ".join(f"{name} {size:.1f} MB" for name, size in sizes.items()), flush=True)
        end = desktop.server.record(PLAYED)
        wait_until(lambda: len(end.samples) > LISTENED * RATE, PATIENCE, "the end is recorded")
        loud = float(np.abs(end.stop()).max())
        cpu = {name: processor_seconds(pid) for name, pid in processes(desktop).items()}
        return found, loud, cpu

    return with_window(act)


def processes(desktop):
    """The window's processes by what they do: those that wait for their next run are named so."""
    named = {"window": desktop.program.pid}
    for pid in desktop.children():
        words = Path(f"/proc/{pid}/cmdline").read_text()
        if "resource_tracker" not in words:
            named[role(pid)] = pid
    return named


def role(pid):
    """What a process of a session does, by the libraries that it has loaded."""
    maps = Path(f"/proc/{pid}/maps").read_text()
    kind = "engine" if "onnxruntime" in maps or "libtorch" in maps else "audio"
    return kind if kind == "engine" or "portaudio" in maps else "waiting audio"


def megabytes(pid):
    """Resident memory."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6


def slope(sizes):
    """Megabytes an hour over the second half of values a minute apart."""
    half = sizes[len(sizes) // 2 :]
    return round(60 * float(np.polyfit(range(len(half)), half, 1)[0]), 2) if len(half) > 1 else 0.0


def main():
    """Watch, and sum up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=int, default=60)
    minutes = parser.parse_args().minutes
    found, loud, cpu = watch(minutes)
    growth = {name: slope(sizes) for name, sizes in found.items()}
    print(json.dumps({"megabytes_an_hour": growth, "processor_seconds": cpu, "was_still_heard": loud > 0.01}))


if __name__ == "__main__":
    main()
