"""A private PulseAudio with a virtual microphone and speakers, for tests on a machine without a sound card.

rtvc_feed (sink) -> rtvc_mic (source): what a test plays into `rtvc_feed` is what the microphone hears.
rtvc_out, rtvc_ear (sinks): speakers; what they play is recorded from `rtvc_out.monitor`.
rtvc_desk (sink): the default, to which the server moves streams that lose their place.

`norewinds=1` bounds a null sink's block to 50 ms; without it a stream may get two seconds of delay.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

RATE = 48000
REQUIRED_PROGRAMS = ("pulseaudio", "pactl", "pacat", "parec")
SCRIPT = """\
.fail
load-module module-native-protocol-unix auth-anonymous=1 socket={socket}
"""
MODULES = {
    "rtvc_feed": (
        f"module-null-sink sink_name=rtvc_feed norewinds=1 rate={RATE} channels=1 format=float32le "
        "sink_properties=device.description=Feed"
    ),
    "rtvc_mic": (
        f"module-remap-source source_name=rtvc_mic master=rtvc_feed.monitor rate={RATE} channels=1 "
        "format=float32le remix=no source_properties=device.description=Microphone"
    ),
    "rtvc_out": (
        f"module-null-sink sink_name=rtvc_out norewinds=1 rate={RATE} channels=2 format=float32le "
        "sink_properties=device.description=Speaker"
    ),
    "rtvc_ear": (
        f"module-null-sink sink_name=rtvc_ear norewinds=1 rate={RATE} channels=2 format=float32le "
        "sink_properties=device.description=Earphone"
    ),
    "rtvc_desk": (
        f"module-null-sink sink_name=rtvc_desk norewinds=1 rate={RATE} channels=2 format=float32le "
        "sink_properties=device.description=Desk"
    ),
}


def wait_until(
    condition: Callable[[], object], seconds: float, what: str, instead: Callable[[], str] = lambda: ""
) -> None:
    """Poll until `condition()` is true; fail with `what`, and what there is `instead`, after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s in vain until {what}; instead {instead()}")
        time.sleep(0.02)


class PulseServer:
    """One server in its own folder; `environment` makes this process and its children its clients."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "runtime" / "native"
        for name in ("runtime", "state", "config"):
            (folder / name).mkdir(mode=0o700, parents=True)
        (folder / "config" / "client.conf").write_text("autospawn = no\n")
        (folder / "config" / "daemon.conf").write_text(
            f"default-sample-format = float32le\ndefault-sample-rate = {RATE}\nalternate-sample-rate = {RATE}\n"
            "default-sample-channels = 2\nflat-volumes = no\n"
        )
        (folder / "server.pa").write_text(SCRIPT.format(socket=self.socket))
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder / "runtime"),
            "PULSE_STATE_PATH": str(folder / "state"),
            "PULSE_COOKIE": str(folder / "config" / "cookie"),
            "PULSE_CLIENTCONFIG": str(folder / "config" / "client.conf"),
            "PULSE_SERVER": f"unix:{self.socket}",
        }
        self._modules: dict[str, str] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server with every device of `MODULES`."""
        self.socket.unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["pulseaudio", "-n", "-F", str(self.folder / "server.pa"), "--daemonize=no", "--use-pid-file=no",
                 "--exit-idle-time=-1", "--disallow-exit=yes", "--realtime=yes", "--high-priority=yes",
                 "--resample-method=speex-float-5", "--disable-shm=yes", "--log-target=stderr", "--log-level=notice"],
                env={**os.environ, **self.environment, "PULSE_CONFIG": str(self.folder / "config" / "daemon.conf")},
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip
        wait_until(lambda: self._try("info"), 15, "the sound server answers")
        for name in MODULES:
            self.plug(name)
        self.control("set-default-sink", "rtvc_desk")
        self.control("set-default-source", "rtvc_mic")

    @property
    def process_id(self) -> int:
        """Its number in the system."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End the server at once, as a crash would."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None
            self._modules.clear()

    def plug(self, name: str) -> None:
        """Add a device of `MODULES`."""
        self._modules[name] = self.control("load-module", *MODULES[name].split()).strip()

    def unplug(self, name: str) -> None:
        """Remove a device."""
        self.control("unload-module", self._modules.pop(name))

    def control(self, *words: str) -> str:
        """Run pactl and return what it prints."""
        run = subprocess.run(["pactl", *words], env=self._all(), capture_output=True, text=True, timeout=20, check=True)
        return run.stdout

    def play(self, samples: np.ndarray, sink: str = "rtvc_feed") -> "Player":
        """Play mono float32 samples into a sink, over and over."""
        return Player(samples, sink, self._all())

    def record(self, source: str = "rtvc_out.monitor") -> "Recording":
        """Record a source, mono, from now on."""
        return Recording(source, self._all())

    def _all(self) -> dict[str, str]:
        return {**os.environ, **self.environment}

    def _try(self, *words: str) -> bool:
        run = subprocess.run(["pactl", *words], env=self._all(), capture_output=True, timeout=20, check=False)
        return run.returncode == 0


class Player:
    """pacat, fed for ever with the same samples."""

    def __init__(self, samples: np.ndarray, sink: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            ["pacat", "--raw", f"--device={sink}", f"--rate={RATE}", "--channels=1", "--format=float32le",
             "--latency-msec=50"],
            env=environment, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._piece = np.ascontiguousarray(samples, dtype=np.float32).tobytes()
        self._thread = threading.Thread(target=self._feed, daemon=True)
        self._thread.start()

    def _feed(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            while True:
                self._process.stdin.write(self._piece)

    def stop(self) -> None:
        """Stop playing."""
        self._process.kill()
        self._process.wait()
        self._thread.join(2)


class Recording:
    """parec of one source; `samples` grows while it runs.

    `start_time` is the monotonic moment of sample 0: the least of (arrival - samples so far / rate),
    which a null sink's own clock makes good to a millisecond however late the reader is scheduled.
    """

    def __init__(self, source: str, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            ["parec", "--raw", f"--device={source}", f"--rate={RATE}", "--channels=1", "--format=float32le",
             "--latency-msec=10"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
        )  # fmt: skip
        self.start_time = float("inf")
        self._pieces: list[np.ndarray] = []
        self._count = 0
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def samples(self) -> np.ndarray:
        """Everything recorded so far."""
        return np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.float32)

    def last(self, seconds: float) -> np.ndarray:
        """The newest `seconds`, or less."""
        return self.samples[-int(seconds * RATE) :]

    def stop(self) -> np.ndarray:
        """Stop and return everything recorded."""
        self._process.kill()
        self._process.wait()
        self._thread.join(2)
        return self.samples

    def _read(self) -> None:
        assert self._process.stdout is not None
        rest = b""
        while data := os.read(self._process.stdout.fileno(), 65536):
            now = time.monotonic()
            data = rest + data
            whole = len(data) // 4 * 4
            rest = data[whole:]
            self._pieces.append(np.frombuffer(data[:whole], np.float32))
            self._count += whole // 4
            if self._count > RATE // 2:  # the first burst is not on the clock
                self.start_time = min(self.start_time, now - self._count / RATE)


@contextlib.contextmanager
def pulse_server(folder: Path) -> Iterator[PulseServer]:
    """A running server, ended at exit."""
    server = PulseServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def missing_programs() -> list[str]:
    """The programs these tests need and this machine lacks."""
    return [name for name in REQUIRED_PROGRAMS if shutil.which(name) is None]
