"""What the processes of a run are told to do, as plain data: whoever tells them need not load what they do it with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rtvc.library import Voice
from rtvc.presets import StreamTimes

DEFAULT_LOADER = "rtvc.loading:load_model"


@dataclass(frozen=True)
class AudioSetup:
    """What the audio process is to do: memory by name, devices by exact name, rates in Hz, `block` in seconds.

    `input` is None where `recording` takes its place, over and over where it `repeats`; `output` is None where a clock
    does. What the engine gets to hear is also written to the ring `heard`, what is played to the rings `recorded` and
    `monitored`, and both to the two of `guarded`. Each lane has its source and its sink. `has_server` tells whether a
    sound server named the devices.
    """

    shared: str
    sources: tuple[str, ...]
    sinks: tuple[str, ...]
    input_rate: int
    output_rate: int
    block: float
    has_server: bool
    input: str | None = None
    recording: Path | None = None
    repeats: bool = False
    output: str | None = None
    monitor: str | None = None
    heard: str | None = None
    recorded: str | None = None
    monitored: str | None = None
    guarded: tuple[str, str] | None = None


@dataclass(frozen=True)
class EngineSetup:
    """What the engine process is to do: memory by name, rates in Hz.

    `has_one_clock` tells that the output paces the input.
    `gives_way` tells that another voice speaks meanwhile, which loading must not disturb.
    `loader` names the function `module:function` that makes a model of (voice, device, threads).
    """

    shared: str
    lane: int
    source: str
    sink: str
    voice: Voice
    input_rate: int
    output_rate: int
    times: StreamTimes
    values: Mapping[str, float]
    device: str
    threads: int
    has_one_clock: bool = False
    is_dry: bool = False
    gives_way: bool = False
    loader: str = DEFAULT_LOADER
