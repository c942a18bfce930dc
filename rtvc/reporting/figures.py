"""The figures of a report: the means over its recordings, and what they mean."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from rtvc.bench import PERCENTILES
from rtvc.reporting.trial import Trial, named_loads


class Row(NamedTuple):
    """A figure by its name, how it is written, and what it is to be compared with."""

    name: str
    title: str
    form: str
    meaning: str


ROWS = (
    Row("similarity", "Likeness to the speaker", "{:.2f}", "two recordings of one speaker have .8 and more"),
    Row("similarity_to_source", "Likeness to whoever spoke", "{:.2f}", "strangers have about .6; lower is better"),
    Row("words", "Words recognised", "{:.0%}", "of those recognised in what was spoken"),
    Row("dnsmos", "Sound (DNSMOS)", "{:.2f} of 5", "clean studio speech has 3.2 to 3.5"),
    Row("log_f0_correlation", "Melody kept (log-F0 correlation)", "{:.2f}", "1 where it rises and falls as was spoken"),
    Row("median_f0_hz", "Median F0", "{:.0f} Hz", "of the conversions"),
    Row("delay_ms", "Delay of the engine", "{:.1f} ms", "a live session adds the devices' blocks and its margin"),
    Row("load_mean", "Load", "{:.1%}", "computing time as a part of real time, mean"),
    *(Row(f"load_p{p}", f"Load, {p} % of the hops below", "{:.1%}", "at 100 % a hop comes too late")
      for p in PERCENTILES),
)  # fmt: skip


def figures_of(trials: Sequence[Trial]) -> dict[str, Any]:
    """The means over all recordings; loads over all hops. Figures that no recording has are not there."""
    told = [trial.figures() for trial in trials]
    names = [row.name for row in ROWS if any(row.name in one for one in told)]
    found = {name: float(np.mean([one[name] for one in told if name in one])) for name in names}
    found |= named_loads(np.concatenate([trial.loads for trial in trials]))
    found["delay_ms"] = 1000 * trials[0].delay.total
    return {name: round(value, 4) for name, value in found.items()}


def delay_ms(trial: Trial) -> dict[str, float]:
    """The parts of the engine's delay in milliseconds."""
    return {name: round(1000 * seconds, 2) for name, seconds in asdict(trial.delay).items()}
