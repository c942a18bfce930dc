"""The engine's side of the two rings: hop by hop, in time."""

from collections import deque
from collections.abc import Callable, Mapping
from typing import Protocol

import numpy as np

from rtvc.backlog import Backlog, Waiting
from rtvc.dry import DryMix
from rtvc.resample import Samples
from rtvc.retime import SIDE_TAPS, Retimer
from rtvc.ring import Ring
from rtvc.shared import SharedStatus

SEAM = 0.005  # seconds of crossfade where input is left out
REMEMBERED_HOPS = 3000
PUBLISH_EVERY = 0.25  # seconds


class Delays(Protocol):
    """What an engine says of its delay, in seconds."""

    input_resampler: float
    look_ahead: float
    output_resampler: float


class Converter(Protocol):
    """What hops are fed to: `rtvc.engine.Engine`, or a stand-in."""

    input_rate: int
    output_rate: int
    hop: float

    def process(self, samples: Samples, /) -> Samples:
        """Take mono samples [n] at the input rate and return what is ready [m] at the output rate."""

    @property
    def delay(self) -> Delays:
        """The parts of its delay."""

    @property
    def nan_count(self) -> int:
        """Pieces of the model's output that were no numbers."""

    @property
    def learned(self) -> Mapping[str, float]:
        """What it found out about the talker."""


class HopLoop:
    """Takes hops from ring A, converts them into ring B, and keeps what waits in the rings at hop + margin."""

    def __init__(
        self, engine: Converter, source: Ring, sink: Ring, shared: SharedStatus, clock: Callable[[], float]
    ) -> None:
        self._engine, self._source, self._sink, self._shared, self._clock = engine, source, sink, shared, clock
        self._hop = round(engine.hop * engine.input_rate)
        self._seam: Samples = np.linspace(0.0, 1.0, round(SEAM * engine.input_rate), dtype=np.float32)
        self._to_skip = 0
        self._dry = DryMix(engine.input_rate, engine.output_rate)
        self._retimer = Retimer()
        self._waiting = Waiting()
        self._backlog = Backlog(shared, engine.hop)
        self._loads: deque[float] = deque(maxlen=REMEMBERED_HOPS)
        self._compute = 0.0
        self._nan_before = engine.nan_count
        self._published = float("-inf")

    def open(self) -> None:
        """Begin: what waits from before is thrown away, and from now on the microphone is heard."""
        fields = self._shared.engine
        self._source.skip(self._source.fill)
        fields["hop"] = self._engine.hop
        fields["input_resampler"] = self._engine.delay.input_resampler
        fields["look_ahead"] = self._engine.delay.look_ahead
        fields["output_resampler"] = self._engine.delay.output_resampler + SIDE_TAPS / self._engine.output_rate
        fields.add("epoch", 1)
        fields["ready"] = 1.0

    def set_dry(self, is_dry: bool) -> None:
        """Crossfade to the microphone's own sound, or back."""
        self._dry.is_dry = is_dry

    def step(self) -> bool:
        """Do what is due; False when there is nothing to do but wait."""
        now = self._clock()
        self._shared.engine["beat"] = now
        in_seconds, out_seconds = self._note_fills(now)
        excess = self._backlog.excess(now, in_seconds + out_seconds)
        if excess > 0 and not self._to_skip:
            self._to_skip = round(excess * self._engine.input_rate)
            self._shared.engine.add("skipped", max(round(excess / self._engine.hop), 1))
        if now - self._published > PUBLISH_EVERY:
            self._publish(now)
        if self._source.fill < self._to_skip + self._hop:
            return False
        self._convert()
        return True

    def _note_fills(self, now: float) -> tuple[float, float]:
        in_seconds = self._source.fill / self._engine.input_rate
        out_seconds = self._sink.fill / self._engine.output_rate
        self._waiting.note(now, in_seconds, out_seconds)
        return in_seconds, out_seconds

    def _convert(self) -> None:
        piece = self._next_piece()
        start = self._clock()
        converted = self._engine.process(piece)
        self._retimer.ratio = self._backlog.ratio
        made = self._retimer.push(self._dry.mix(piece, converted))
        end = self._clock()
        self._note_fills(end)
        self._sink.write(made)
        self._note_fills(end)
        self._loads.append((end - start) / self._engine.hop)
        self._compute += 0.05 * (end - start - self._compute)
        self._shared.engine.add("hops", 1)

    def _next_piece(self) -> Samples:
        """The next hop; where input is left out, its beginning is faded over from what would have come."""
        piece: Samples = np.zeros(self._hop, np.float32)
        if not self._to_skip:
            self._source.read_into(piece)
            return piece
        count = min(len(self._seam), self._hop)
        left_out: Samples = np.zeros(count, np.float32)
        self._source.peek_into(left_out)
        self._source.skip(self._to_skip)
        self._source.read_into(piece)
        piece[:count] = left_out + self._seam[:count] * (piece[:count] - left_out)
        self._to_skip = 0
        return piece

    def _publish(self, now: float) -> None:
        self._published = now
        fields = self._shared.engine
        if self._loads:
            fields["p50"], fields["p95"], fields["p99"] = np.percentile(self._loads, [50, 95, 99])
        fields["compute"] = self._compute
        fields["drift_ppm"] = self._backlog.drift_ppm
        fields["input_fill"], fields["output_fill"] = self._waiting.input, self._waiting.output
        fields.add("nan", self._engine.nan_count - self._nan_before)
        self._nan_before = self._engine.nan_count
