"""What the sound server of Linux says: PulseAudio, or PipeWire speaking its language."""

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, TypeVar

from rtvc.errors import DeviceError

PORT_PROPERTY = "rtvc.port"
PROCESS_PROPERTY = "application.process.id"
NULL_SINK_DRIVER = "module-null-sink.c"
CONNECT_SECONDS = 2.0
MICROSECOND = 1e-6

Result = TypeVar("Result")


@dataclass(frozen=True)
class Endpoint:
    """A source (microphone) or a sink (output) of the server."""

    name: str
    description: str
    rate: int
    is_default: bool
    is_suspended: bool
    is_monitor: bool = False


@dataclass(frozen=True)
class Placement:
    """Where the server has one of our streams, and how long its samples wait there.

    `wait` is the time in seconds, on average, between the server's end of the stream and the device's sound.
    """

    port: str
    device: str
    wait: float


class PulseServer:
    """A connection to the user's sound server; every question may raise DeviceError, and then it is to be closed."""

    def __init__(self, name: str = "rtvc") -> None:
        """Connect, without starting a server; DeviceError when there is none."""
        library = _library()
        self._library = library
        self._faults = (library.PulseError, library.PulseDisconnected, OSError)
        try:
            self._client = library.Pulse(name, connect=False)
            self._client.connect(autospawn=False, timeout=CONNECT_SECONDS)
        except self._faults as error:
            raise DeviceError("the sound server does not answer") from error

    def sources(self) -> tuple[Endpoint, ...]:
        """Return all sources, monitors of outputs among them."""
        default = self._ask(self._client.server_info).default_source_name
        return tuple(
            _endpoint(one, default, bool(one.monitor_of_sink_name)) for one in self._ask(self._client.source_list)
        )

    def sinks(self) -> tuple[Endpoint, ...]:
        """Return all sinks."""
        default = self._ask(self._client.server_info).default_sink_name
        return tuple(_endpoint(one, default) for one in self._ask(self._client.sink_list))

    def placements(self, process: int) -> tuple[Placement, ...]:
        """Return where the streams that a process named with PORT_PROPERTY are."""
        sources = {one.index: one for one in self._ask(self._client.source_list)}
        sinks = {one.index: one for one in self._ask(self._client.sink_list)}
        recorded = [_recording(one, sources) for one in self._ours(self._client.source_output_list, process)]
        played = [_playing(one, sinks) for one in self._ours(self._client.sink_input_list, process)]
        return tuple(one for one in (*recorded, *played) if one is not None)

    def watch(self) -> None:
        """Let `wait` return early whenever devices or streams come, go or move."""
        self._ask(self._client.event_mask_set, "sink", "source", "sink_input", "source_output", "server")
        self._ask(self._client.event_callback_set, self._on_event)

    def wait(self, seconds: float) -> None:
        """Wait for a change, or so long; after `watch` only."""
        self._ask(self._client.event_listen, timeout=seconds)

    def close(self) -> None:
        """Disconnect."""
        self._client.close()

    def _on_event(self, event: Any) -> None:
        raise self._library.PulseLoopStop

    def _ours(self, question: Callable[..., Any], process: int) -> list[Any]:
        return [
            one
            for one in self._ask(question)
            if one.proplist.get(PROCESS_PROPERTY) == str(process) and PORT_PROPERTY in one.proplist
        ]

    def _ask(self, question: Callable[..., Result], *words: Any, **options: Any) -> Result:
        try:
            return question(*words, **options)
        except self._faults as error:
            raise DeviceError("the sound server has gone") from error


def _library() -> ModuleType:
    """pulsectl, which needs the server's client library on the machine."""
    try:
        import pulsectl
    except (ImportError, OSError) as error:
        raise DeviceError("this machine has no client library of PulseAudio (libpulse)") from error
    module: ModuleType = pulsectl
    return module


def _endpoint(info: Any, default: str, is_monitor: bool = False) -> Endpoint:
    return Endpoint(
        name=info.name,
        description=info.description,
        rate=int(info.sample_spec.rate),
        is_default=info.name == default,
        is_suspended=info.state == "suspended",
        is_monitor=is_monitor,
    )


def _recording(info: Any, sources: dict[int, Any]) -> Placement | None:
    source = sources.get(info.source)
    if source is None:
        return None
    return Placement(info.proplist[PORT_PROPERTY], source.name, MICROSECOND * (info.buffer_usec + info.source_usec))


def _playing(info: Any, sinks: dict[int, Any]) -> Placement | None:
    sink = sinks.get(info.sink)
    if sink is None:
        return None
    wait = MICROSECOND * (info.buffer_usec + info.sink_usec)
    if (
        sink.driver == NULL_SINK_DRIVER
    ):  # its listeners get each block as it begins
        wait -= MICROSECOND * sink.configured_latency
    return Placement(info.proplist[PORT_PROPERTY], sink.name, max(wait, 0.0))
