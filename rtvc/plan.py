"""What a session is to do, and what that means on this machine: devices found, rates known, paths checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rtvc.devices import MONITOR_ENDING, find, heard_by, is_served, list_devices
from rtvc.errors import AudioFileError, DeviceError
from rtvc.library import Voice
from rtvc.presets import StreamTimes

DEFAULT = "@default"
SILENT_RATE = 48_000  # Hz, of an output that nobody hears


@dataclass(frozen=True)
class SessionOptions:
    """What a session is to do; times in seconds.

    `input` is the exact name of a device, the path of a recording to play in its place, over and over where it
    `repeats`, or None for the default device; `output` the exact name of a device, DEFAULT for the default one, or None
    for no sound at all (the clock then sets the pace). Where it `waits` the session begins when all devices are there.
    `hop`, `left`, `right` and `fade` are how the voice is streamed (`rtvc.presets.StreamTimes`).
    `total` is a whole delay that is held at a microphone, in place of `margin`; where it cannot be the session fails,
    or only says so, as `holds_strictly` decides. `monitor` is a second output. `record` is a new file of what is
    played, `record_input` one of what is heard. `may_loop` lets the microphone hear the output, for measurements.
    """

    voice: Voice
    input: str | Path | None = None
    output: str | None = None
    monitor: str | None = None
    record: Path | None = None
    record_input: Path | None = None
    hop: float = 0.02
    left: float = 0.0
    right: float | None = None
    fade: float = 0.0
    margin: float = 0.03
    block: float = 0.01
    values: Mapping[str, float] = field(default_factory=dict)
    device: str = "auto"
    threads: int = 1
    may_loop: bool = False
    total: float | None = None
    holds_strictly: bool = True
    repeats: bool = False
    waits: bool = False

    @property
    def times(self) -> StreamTimes:
        """How the voice is streamed."""
        return StreamTimes(self.hop, self.left, self.right, self.fade)


@dataclass(frozen=True)
class Plan:
    """The options with everything looked up; rates in Hz."""

    input: str | None
    recording: Path | None
    output: str | None
    monitor: str | None
    input_rate: int
    output_rate: int
    has_server: bool
    repeats: bool = False


def make_plan(options: SessionOptions) -> Plan:
    """Look everything up; DeviceError or AudioFileError for what is not there or would feed back."""
    recording = options.input if isinstance(options.input, Path) else None
    silent = recording is not None and options.output is None and options.monitor is None
    devices = () if silent else list_devices()
    heard = None if isinstance(options.input, Path) else find(options.input, "input", devices)
    output = None if options.output == DEFAULT else options.output
    played = find(output, "output", devices) if options.output is not None else None
    monitor = find(options.monitor, "output", devices) if options.monitor is not None else None
    has_server = bool(devices) and is_served()
    if heard is not None and has_server and not options.may_loop:
        _refuse_loop(heard.name, [one.name for one in (played, monitor) if one is not None])
    return Plan(
        input=heard.name if heard is not None else None,
        recording=recording,
        output=played.name if played is not None else None,
        monitor=monitor.name if monitor is not None else None,
        input_rate=heard.rate if heard is not None else recording_rate(recording),
        output_rate=played.rate if played is not None else monitor.rate if monitor is not None else SILENT_RATE,
        has_server=has_server,
        repeats=options.repeats and recording is not None,
    )


def recording_rate(path: Path | None) -> int:
    """Return the rate of a recording; AudioFileError when it cannot be read."""
    import soundfile

    try:
        return int(soundfile.info(str(path)).samplerate)
    except (soundfile.LibsndfileError, OSError) as error:
        raise AudioFileError(f"{path} cannot be read as audio") from error


def _refuse_loop(heard: str, outputs: list[str]) -> None:
    sources = (heard, *heard_by(heard))
    for output in outputs:
        if output + MONITOR_ENDING in sources:
            raise DeviceError(f"{heard} hears what {output} plays, the voice would feed back; take another microphone")
