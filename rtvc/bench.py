"""How fast a voice is on this machine, and how much delay it adds: real speech through the live engine."""

import gc
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.base import StreamSpec, VoiceModel
from rtvc.convert import check_model_values
from rtvc.demo import RECORDING
from rtvc.engine import Engine
from rtvc.machine import describe_machine, network_facts
from rtvc.resample import Samples, resampled
from rtvc.wavfile import read_audio

DEVICE_RATE = 48000
WARM_UP = 1.0  # seconds of speech before the clock runs
PERCENTILES = (50, 95, 99)


@dataclass(frozen=True)
class Measurement:
    """What `measure` found; load is computing time as a part of real time, 1 is too slow to be live."""

    seconds: float
    hop: float
    load: dict[str, float]
    stages: dict[str, float]
    delay: dict[str, float]

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for JSON, times in milliseconds, with the machine."""
        machine = describe_machine() | network_facts()
        return {
            "seconds": round(self.seconds, 3),
            "hop_ms": round(self.hop * 1000, 3),
            "device_rate": DEVICE_RATE,
            "load": {name: round(value, 4) for name, value in self.load.items()},
            "stages_ms_per_hop": {name: round(value * 1000, 4) for name, value in self.stages.items()},
            "delay": {f"{name}_ms": round(value * 1000, 2) for name, value in self.delay.items()},
            "machine": machine,
        }


def measure(model: VoiceModel, spec: StreamSpec, values: Mapping[str, float], seconds: float) -> Measurement:
    """Convert `seconds` of speech at 48 kHz hop by hop, as fast as it goes, and time every hop.

    The delay is the engine's own; a live session adds the devices' blocks and its margin. Raises RtvcError where
    a value is none of the voice's.
    """
    check_model_values(model, values)
    engine = Engine(model, DEVICE_RATE, DEVICE_RATE, spec, values)
    hop = round(engine.hop * DEVICE_RATE)
    warm_up = max(round(WARM_UP / engine.hop), 2)
    count = max(round(seconds / engine.hop), 1)
    hops = np.resize(speech(), (warm_up + count) * hop).reshape(-1, hop)
    for one in hops[:warm_up]:
        engine.process(one)
    before = engine.stage_seconds
    gc.collect()
    gc.freeze()
    times = np.array([_seconds_of(engine, one) for one in hops[warm_up:]])
    gc.unfreeze()
    stages = {name: (spent - before[name]) / count for name, spent in engine.stage_seconds.items()}
    delay = {**asdict(engine.delay), "total": engine.delay.total}
    return Measurement(count * engine.hop, engine.hop, load_figures(times / engine.hop), stages, delay)


def speech(wanted_rate: int = DEVICE_RATE) -> Samples:
    """Return the bundled recording [n] at a rate."""
    return resampled(*read_audio(RECORDING), wanted_rate)


def _seconds_of(engine: Engine, samples: Samples) -> float:
    start = perf_counter()
    engine.process(samples)
    return perf_counter() - start


def load_figures(loads: NDArray[np.floating]) -> dict[str, float]:
    """Return mean, percentiles and maximum of what hops took, as parts of their time [n]."""
    quantiles = {f"p{percent}": float(np.percentile(loads, percent)) for percent in PERCENTILES}
    return {"mean": float(loads.mean()), **quantiles, "max": float(loads.max())}
