"""One voice, fed with samples at a device's rate and giving samples at a device's rate."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from math import isfinite
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from models.base import Param, StreamSpec, VoiceModel
from rtvc.chain import Chain
from rtvc.effects.around import After, Before
from rtvc.effects.blend import Blend
from rtvc.errors import RtvcError
from rtvc.gate import Gate, Hush
from rtvc.level import peak
from rtvc.nearest import hint
from rtvc.params import COMMON_CONTROLS
from rtvc.resample import Resampler, Samples
from rtvc.retime import SIDE_TAPS, Retimer

COMMON_PARAMS: tuple[Param, ...] = tuple(Param(**vars(control)) for control in COMMON_CONTROLS)
GATE = COMMON_PARAMS[0]

TALKER_FACTS = ("talker_hz",)  # kept by the microphone, whatever the voice: one that does not ask for them goes without


@dataclass(frozen=True)
class DelayParts:
    """Where the engine's own delay comes from, in seconds."""

    input_resampler: float
    frame: float
    look_ahead: float
    output_resampler: float

    @property
    def total(self) -> float:
        """All parts together."""
        return float(sum(astuple(self)))


class Engine:
    """Streams audio through a voice, from any rate to any rate.

    Output sample 0 belongs to input sample 0, and the joined output does not depend on how the input was cut:
    `process` works on pieces of `hop` seconds, the spec's hop in whole steps of the model, but the stages always get
    one step at a time, so that not even rounding differs between hops (a code decided by a hair could fall the other
    way). Values may change between calls and are heard from the next step on.
    """

    def __init__(
        self,
        model: VoiceModel,
        input_rate: int,
        output_rate: int,
        spec: StreamSpec = StreamSpec(),  # noqa: B008 - frozen
        values: Mapping[str, float] | None = None,
    ) -> None:
        """Open a stream of `model`; RtvcError for a rate or a value it does not know."""
        self.input_rate, self.output_rate = input_rate, output_rate
        self.params = COMMON_PARAMS + tuple(model.params)
        self._remembered: tuple[str, ...] = tuple(getattr(model, "remembered", ()))
        self.values = dict.fromkeys(self._remembered, 0.0) | {param.name: param.default for param in self.params}
        for name, value in (values or {}).items():
            self.set_value(name, value)
        self._step = model.hop
        self._piece = max(round(spec.hop * model.input_rate / model.hop), 1) * model.hop
        self.hop = self._piece / model.input_rate
        self._resample_in = Resampler(input_rate, model.input_rate)
        self._resample_out = Resampler(model.output_rate, output_rate)
        self._before, self._after = Before(input_rate, self.values), After(output_rate, self.values)
        self._blend = Blend(input_rate, output_rate)
        self._gate = Gate(model.input_rate, model.hop)
        self._chain = Chain(model, spec, self.values)
        self._hush = Hush(model.hop * model.output_rate // model.input_rate, model.output_rate, self._chain.delay)
        self._retimer = Retimer()
        self._own_seconds = {"resample_in": 0.0, "gate": 0.0, "resample_out": 0.0}
        self._ended = False
        self.reset()

    def set_value(self, name: str, value: float) -> None:
        """Set a parameter, clamped to its range and step; heard with the next step."""
        if not isfinite(value):
            raise RtvcError(f"{name} cannot be {value}; give a number")
        if name in self._remembered:
            self.values[name] = float(value)
        if name in self._remembered or name in TALKER_FACTS:
            return
        found = {param.name: param for param in self.params}.get(name)
        if found is None:
            raise RtvcError(f"this voice has no control {name!r}{hint(name, self.values)}")
        self.values[name] = _allowed(found, value)

    def process(self, samples: ArrayLike) -> Samples:
        """Take mono samples [n] at the input rate; return what is ready [m] at the output rate."""
        if self._ended:
            self.reset()
        arrived = np.asarray(samples, np.float32)
        self._taken += len(arrived)
        made = self._convert(_finite(arrived))
        self._made += len(made)
        return self._finish(self._retimer.push(made))

    def flush(self) -> Samples:
        """End the stream: the rest, so that all is round(taken * output_rate / input_rate) long at ratio 1."""
        if self._ended:
            return np.zeros(0, np.float32)
        owed = round(self._taken * self.output_rate / self.input_rate) - self._made
        silence = np.zeros(round(self.hop * self.input_rate) + 1, np.float32)
        rest = np.zeros(0, np.float32)
        for _ in range(int(self.delay.total / self.hop) + 3):
            if len(rest) < owed:
                rest = np.concatenate([rest, self._convert(silence)])
        rest = np.pad(rest[: max(owed, 0)], (0, max(owed - len(rest), 0)))
        self._made += len(rest)
        self._ended = True
        return self._finish(np.concatenate([self._retimer.push(rest), self._retimer.flush()]))

    def reset(self) -> None:
        """Start a new stream; values stay."""
        for part in (self._before, self._resample_in, self._gate, self._chain, self._hush, self._resample_out):
            part.reset()
        self._blend.reset()
        self._after.reset()
        self._retimer.reset()
        self._waiting: Samples = np.zeros(0, np.float32)
        self._taken = self._made = 0
        self._ended = False
        self.level_in = self.level_out = 0.0

    def retime(self, ratio: float) -> None:
        """Glide towards `ratio` output samples for each one due, at most 1e-3 from 1; at 1 nothing is touched."""
        self._retimer.ratio = ratio

    @property
    def delay(self) -> DelayParts:
        """The parts of the delay between an input sample and the output sample that belongs to it."""
        after = self._resample_out.delay + SIDE_TAPS / self.output_rate
        ahead = self._before.denoiser.delay + self._chain.delay
        return DelayParts(self._resample_in.delay, self.hop, ahead, after)

    @property
    def stage_seconds(self) -> dict[str, float]:
        """Seconds of computing since the engine was made, by part and by the stages' class names."""
        before = {name: self._own_seconds[name] for name in ("resample_in", "gate")}
        return before | self._chain.seconds | {"resample_out": self._own_seconds["resample_out"]}

    @property
    def learned(self) -> dict[str, float]:
        """What the stages found out about the talker, by remembered value."""
        return self._chain.learned

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the stages have to say about how they get along, in sentences; a shortage of memory, for one."""
        return (*self._chain.remarks, *filter(None, [self._before.denoiser.remark]))

    @property
    def nan_count(self) -> int:
        """Pieces of the model's output that were not finite and were silenced, since the engine was made."""
        return self._chain.nan_count

    def _convert(self, samples: Samples) -> Samples:
        """Samples at the input rate to converted ones at the output rate, before retiming."""
        start = perf_counter()
        heard = self._before.push(samples)
        self.level_in = peak(heard)
        own_share = 1.0 - self.values["voice_share"] / 100
        self._blend.hear(heard, own_share)
        arrived = np.concatenate([self._waiting, self._resample_in.push(heard)])
        whole = len(arrived) // self._piece * self._piece
        self._waiting = arrived[whole:].copy()
        self._own_seconds["resample_in"] += perf_counter() - start
        pieces = [self._convert_piece(piece) for piece in arrived[:whole].reshape(-1, self._piece)]
        made = np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
        return self._blend.mix(made, own_share)

    def _convert_piece(self, piece: Samples) -> Samples:
        converted = np.concatenate([self._convert_step(step) for step in piece.reshape(-1, self._step)])
        start = perf_counter()
        made = self._resample_out.push(converted)
        self._own_seconds["resample_out"] += perf_counter() - start
        return made

    def _convert_step(self, step: Samples) -> Samples:
        start = perf_counter()
        threshold = self.values[GATE.name]
        gated = self._gate.push(step, None if threshold <= GATE.low else threshold)
        self._own_seconds["gate"] += perf_counter() - start
        return self._hush.push(self._chain.push(gated), self._gate.is_open)

    def _finish(self, samples: Samples) -> Samples:
        finished = self._after.push(samples)
        self.level_out = peak(finished)
        return finished


def _finite(samples: Samples) -> Samples:
    """Samples with silence in place of what is no number."""
    return samples if np.isfinite(samples).all() else np.nan_to_num(samples, posinf=0.0, neginf=0.0)


def _allowed(param: Param, value: float) -> float:
    """The nearest value that the parameter can have."""
    if param.step > 0:
        value = param.low + round((value - param.low) / param.step) * param.step
    return float(min(max(value, param.low), param.high))
