"""Takes the picture that the README shows: `python -m tests.ui.take_screenshot ui/screenshot.png [light|dark] [scale]`.

The window runs for real, on an X display and a sound server of its own, with the bundled recording as its talker.
Needs what tests/ui/test_desktop.py needs, and maim. `scale` is that of the desktop, 1 to 2.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from rtvc.resample import resampled
from rtvc.wavfile import read_audio
from tests.pulse_server import RATE, pulse_server, wait_until
from tests.ui.desktop import ROOT, Desktop, x_display

TALKER = ROOT / "rtvc" / "data" / "demo.flac"
SPEAKING = 12.0  # seconds until the picture
PLAYED = "rtvc_desk.monitor"  # what the default output plays


def take(path, appearance, scale):
    """Write the picture of a window that is live."""
    talk = resampled(*read_audio(TALKER), RATE)
    with tempfile.TemporaryDirectory() as name, x_display() as display:
        folder = Path(name)
        (folder / "config").mkdir()
        (folder / "config" / "config.yaml").write_text(f"window: {{appearance: {appearance}}}\n")
        with pulse_server(folder / "pulse") as server:
            desktop = Desktop(folder, display, server, scale)
            player, heard = server.play(talk), server.record(PLAYED)
            desktop.keys("alt+s")
            wait_until(lambda: np.abs(heard.last(0.5)).max(initial=0) > 0.05, 120, "the voice speaks")
            time.sleep(SPEAKING)
            subprocess.run(["maim", "-u", "-i", desktop.window, str(path)], env=desktop.environment, check=True)
            desktop.close()
            player.stop()
            heard.stop()


if __name__ == "__main__":
    given = sys.argv[1:]
    path, appearance, scale = [*given, *("ui/screenshot.png", "light", "1")[len(given) :]]
    take(Path(path).resolve(), appearance, scale)
