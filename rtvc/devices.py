"""The sound devices by the names that the sound server itself shows."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rtvc.errors import AbsentError, DeviceError
from rtvc.nearest import hint
from rtvc.permission import refusal
from rtvc.pulse import Endpoint, PulseServer

Kind = Literal["input", "output"]
KIND_WORDS: dict[Kind, str] = {"input": "microphone", "output": "output"}
MONITOR_ENDING = ".monitor"
SERVER = "the sound server"


@dataclass(frozen=True)
class Device:
    """One device; `rate` is its own sample rate in Hz, a monitor hears what an output plays."""

    name: str
    description: str
    is_input: bool
    is_output: bool
    is_default: bool
    rate: int
    is_monitor: bool = False

    def is_kind(self, kind: Kind) -> bool:
        """Whether the device can be used as an input, or as an output."""
        return self.is_input if kind == "input" else self.is_output


def list_devices() -> tuple[Device, ...]:
    """Return all inputs, then all outputs, monitors last; DeviceError when there is nobody to ask."""
    if sys.platform != "linux":
        return _library_devices()
    try:
        return _server_devices()
    except DeviceError as error:
        found = _library_devices()
        if found:
            return found
        if words := refusal():
            raise DeviceError(words) from error
        raise AbsentError(f"{error}, and there is no sound device without it", SERVER) from error


def is_served() -> bool:
    """Whether a sound server names the devices; else PortAudio does."""
    if sys.platform != "linux":
        return False
    try:
        PulseServer().close()
    except DeviceError:
        return False
    return True


def find(name: str | None, kind: Kind, devices: Sequence[Device] | None = None) -> Device:
    """Return the device of exactly this name, or the default one for None; AbsentError with the nearest match."""
    usable = [one for one in (list_devices() if devices is None else devices) if one.is_kind(kind)]
    for device in usable:
        if device.name == name or (name is None and device.is_default):
            return device
    if name is not None:
        near = hint(name, [one.name for one in usable])
        raise AbsentError(f"no {KIND_WORDS[kind]} {name!r}{near}", f"{KIND_WORDS[kind]} {name}")
    real = [one for one in usable if not one.is_monitor]
    if not real:
        words = f"there is no {KIND_WORDS[kind]} on this machine; connect one"
        raise AbsentError(words, f"{'an' if kind == 'output' else 'a'} {KIND_WORDS[kind]}")
    return real[0]


def recording_of(name: str | None) -> Path | None:
    """Return the recording that takes a microphone's place where it is named by its whole path, None for a device."""
    return Path(name) if name is not None and Path(name).is_absolute() else None


def played_on(monitor: str) -> str:
    """Return the name of the output that a monitor hears."""
    return monitor.removesuffix(MONITOR_ENDING)


def heard_by(name: str) -> tuple[str, ...]:
    """Return the devices that a virtual microphone of the sound server gets its sound from; none for a real one."""
    server = PulseServer()
    try:
        return server.heard_by(name)
    finally:
        server.close()


def _server_devices() -> tuple[Device, ...]:
    server = PulseServer()
    try:
        inputs = [_from_server(one, "input") for one in server.sources()]
        outputs = [_from_server(one, "output") for one in server.sinks()]
    finally:
        server.close()
    inputs.sort(key=lambda one: one.is_monitor)
    return (*inputs, *outputs)


def _from_server(one: Endpoint, kind: Kind) -> Device:
    return Device(
        name=one.name,
        description=one.description,
        is_input=kind == "input",
        is_output=kind == "output",
        is_default=one.is_default,
        rate=one.rate,
        is_monitor=one.is_monitor,
    )


def _library_devices() -> tuple[Device, ...]:
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise DeviceError("there is no sound server, and no PortAudio library to ask instead") from error
    try:
        systems = sounddevice.query_hostapis()
        found = sounddevice.query_devices()
        defaults = set(sounddevice.default.device)
    except sounddevice.PortAudioError as error:
        raise DeviceError(f"the sound system cannot be asked for its devices ({error})") from error
    return tuple(_from_library(one, systems[one["hostapi"]], one["index"] in defaults) for one in found)


def _from_library(one: dict[str, Any], system: dict[str, Any], is_default: bool) -> Device:
    is_input, is_output = one["max_input_channels"] > 0, one["max_output_channels"] > 0
    return Device(
        name=f"{one['name']}, {system['name']}",
        description=str(one["name"]),
        is_input=is_input,
        is_output=is_output,
        is_default=is_default,
        rate=round(one["default_samplerate"]),
    )
