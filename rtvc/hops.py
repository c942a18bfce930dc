"""The engine's side of the two rings: hop by hop, in time."""

from collections import deque
from collections.abc import Callable, Mapping
from math import ceil
from typing import Protocol

import numpy as np

from rtvc.backlog import Backlog, Waiting
from rtvc.dry import DryMix
from rtvc.fades import ramp
from rtvc.intake import PAST
from rtvc.pace import Pace
from rtvc.resample import Samples
from rtvc.retime import LARGEST_CHANGE, SIDE_TAPS, Retimer
from rtvc.ring import Ring
from rtvc.shared import SharedStatus

REMEMBERED_HOPS = 3000
PUBLISH_EVERY = 0.25  # seconds
BUSY = 1.35
"""A hop may take so many times as long once sound flows, and other programs take their share."""
WARM_UP_LEVEL = 0.2  # loud enough for every gate


class Delays(Protocol):
    """What an engine says of its delay, in seconds."""

    @property
    def input_resampler(self) -> float:
        """From the microphone's rate to the model's."""

    @property
    def look_ahead(self) -> float:
        """The future that the model waits for."""

    @property
    def output_resampler(self) -> float:
        """From the model's rate to the output's."""


class Converter(Protocol):
    """What hops are fed to: `rtvc.engine.Engine`, or a stand-in."""

    input_rate: int
    output_rate: int
    hop: float

    def process(self, samples: Samples, /) -> Samples:
        """Take mono samples [n] at the input rate and return what is ready [m] at the output rate."""

    def reset(self) -> None:
        """Start a new stream."""

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
        self,
        engine: Converter,
        source: Ring,
        sink: Ring,
        shared: SharedStatus,
        clock: Callable[[], float],
        has_one_clock: bool = False,
    ) -> None:
        """`clock` tells monotonic seconds; `has_one_clock` where the output paces what is in ring A."""
        self._engine, self._source, self._sink, self._shared, self._clock = engine, source, sink, shared, clock
        self._hop = engine.hop * engine.input_rate
        self._hops = 0
        held_back = engine.delay.input_resampler * engine.input_rate
        self._lead = ceil(held_back) + 1 if held_back else 0
        self._seam = ramp(engine.input_rate)
        self._to_skip = 0
        self._early: list[Samples] | None = []
        self._is_behind = False
        self._pace = Pace(engine.hop)
        self._held: tuple[float, Samples] | None = None  # until when, and what
        self._dry = DryMix(engine.input_rate, engine.output_rate)
        self._retimer = Retimer()
        self._waiting = Waiting()
        self._backlog = Backlog(shared, engine.hop, has_one_clock)
        self._loads: deque[float] = deque(maxlen=REMEMBERED_HOPS)
        self._compute = 0.0
        self._nan_before = engine.nan_count
        self._published = float("-inf")

    def warm_up(self, hops: int) -> None:
        """Go once through all that a hop may need, so that nothing is done for the first time in time."""
        places = np.arange(ceil(self._hop), dtype=np.float32)
        noise: Samples = np.float32(WARM_UP_LEVEL) * np.sin(places**2)  # numpy.random would take time to load
        for i in range(hops):
            start = self._clock()
            self._engine.process(noise)  # no silence, which a voice may leave aside
            if i >= hops // 2:  # the first ones take longer
                self._pace.note(BUSY * (self._clock() - start))
        self._retimer.ratio = 1.0 + LARGEST_CHANGE
        self._dry.is_dry = True
        self._retimer.push(self._dry.mix(noise, noise))
        for part in (self._engine, self._retimer, self._dry):
            part.reset()

    def open(self) -> None:
        """Begin: what waits from before is thrown away, and from now on the microphone is heard."""
        fields = self._shared.engine
        self._source.skip(self._source.fill)
        fields["hop"] = self._engine.hop
        fields["input_resampler"] = self._engine.delay.input_resampler
        fields["output_resampler"] = self._engine.delay.output_resampler + SIDE_TAPS / self._engine.output_rate
        fields["look_ahead"] = self._engine.delay.look_ahead
        for name in ("p50", "p95", "p99", "compute"):
            fields[name] = 0.0
        fields["epoch"] = 1 + max(lane["epoch"] for lane in self._shared.lanes)
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
        is_due = self._source.fill >= self._to_skip + self._piece_length
        if self._held is not None and (is_due or now >= self._held[0]):
            self._give(self._held[1])
            self._held = None
        if not is_due:
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
        self._note_fills(start)
        converted = self._engine.process(piece)
        self._retimer.ratio = self._backlog.ratio
        made = self._retimer.push(self._dry.mix(piece, converted))
        end = self._clock()
        self._note_fills(end)
        self._pace.note(end - start)
        wait = self._pace.wait(end - start)
        if wait:
            self._held = end + wait, made
        else:
            self._give(made)
        self._note_fills(end)
        self._loads.append((end - start) / self._engine.hop)
        self._compute += 0.05 * (end - start + wait - self._compute)
        self._shared.engine.add("hops", 1)

    def _give(self, made: Samples) -> None:
        """Write what a hop made; what the past made all at once, with the first hop that was waited for.

        The output would begin with a part of it otherwise, and stay later than need be by the rest.
        """
        if self._early is not None:
            self._early.append(made)
            was_behind, self._is_behind = self._is_behind, self._source.fill >= self._piece_length
            if (was_behind or self._is_behind) and len(self._early) * self._engine.hop < 2 * PAST:
                return
            made, self._early = np.concatenate(self._early), None
        self._sink.write(made)

    @property
    def _piece_length(self) -> int:
        """Samples of the next piece, a hop; the first one is longer by what the engine's resampler holds back.

        So each piece completes a hop inside the engine, which else would wait for nearly a whole one more.
        """
        lead = 0 if self._hops else self._lead
        return ceil((self._hops + 1) * self._hop) - ceil(self._hops * self._hop) + lead

    def _next_piece(self) -> Samples:
        """The next hop; where input is left out, its beginning is faded over from what would have come."""
        piece: Samples = np.zeros(self._piece_length, np.float32)
        self._hops += 1
        if not self._to_skip:
            self._source.read_into(piece)
            return piece
        count = min(len(self._seam), len(piece))
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
        fields["look_ahead"] = self._engine.delay.look_ahead  # which noise suppression changes
        if self._loads:
            loads = sorted(self._loads)
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
                fields[name] = loads[int(share * (len(loads) - 1))]
        fields["compute"] = self._compute
        fields["drift_ppm"] = self._backlog.drift_ppm
        fields["input_fill"], fields["output_fill"] = self._waiting.input, self._waiting.output
        fields.add("nan", self._engine.nan_count - self._nan_before)
        self._nan_before = self._engine.nan_count
