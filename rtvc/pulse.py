"""What the sound server of Linux says: PulseAudio, or PipeWire speaking its language."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from types import ModuleType
from typing import Any, TypeVar

from rtvc.errors import DeviceError

PORT_PROPERTY = "rtvc.port"
PROCESS_PROPERTY = "application.process.id"
NULL_SINK_DRIVER = "module-null-sink.c"
CONNECT_SECONDS = 2.0
POLL_SECONDS = 0.005
MICROSECOND = 1e-6
MASTER = re.compile(r"\b(?:master|source_master)=\"?([^\s\"]+)")  # what a virtual source's module hears

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
    """Where the server has one of our streams, and how long its samples wait there, in seconds.

    `wait` is from the server's end of the stream to the device's sound at this moment. A virtual output has no
    sound: its listeners get each block as it begins, a whole block, `head_start`, before its time.
    """

    port: str
    device: str
    wait: float
    head_start: float = 0.0


@dataclass(frozen=True)
class View:
    """One look at the server, begun at the monotonic time `taken`; empty when it does not answer."""

    taken: float = 0.0
    is_alive: bool = False
    sources: Mapping[str, Endpoint] = field(default_factory=dict)
    sinks: Mapping[str, Endpoint] = field(default_factory=dict)
    placements: Mapping[str, Placement] = field(default_factory=dict)
    """By port."""


class PulseServer:
    """A connection to the user's sound server; every question may raise DeviceError, and then it is to be closed."""

    def __init__(self, name: str = "rtvc") -> None:
        """Connect, without starting a server; DeviceError when there is none."""
        library = _library()
        self._library = library
        self._faults = (library.PulseError, library.PulseDisconnected, OSError)
        try:
            self._client = library.Pulse(name, connect=False)
            _connect(self._client)
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

    def heard_by(self, source: str) -> tuple[str, ...]:
        """Return the sources that a virtual source gets its sound from, one through the other."""
        modules = self.modules()
        owners = {one.name: modules.get(one.owner_module, "") for one in self._ask(self._client.source_list)}
        chain = [source]
        while (found := MASTER.search(owners.get(chain[-1], ""))) and found[1] not in chain:
            chain.append(found[1])
        return tuple(chain[1:])

    def modules(self) -> dict[int, str]:
        """Return the arguments of all loaded modules, by index."""
        return {one.index: one.argument or "" for one in self._ask(self._client.module_list)}

    def load(self, module: str, arguments: str) -> int:
        """Load a module and return its index; DeviceError where the server refuses."""
        return int(self._ask(self._client.module_load, module, arguments))

    def unload(self, index: int) -> None:
        """Unload a module; DeviceError where the server refuses."""
        self._ask(self._client.module_unload, index)

    def look(self, process: int) -> "View":
        """Return all devices, and where the streams are that a process named with PORT_PROPERTY."""
        taken = monotonic()
        sources, sinks = self._ask(self._client.source_list), self._ask(self._client.sink_list)
        source_of, sink_of = {one.index: one for one in sources}, {one.index: one for one in sinks}
        recorded = [_recording(one, source_of) for one in self._ours(self._client.source_output_list, process)]
        played = [_playing(one, sink_of) for one in self._ours(self._client.sink_input_list, process)]
        return View(
            taken=taken,
            is_alive=True,
            sources={one.name: _endpoint(one, "", bool(one.monitor_of_sink_name)) for one in sources},
            sinks={one.name: _endpoint(one, "") for one in sinks},
            placements={one.port: one for one in (*recorded, *played) if one is not None},
        )

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


def _connect(client: Any) -> None:
    """Connect within CONNECT_SECONDS; pulsectl itself looks for the answer only when the time is up."""
    poll = client._pulse_poll
    client._pulse_poll = lambda seconds: poll(min(seconds, POLL_SECONDS))
    try:
        client.connect(autospawn=False, timeout=CONNECT_SECONDS)
    finally:
        del client._pulse_poll


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
    head_start = MICROSECOND * sink.configured_latency if sink.driver == NULL_SINK_DRIVER else 0.0
    return Placement(info.proplist[PORT_PROPERTY], sink.name, wait, head_start)
