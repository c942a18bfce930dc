"""The engines of a run: the one that is heard, and the one that takes over from it when another voice is chosen."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rtvc.child import STOP
from rtvc.faults import FaultBook
from rtvc.keeper import Keeper, Process
from rtvc.library import Voice
from rtvc.plan import Plan, SessionOptions
from rtvc.presets import StreamTimes
from rtvc.ring import Ring
from rtvc.seat import Leaver, Seat
from rtvc.setups import EngineSetup
from rtvc.shared import Fields, SharedStatus
from rtvc.spares import ENGINE, Spares

PATIENCE = (3.0, 180.0)
"""Seconds without a heartbeat after which an engine hangs, and those it may take to start."""
MOST_FAILURES = 3  # one after the other


@dataclass(frozen=True)
class Wiring:
    """What all engines of a run have in common: its rates, and the two rings of each lane."""

    plan: Plan
    sources: Sequence[Ring]
    sinks: Sequence[Ring]


class Engines:
    """Starts engines, tells them what changes, and lets one take over from another.

    A voice that is chosen while another one speaks, or the same one with other windows, is loaded beside it, on the
    other lane, and hears the same. Once it has something to say the audio process passes over to it; then the first
    engine ends. Where it cannot be loaded the first one goes on, and `voice_fault` says why. `failure` says why nothing
    can go on at all.

    Setters are for any thread, everything else for the session's own.
    """

    def __init__(self, options: SessionOptions, spares: Spares, shared: SharedStatus, book: FaultBook) -> None:
        self._options, self._spares, self._shared, self._book = options, spares, shared, book
        self._heard = Seat(options.voice, options.values, options.times, is_dry=False, lane=0)
        self._asked: Seat | None = None
        self._coming: Seat | None = None
        self._coming_book = FaultBook()
        self._leavers: list[Leaver] = []
        self._wiring: Wiring | None = None
        self._lock = threading.Lock()
        self.failure = self.voice_fault = self.refusal = ""

    @property
    def voice(self) -> Voice:
        """The voice that is heard, or will be first."""
        return self._heard.voice

    @property
    def wanted(self) -> Voice:
        """The voice that was chosen last and is still to be heard."""
        return self._target().voice

    @property
    def coming(self) -> str:
        """The name of the voice that is to take over, empty where none is."""
        with self._lock:
            seat = self._target()
            return seat.voice.name if seat is not self._heard else ""

    @property
    def times(self) -> StreamTimes:
        """How the wanted voice is streamed."""
        return self._target().times

    @property
    def learned(self) -> dict[str, float]:
        """What the voice that is heard has found out about the talker."""
        return self._heard.learned

    @property
    def converts(self) -> bool:
        """Whether the engine that is heard does its work."""
        return self._heard.converts(self._group(self._heard))

    def set_value(self, name: str, value: float) -> None:
        """Set a control of the wanted voice, in its engine and in those that replace it."""
        with self._lock:
            target = self._target()
            target.set_value(name, value)
            if target is not self._heard and target.voice == self._heard.voice:
                self._heard.set_value(name, value)

    def set_times(self, times: StreamTimes, at_once: bool = False) -> None:
        """Change how the wanted voice is streamed: an engine takes over, or `at_once` the same one falls silent."""
        with self._lock:
            seat = self._target()
            if at_once or not seat.converts(self._group(seat)):
                seat.set_times(times)
            elif times != seat.times:
                self._asked = seat.again(times)
                self.voice_fault = self.refusal = ""

    def set_dry(self, is_dry: bool) -> None:
        """Let the microphone's own sound through, or the voice."""
        with self._lock:
            for seat in filter(None, (self._heard, self._coming, self._asked)):
                seat.set_dry(is_dry)

    def set_voice(self, voice: Voice, values: Mapping[str, float], times: StreamTimes) -> None:
        """Let another voice take over, or the one that is heard stay."""
        with self._lock:
            self._asked = Seat(voice, values, times, self._heard.is_dry, lane=0)
            self.voice_fault = self.refusal = ""

    def open(self, wiring: Wiring) -> None:
        """Start the first engine."""
        self._wiring = wiring
        self._heard.keeper = self._kept(self._heard, self._book)

    def tick(self, now: float) -> None:
        """Do what is due."""
        self._leavers = [leaver for leaver in self._leavers if leaver.tick(now, STOP)]
        self._promote_if_heard(now)
        self._take_asked(now)
        self._tend(self._heard, now)
        if (coming := self._coming) is not None:
            self._tend(coming, now)
            self._follow(coming, now)
        if self._heard.keeper is not None and self._heard.keeper.failures > MOST_FAILURES:
            self._give_up(self._heard, self._book.message(now), now)
        wanted = self._coming if self._coming and self._coming.converts(self._group(self._coming)) else self._heard
        self._shared.session["lane"] = wanted.lane

    def tell_to_stop(self) -> None:
        """Let all engines end, while others are waited for."""
        for seat in filter(None, (self._heard, self._coming)):
            if seat.keeper is not None:
                seat.keeper.send(STOP)

    def close(self) -> None:
        """End all engines, and wait for them."""
        for leaver in self._leavers:
            leaver.kill()
        for seat in filter(None, (self._heard, self._coming)):
            if seat.keeper is not None:
                seat.keeper.stop()

    def _target(self) -> Seat:
        return self._asked or self._coming or self._heard

    def _group(self, seat: Seat) -> Fields:
        return self._shared.lanes[seat.lane]

    def _kept(self, seat: Seat, book: FaultBook) -> Keeper:
        group = self._group(seat)

        def on_end() -> None:
            group["ready"] = 0  # in the name of the process that is no more

        return Keeper(ENGINE, lambda: self._started(seat), on_end, lambda: group["beat"], book, *PATIENCE)

    def _started(self, seat: Seat) -> Process:
        assert self._wiring is not None
        plan, options = self._wiring.plan, self._options
        with self._lock:
            seat.take_changes()
            setup = EngineSetup(
                shared=self._shared.name,
                lane=seat.lane,
                source=self._wiring.sources[seat.lane].name,
                sink=self._wiring.sinks[seat.lane].name,
                voice=seat.voice,
                input_rate=plan.input_rate,
                output_rate=plan.output_rate,
                times=seat.times,
                values={**seat.learned, **seat.values},
                device=options.device,
                threads=options.threads,
                has_one_clock=plan.recording is not None,
                is_dry=seat.is_dry,
                gives_way=seat is not self._heard,
                loader=self._spares.loader,
            )
        return self._spares.start_engine(setup)

    def _tend(self, seat: Seat, now: float) -> None:
        """Keep a seat's process going, hear what it says and tell it what has changed."""
        if seat.keeper is None:
            return
        for word, *rest in seat.keeper.tick(now):
            self._hear(seat, word, rest, now)
        if seat.converts(self._group(seat)):
            with self._lock:
                changes = seat.take_changes()
            for message in changes:
                seat.keeper.send(*message)

    def _hear(self, seat: Seat, word: str, rest: list[Any], now: float) -> None:
        if word == "failed":
            self._give_up(seat, rest[0], now)
        elif word == "learned":
            seat.learned = rest[0]
        elif word in {"refused", "remark"}:
            self.refusal = rest[0]

    def _give_up(self, seat: Seat, words: str, now: float) -> None:
        """A voice cannot speak: the other one, if there is one, has to."""
        if seat is self._coming:
            self._drop_coming(f"{words}; {self._heard.voice.title} goes on")
        elif self._coming is not None:
            self._promote(now)
        else:
            self.failure = words

    def _take_asked(self, now: float) -> None:
        """Begin to load the voice that was asked for, or stay with the one that is heard."""
        with self._lock:
            asked, self._asked = self._asked, None
            if asked is None:
                return
            dropped, self._coming = self._coming, None
            is_same = asked.voice == self._heard.voice
            stays = is_same and (asked.times == self._heard.times or not self._heard.was_ready)
            if stays:
                self._set_again(asked)
            else:
                asked.lane = 1 - self._heard.lane
                asked.hear_of_talker(self._heard.learned, is_same)
                self._coming, self._coming_book = asked, FaultBook()
        if dropped is not None and dropped.keeper is not None:
            dropped.keeper.kill()
        if stays:
            return
        for leaver in self._leavers:
            if leaver.lane == asked.lane:
                leaver.kill()
        self._leavers = [leaver for leaver in self._leavers if leaver.lane != asked.lane]
        asked.keeper = self._kept(asked, self._coming_book)
        if not self._heard.was_ready:
            self._promote(now)

    def _set_again(self, asked: Seat) -> None:
        """Set the voice that is heard to what was asked for."""
        for name, value in asked.values.items():
            self._heard.set_value(name, value)
        if asked.times != self._heard.times:
            self._heard.set_times(asked.times)

    def _follow(self, coming: Seat, now: float) -> None:
        """Look how far the voice that is to take over has come."""
        if coming.converts(self._group(coming)):
            self._coming_book.mend(ENGINE, now)
        self._coming_book.tick(now)
        if coming is self._coming and coming.keeper is not None and coming.keeper.failures > MOST_FAILURES:
            words = self._coming_book.message(now).partition(";")[0]
            self._give_up(coming, f"voice {coming.voice.name} cannot be used: {words}", now)

    def _promote_if_heard(self, now: float) -> None:
        if self._coming is not None and int(self._shared.audio["lane"]) == self._coming.lane:
            self._promote(now)

    def _promote(self, now: float) -> None:
        """The voice that came is the one that counts from now on; the other one leaves."""
        coming = self._coming
        if coming is None:
            return
        with self._lock:
            left, self._heard, self._coming = self._heard, coming, None
        if coming.keeper is not None:
            coming.keeper.book = self._book
        self._book.take_over(self._coming_book)
        if left.keeper is not None and left.converts(self._group(left)):
            self._leavers.append(Leaver(left.keeper, left.lane))
        elif left.keeper is not None:
            left.keeper.kill()

    def _drop_coming(self, words: str) -> None:
        with self._lock:
            dropped, self._coming = self._coming, None
            if self._asked is None:
                self.voice_fault = words
        if dropped is not None and dropped.keeper is not None:
            dropped.keeper.kill()
