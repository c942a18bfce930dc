"""A model's stages, joined, timed, and kept from letting anything but numbers out."""

from math import isfinite
from time import perf_counter

import numpy as np

from models.base import StreamSpec, VoiceModel
from rtvc.resample import Samples

FADE = 0.005  # seconds, from the last good sample to silence and from silence to the first good one


class Chain:
    """Whole pieces at the model's input rate in, what is ready at its output rate out.

    Output that is not finite becomes silence: the stages start anew, the stretch they will not return is filled
    with zeros, so that what follows stays aligned to the input, and both ends are faded.
    """

    def __init__(self, model: VoiceModel, spec: StreamSpec, values: dict[str, float]) -> None:
        """Open the model's stages; `values` is shared with them, and remembered ones are set when they restart."""
        self._rates = model.input_rate, model.output_rate
        self._values = values
        self._remembered: tuple[str, ...] = tuple(getattr(model, "remembered", ()))
        self._stages = model.open(spec, values)
        self._names = _distinct([getattr(stage, "name", type(stage).__name__) for stage in self._stages])
        self._fade = max(round(FADE * model.output_rate), 1)
        self.seconds = dict.fromkeys(self._names, 0.0)
        self.nan_count = 0
        self.reset()

    @property
    def delay(self) -> float:
        """Seconds of future all stages together wait for."""
        return sum(stage.delay for stage in self._stages)

    @property
    def learned(self) -> dict[str, float]:
        """What the stages found out, those later in the chain last."""
        found: dict[str, float] = {}
        for stage in self._stages:
            found |= getattr(stage, "learned", {})
        return found

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the stages have to say about how they get along, in sentences."""
        return tuple(sentence for stage in self._stages for sentence in getattr(stage, "remarks", ()))

    def reset(self) -> None:
        """Start a new stream."""
        self._taken = self._given = 0
        self._last = 0.0
        self._begin()

    def push(self, samples: Samples) -> Samples:
        """Whole steps of the model [n] -> samples at its output rate [m], all of them finite."""
        self._taken += len(samples)
        made = self._run(samples)
        if not np.isfinite(made).all():
            self.nan_count += 1
            self._remember()
            self._begin()
            self._silenced = True
            made = made[:0]
        if self._silenced:
            made = self._bridge(made)
        self._given += len(made)
        self._last = float(made[-1]) if len(made) else self._last
        return made

    def _begin(self) -> None:
        """Start the stages anew, at the input sample that comes next."""
        for stage in self._stages:
            stage.reset()
        self._silenced = False
        self._origin = self._due()
        self._since = 0

    def _remember(self) -> None:
        """Hand what was learned over to the stages' next start, where it is not given already."""
        for name, value in self.learned.items():
            if name in self._remembered and not self._values.get(name) and isfinite(value):
                self._values[name] = value

    def _due(self) -> int:
        """Output samples that belong to all input taken so far."""
        return self._taken * self._rates[1] // self._rates[0]

    def _run(self, samples: Samples) -> Samples:
        x = samples[None, None]
        for name, stage in zip(self._names, self._stages, strict=True):
            start = perf_counter()
            x = stage.push(x)
            self.seconds[name] += perf_counter() - start
            if x.shape[-1] == 0:
                return np.zeros(0, np.float32)
        made: Samples = x[0, 0]
        return made

    def _silence(self, count: int) -> Samples:
        """Silence [count] that the last sample given fades into."""
        silence = np.zeros(count, np.float32)
        length = min(self._fade, count)
        silence[:length] = self._last * np.linspace(1.0, 0.0, length + 1, dtype=np.float32)[1:]
        return silence

    def _bridge(self, made: Samples) -> Samples:
        """What the stages made since their new start, faded in, behind the silence that is due before it."""
        heard = round(self.delay * self._rates[1])
        silent_until = self._origin if len(made) else min(self._origin, self._due() - heard)
        silence = self._silence(max(silent_until - self._given, 0))
        level = np.minimum(np.arange(self._since, self._since + len(made)) / self._fade, 1.0)
        self._since += len(made)
        self._silenced = self._since < self._fade
        return np.concatenate([silence, made * level.astype(np.float32)])


def _distinct(names: list[str]) -> list[str]:
    """Names with a number after each repeated one."""
    return [name + str(names[:i].count(name) + 1) * (name in names[:i]) for i, name in enumerate(names)]
