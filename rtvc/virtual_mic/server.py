"""The virtual microphone of PulseAudio, or of PipeWire speaking its language: a sink, and a source that hears it.

Programs such as browsers list no monitor of an output, so the source is a remapped one of its own.
"""

from dataclasses import dataclass

from rtvc.errors import DeviceError
from rtvc.pulse import PulseServer

SINK, SOURCE = "rtvc_virtual_out", "rtvc_virtual_mic"
MICROPHONE_WORDS, OUTPUT_WORDS = "rtvc microphone", "Output to the rtvc microphone"
FORMAT = "rate=48000 format=float32le"
SINK_ARGUMENTS = f"sink_name={SINK} {FORMAT} channels=2 sink_properties=\"device.description='{OUTPUT_WORDS}'\""
SHORT_BLOCKS = "norewinds=1"  # the sink's blocks are 50 ms then, else up to 2 s; older servers do not know the word
SOURCE_ARGUMENTS = (
    f"source_name={SOURCE} master={SINK}.monitor {FORMAT} channels=1 "
    f"source_properties=\"device.description='{MICROPHONE_WORDS}' device.class=sound\""
)


@dataclass(frozen=True)
class Found:
    """The modules of a virtual microphone that the server has, by index; it is whole where there are both."""

    sink: int | None
    source: int | None

    @property
    def is_whole(self) -> bool:
        """Whether it can be used."""
        return self.sink is not None and self.source is not None


def look_for(server: PulseServer) -> Found:
    """Return what there is of our virtual microphone."""
    sink = source = None
    for index, arguments in server.modules().items():
        words = arguments.split()
        sink = index if f"sink_name={SINK}" in words else sink
        source = index if f"source_name={SOURCE}" in words else source
    return Found(sink, source)


def make_whole(server: PulseServer) -> bool:
    """Load what is missing; True where something was, DeviceError where the server refuses."""
    found = look_for(server)
    if found.is_whole:
        return False
    if found.sink is None:
        take_away(server)
        try:
            server.load("module-null-sink", f"{SINK_ARGUMENTS} {SHORT_BLOCKS}")
        except DeviceError:
            _load(server, "module-null-sink", SINK_ARGUMENTS)
    _load(server, "module-remap-source", SOURCE_ARGUMENTS)
    return True


def take_away(server: PulseServer) -> bool:
    """Unload all that there is of it; True where there was something."""
    found = look_for(server)
    loaded = [index for index in (found.source, found.sink) if index is not None]
    for index in loaded:
        server.unload(index)
    return bool(loaded)


def _load(server: PulseServer, module: str, arguments: str) -> None:
    try:
        server.load(module, arguments)
    except DeviceError as error:
        raise DeviceError(f"the sound server refuses to make a virtual microphone ({module} does not load)") from error
