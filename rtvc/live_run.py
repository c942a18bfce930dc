"""One run of a session: its memory, its processes, and what is done when one of them breaks."""

import logging
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any

from rtvc.awaiting import awaited_plan
from rtvc.child import STOP
from rtvc.delay import measured_delay
from rtvc.diagnosing.history import History
from rtvc.engines import Engines, Wiring
from rtvc.errors import RtvcError
from rtvc.faults import FaultBook
from rtvc.keeper import Keeper
from rtvc.latency.holding import HeldDelay, refused
from rtvc.monitor_guard import MonitorGuard
from rtvc.plan import Plan, SessionOptions
from rtvc.port import WORDS, Fault
from rtvc.run_rings import RunRings
from rtvc.setups import AudioSetup
from rtvc.shared import LANES, SharedStatus
from rtvc.shown import Shown, overload_words, timing_of
from rtvc.spares import AUDIO, ENGINE, Spares
from rtvc.status import Levels, Load, State, Status, Timing

TICK = 0.04  # seconds
PATIENCE = (2.0, 60.0)
"""Seconds without a heartbeat after which the audio process hangs, and those it may take to start."""
MISTAKE = "a mistake in rtvc itself ended the session"

log = logging.getLogger("rtvc")


class LiveRun:
    """A thread that starts the processes of a session and sees to it that they do their work."""

    def __init__(self, options: SessionOptions, spares: Spares) -> None:
        self._options, self._spares, self._is_dry = options, spares, False
        self.shared = SharedStatus.create()
        self.shared.session["margin"] = options.margin
        self._rings = RunRings()
        self._book = FaultBook()
        self.engines = Engines(options, spares, self.shared, self._book)
        self._audio: Keeper | None = None
        self._aside = ""  # words about what does not stop the voice
        self._failure = ""
        self._began: float | None = None
        is_held = options.total is not None and not isinstance(options.input, Path)
        self._guard: MonitorGuard | None = None
        self._held = HeldDelay(options.total or 0.0, self.shared.session) if is_held else None
        self._nan = 0.0
        self._shown = Shown(State.LOADING)
        self.history = History()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait until everything is closed."""
        self._stopping.set()
        self._thread.join()

    def set_dry(self, is_dry: bool) -> None:
        """Let the microphone's own sound through, or the voice."""
        self._is_dry = is_dry
        self.engines.set_dry(is_dry)

    def set_monitor_mute(self, muted: bool) -> None:
        """Silence the monitor alone, or no longer; one that howled is watched anew."""
        self.shared.session["monitor_mute"] = muted
        if self._guard is not None:
            self._guard.set_mute(muted)

    def hold(self, total: float | None) -> None:
        """Hold a whole delay in seconds from now on, or let it be what the margin makes it.

        RtvcError where it is known already that it cannot be so short, for a session that holds strictly.
        """
        refusal = refused(total, measured_delay(self.shared)) if total is not None else ""
        if refusal and self._options.holds_strictly:
            raise RtvcError(refusal)
        is_held = total is not None and not isinstance(self._options.input, Path)
        self._held = HeldDelay(total or 0.0, self.shared.session) if is_held else None
        self.shared.session["aim"] = 0.0

    def status(self) -> Status:
        """Return a snapshot."""
        shown, audio, engine, session = self._shown, self.shared.audio, self.shared.played, self.shared.session
        held = self._held
        return Status(
            **self.levels()._asdict(),
            message=shown.message,
            delay=measured_delay(self.shared),
            load=Load(engine["p50"], engine["p95"], engine["p99"]),
            late=round(audio["late"]),
            lost=round(audio["lost"]),
            skipped=round(self._count("skipped")),
            recoveries=shown.recoveries,
            nan=round(self._count("nan")),
            drift_ppm=engine["drift_ppm"],
            seconds=shown.seconds,
            learned=dict(shown.learned),
            faults=dict(shown.faults),
            muted=bool(session["mute"]),
            passthrough=self._is_dry,
            input=shown.input,
            output=shown.output,
            recording_fault=self._rings.fault,
            ended=shown.ended,
            voice=self.engines.voice.name,
            coming=self.engines.coming,
            voice_fault=self.engines.voice_fault,
            monitor_muted=bool(session["monitor_mute"]),
            held_total=held.total if held is not None and not held.fault else 0.0,
        )

    def levels(self) -> Levels:
        """Return what a meter shows."""
        state, audio = self._shown.state, self.shared.audio
        is_live = state in (State.RUNNING, State.RECOVERING)
        return Levels(state, audio["level_in"], audio["level_out"]) if is_live else Levels(state)

    def timing(self) -> Timing:
        """Return the clockwork of the stream that is heard."""
        return timing_of(self.shared, self._shown.state)

    def _run(self) -> None:
        is_mistake = True
        try:
            plan = awaited_plan(self._options, self._stopping.wait, lambda words: self._show(State.LOADING, words))
            if plan is not None:
                self._open(plan)
            while not (self._stopping.wait(TICK) or self._failure or self.shared.audio["ended"]):
                self._tick(monotonic())
            is_mistake = False
        except RtvcError as error:
            self._failure, is_mistake = str(error), False
        finally:
            self._failure = MISTAKE if is_mistake else self._failure
            self._show(State.STOPPING)
            self._close()
            self._show(State.FAILED if self._failure else State.IDLE)

    def _open(self, plan: Plan) -> None:
        options = self._options
        self._shown = replace(self._shown, input=plan.input or str(plan.recording), output=plan.output or "")
        rings, rates = self._rings, (plan.input_rate, plan.output_rate)
        sources, sinks = ([rings.ring(rate) for _ in range(LANES)] for rate in rates)
        recorded = rings.recorded(options.record, plan.output_rate)
        heard = rings.recorded(options.record_input, plan.input_rate)
        monitored = rings.ring(plan.output_rate).name if plan.monitor is not None else None
        if plan.monitor is not None and plan.input is not None:
            self._guard = MonitorGuard(rings.ring(rates[0]), rings.ring(rates[1]), rates, self.shared.session)
        audio = AudioSetup(
            shared=self.shared.name,
            sources=tuple(ring.name for ring in sources),
            sinks=tuple(ring.name for ring in sinks),
            heard=heard,
            recorded=recorded,
            monitored=monitored,
            guarded=self._guard.names if self._guard is not None else None,
            block=options.block,
            **vars(plan),
        )
        fields = self.shared.audio

        def on_end() -> None:
            fields["input_open"] = fields["output_open"] = 0  # in the name of the process that is no more

        start = partial(self._spares.start_audio, audio)
        self._audio = Keeper(AUDIO, start, on_end, lambda: fields["beat"], self._book, *PATIENCE)
        self.engines.open(Wiring(plan, sources, sinks))
        self._tick(monotonic())

    def _tick(self, now: float) -> None:
        for word, *rest in self._audio.tick(now) if self._audio is not None else ():
            self._hear(word, rest, now)
        self.engines.tick(now)
        self._failure = self._failure or self.engines.failure
        self._hold_delay()
        self._mend(now)
        self._book.tick(now)
        self._remark_on_numbers(now)
        self._rings.turn()
        if self._guard is not None:
            self._guard.tick()
        self._show(self._state())

    def _hear(self, word: str, rest: list[Any], now: float) -> None:
        """Take a message of the audio process."""
        if word == "failed":
            self._failure = rest[0]
        elif word == "port":
            self._hear_of_port(rest[0], rest[1], now)

    def _hear_of_port(self, port: str, fault: Fault | None, now: float) -> None:
        if port == "monitor":
            self._aside = fault.words if fault is not None else ""
        elif fault is None:
            self._book.mend(WORDS[port], now)
        else:
            self._book.note(WORDS[port], fault.kind, fault.words, now)

    def _mend(self, now: float) -> None:
        """Note which processes do their work, and the moment when all do."""
        audio, converts = self.shared.audio, self.engines.converts
        has_begun = self._audio is not None and self._audio.has_begun
        flows = has_begun and audio["input_open"] > 0 and audio["output_open"] > 0
        if converts:
            self._book.mend(ENGINE, now)
        if flows:
            self._book.mend(AUDIO, now)
        if converts and flows and self._began is None:
            self._began = now

    def _hold_delay(self) -> None:
        """Keep to the chosen total, where one was chosen."""
        held = self._held
        if held is None or self._began is None:
            return
        held.tick(measured_delay(self.shared), self.shared.played["epoch"], round(self.shared.audio["slack_count"]))
        if self._options.holds_strictly:
            self._failure = self._failure or held.fault

    def _remark_on_numbers(self, now: float) -> None:
        nan, self._nan = self._nan, self._count("nan")
        if self._nan > nan:
            self._book.remark("the voice made sound that is no numbers; it was silenced", now)

    def _show(self, state: State, words: str = "") -> None:
        now = monotonic()
        told = self._shown.state, self._shown.message
        is_over = state in (State.STOPPING, State.IDLE, State.FAILED)
        before = self._shown.seconds
        self._shown = replace(
            self._shown,
            state=state,
            message=words or self._failure or self._book.message(now) or self._rings.fault or self._asides(),
            faults=tuple((+self._book.counts).items()),
            recoveries=self._book.recoveries,
            seconds=before if is_over or self._began is None else now - self._began,
            learned=tuple(self.engines.learned.items()),
            ended=self.shared.audio["ended"] > 0,
        )
        if (self._shown.state, self._shown.message) != told:
            log.info("session %s %s", self._shown.state.value, self._shown.message)
        if self.history.is_due(now):
            self.history.note(self.status(), now)

    def _state(self) -> State:
        if self._began is None:
            return State.LOADING
        return State.RECOVERING if self._book.is_open else State.RUNNING

    def _asides(self) -> str:
        howl = self._guard.words if self._guard is not None else ""
        held = self._held.fault if self._held is not None else ""
        words = (howl, self._aside, self.engines.voice_fault, self.engines.refusal, held)
        return next(filter(None, words), overload_words(self.shared.played["p50"]))

    def _count(self, name: str) -> float:
        return sum(engine[name] for engine in self.shared.lanes)

    def _close(self) -> None:
        if self._audio is not None:
            self._audio.send(STOP)
        self.engines.tell_to_stop()
        if self._audio is not None:
            self._audio.stop()
        self.engines.close()
        self._rings.close()
        self.shared.close()
        self._spares.rest()
