"""PortAudio streams: opened by exact name, closed with a time limit."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from types import ModuleType
from typing import Any

import numpy as np

from rtvc.errors import DeviceError
from rtvc.port import HungError
from rtvc.pulse import PORT_PROPERTY
from rtvc.resample import Samples

SERVER_DEVICE = "pulse"  # the ALSA device that leads to the sound server
CLOSE_SECONDS = 1.0
BLOCKS_KEPT = 2
LONGEST_WAIT = 2.0  # seconds
NEW_WAIT = 0.02  # the share of a new value in the average
ANY_BLOCK = 0  # PortAudio's word for blocks of any length

OnBlock = Callable[[Samples, float, bool], None]
"""Called with the samples [n] of a block, the monotonic time, and whether the system lost something before it."""


@dataclass(frozen=True)
class Wish:
    """A stream to open: `port` is our name for it, `rate` in Hz, `block` in samples.

    A microphone's blocks are as long as what has come, half a block about: in fixed ones the rest would wait.
    """

    port: str
    device: str
    rate: int
    block: int

    @property
    def latency(self) -> float:
        """Seconds of sound that the system is to keep."""
        return BLOCKS_KEPT * self.block / self.rate


class SoundLibrary:
    """PortAudio in this process; only one may exist.

    With a sound server a stream goes to ALSA's device `pulse`, whose plugin reads from the environment, when it is
    opened, which device of the server is meant; that device is never replaced by another unseen. Without one, the
    device is looked for among PortAudio's by its exact name.
    """

    def __init__(self, has_server: bool) -> None:
        """Start PortAudio; DeviceError where the library is missing."""
        self._has_server = has_server
        try:
            import sounddevice
        except (ImportError, OSError) as error:
            raise DeviceError("PortAudio is not installed; on Debian: apt install libportaudio2") from error
        self._library: ModuleType = sounddevice

    def open_input(self, wish: Wish, on_block: OnBlock) -> "SoundStream":
        """Open a microphone; `on_block` takes each block, called by PortAudio's thread."""

        def called(indata: Any, frames: int, time: Any, flags: Any) -> None:
            on_block(indata[:, 0], monotonic(), bool(flags.input_overflow))

        return self._open(SoundStream(), self._library.InputStream, "PULSE_SOURCE", wish, ANY_BLOCK, called)

    def open_output(self, wish: Wish, on_block: OnBlock) -> "SoundStream":
        """Open an output; `on_block` fills each block, called by PortAudio's thread."""
        mono: Samples = np.zeros(wish.block, np.float32)
        stream = SoundStream()

        def called(outdata: Any, frames: int, time: Any, flags: Any) -> None:
            stream.note_wait(time.outputBufferDacTime - time.currentTime)
            on_block(mono[:frames], monotonic(), bool(flags.output_underflow))
            outdata[:] = mono[:frames, None]

        return self._open(stream, self._library.OutputStream, "PULSE_SINK", wish, wish.block, called)

    def restart(self) -> None:
        """Let PortAudio find new devices; every stream must be closed."""
        self._library._terminate()
        self._library._initialize()

    def _open(
        self, stream: "SoundStream", kind: Any, variable: str, wish: Wish, block: int, called: Callable[..., None]
    ) -> "SoundStream":
        try:
            with _environment(self._server_words(variable, wish)):
                index, channels = self._find(wish.device, kind is self._library.InputStream)
                stream.take(
                    kind(
                        device=index,
                        samplerate=wish.rate,
                        blocksize=block,
                        channels=channels,
                        dtype="float32",
                        latency=wish.latency,
                        callback=called,
                        finished_callback=stream.note_end,
                    )
                )
                stream.start()
        except (self._library.PortAudioError, ValueError) as error:
            stream.close()
            raise DeviceError(_words(error)) from error
        return stream

    def _server_words(self, variable: str, wish: Wish) -> dict[str, str]:
        if not self._has_server:
            return {}
        return {variable: wish.device, "PULSE_PROP": f"application.name=rtvc {PORT_PROPERTY}={wish.port}"}

    def _find(self, name: str, is_input: bool) -> tuple[int, int]:
        """The device's index and the channels to open: one at a server, which mixes, else those it has, up to two."""
        systems = self._library.query_hostapis()
        key = "max_input_channels" if is_input else "max_output_channels"
        for one in self._library.query_devices():
            found = one["name"] if self._has_server else f"{one['name']}, {systems[one['hostapi']]['name']}"
            if found == (SERVER_DEVICE if self._has_server else name) and one[key] > 0:
                return int(one["index"]), 1 if self._has_server else min(int(one[key]), 2)
        if self._has_server:
            raise DeviceError("ALSA has no way to the sound server; on Debian: apt install libasound2-plugins")
        raise DeviceError("it is not there")


class SoundStream:
    """A running stream."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._wait = 0.0
        self.has_ended = False

    def note_end(self) -> None:
        """The system has ended the stream."""
        self.has_ended = True

    def take(self, stream: Any) -> None:
        """Own an opened stream of PortAudio's."""
        self._stream = stream

    def start(self) -> None:
        """Let blocks come."""
        self._stream.start()

    def note_wait(self, wait: float) -> None:
        """A block will sound `wait` seconds from now, PortAudio says; averaged, and nonsense is left out."""
        if 0.0 < wait < LONGEST_WAIT:
            self._wait += (wait - self._wait) * (NEW_WAIT if self._wait else 1.0)

    @property
    def wait(self) -> float:
        """Seconds from a block's callback to the sound of its first sample, as PortAudio says."""
        return self._wait or (float(self._stream.latency) if self._stream is not None else 0.0)

    def close(self) -> None:
        """End it; HungError when PortAudio does not come back."""
        if self._stream is None:
            return
        closing = threading.Thread(target=self._close, daemon=True)
        closing.start()
        closing.join(CLOSE_SECONDS)
        if closing.is_alive():
            raise HungError

    def _close(self) -> None:
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


@contextmanager
def _environment(words: dict[str, str]) -> Iterator[None]:
    """Set variables for as long as a stream is being opened."""
    before = {name: os.environ.pop(name, None) for name in words}
    os.environ.update(words)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def _words(error: Exception) -> str:
    """What PortAudio says, without its codes."""
    return str(error.args[0]) if error.args else type(error).__name__
