"""One run of a session: its memory, its two processes, and what is done when one of them breaks."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from rtvc.audio import AudioSetup, run_audio
from rtvc.child import STOP, Child
from rtvc.delay import measured_delay
from rtvc.errors import RtvcError
from rtvc.faults import FaultBook
from rtvc.keeper import Keeper
from rtvc.plan import Plan, SessionOptions, make_plan
from rtvc.port import WORDS, Fault
from rtvc.presets import StreamTimes
from rtvc.ring import Ring
from rtvc.shared import Fields, SharedStatus
from rtvc.status import Load, State, Status
from rtvc.tape import Tape
from rtvc.worker import EngineSetup, run_engine

TICK = 0.02  # seconds
RING_SECONDS = 4.0
AUDIO, ENGINE = "audio process", "engine"
PATIENCE = {AUDIO: (2.0, 60.0), ENGINE: (3.0, 180.0)}
"""Seconds without a heartbeat after which a process hangs, and those it may take to start."""
MISTAKE = "a mistake in rtvc itself ended the session"
TOO_MUCH_LOAD = 0.95
MOST_FAILURES = 3  # of the engine, one after the other


@dataclass(frozen=True)
class Shown:
    """What other threads may see of a run, replaced as a whole."""

    state: State
    message: str = ""
    faults: tuple[tuple[str, int], ...] = ()
    recoveries: int = 0
    seconds: float = 0.0
    learned: tuple[tuple[str, float], ...] = ()
    input: str = ""
    output: str = ""
    ended: bool = False


class LiveRun:
    """A thread that starts the two processes of a session and sees to it that they do their work."""

    def __init__(self, options: SessionOptions, loader: str) -> None:
        self._options, self._loader = options, loader
        self._values, self._is_dry, self.times = dict(options.values), False, options.times
        self._changes: dict[str, tuple[Any, ...]] = {}
        self.shared = SharedStatus.create()
        self.shared.session["margin"] = options.margin
        self._rings: list[Ring] = []
        self._keepers: dict[str, Keeper] = {}
        self._tapes: list[Tape] = []
        self._book = FaultBook()
        self._learned: dict[str, float] = {}
        self._aside = ""  # words about what does not stop the voice
        self._failure = ""
        self._began: float | None = None
        self._nan = 0.0
        self._shown = Shown(State.LOADING)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="session", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait until everything is closed."""
        self._stopping.set()
        self._thread.join()

    def set_value(self, name: str, value: float) -> None:
        """Set a control, in this engine and in those that replace it."""
        with self._lock:
            self._values = {**self._values, name: value}
            self._changes[f"value {name}"] = ("value", name, value)

    def set_dry(self, is_dry: bool) -> None:
        """Let the microphone's own sound through, or the voice."""
        with self._lock:
            self._is_dry = is_dry
            self._changes["dry"] = ("dry", is_dry)

    def set_times(self, times: StreamTimes) -> None:
        """Let the engine open its stream anew."""
        with self._lock:
            self.times = times
            self._changes["times"] = ("times", times)

    def status(self) -> Status:
        """Return a snapshot."""
        shown, audio, engine, session = self._shown, self.shared.audio, self.shared.engine, self.shared.session
        is_live = shown.state in (State.RUNNING, State.RECOVERING)
        return Status(
            state=shown.state,
            message=shown.message,
            delay=measured_delay(self.shared),
            load=Load(engine["p50"], engine["p95"], engine["p99"]),
            late=round(audio["late"]),
            lost=round(audio["lost"]),
            skipped=round(engine["skipped"]),
            recoveries=shown.recoveries,
            nan=round(engine["nan"]),
            drift_ppm=engine["drift_ppm"],
            seconds=shown.seconds,
            level_in=audio["level_in"] if is_live else 0.0,
            level_out=audio["level_out"] if is_live else 0.0,
            learned=dict(shown.learned),
            faults=dict(shown.faults),
            muted=bool(session["mute"]),
            passthrough=self._is_dry,
            input=shown.input,
            output=shown.output,
            recording_fault=self._tape_fault(),
            ended=shown.ended,
        )

    def _run(self) -> None:
        self._failure = MISTAKE
        try:
            self._open(make_plan(self._options))
            self._failure = ""
            while not (self._stopping.wait(TICK) or self._failure or self.shared.audio["ended"]):
                self._tick(monotonic())
        except RtvcError as error:
            self._failure = str(error)
        finally:
            self._show(State.STOPPING)
            self._close()
            self._show(State.FAILED if self._failure else State.IDLE)

    def _open(self, plan: Plan) -> None:
        options = self._options
        self._shown = replace(self._shown, input=plan.input or str(plan.recording), output=plan.output or "")
        source, sink = self._ring(plan.input_rate), self._ring(plan.output_rate)
        recorded = self._tape(options.record, plan.output_rate)
        heard = self._tape(options.record_input, plan.input_rate)
        monitored = self._ring(plan.output_rate) if plan.monitor is not None else None
        audio = AudioSetup(
            shared=self.shared.name,
            source=source.name,
            sink=sink.name,
            heard=heard.name if heard is not None else None,
            recorded=recorded.name if recorded is not None else None,
            monitored=monitored.name if monitored is not None else None,
            block=options.block,
            **vars(plan),
        )
        self._keep(AUDIO, lambda: Child(AUDIO, run_audio, audio), self.shared.audio)
        self._keep(ENGINE, lambda: self._start_engine(plan, source, sink), self.shared.engine)

    def _ring(self, rate: int) -> Ring:
        self._rings.append(Ring.create(round(RING_SECONDS * rate)))
        return self._rings[-1]

    def _tape(self, path: Path | None, rate: int) -> Ring | None:
        """Return the ring whose samples will be recorded; AudioFileError where the file cannot be."""
        if path is None:
            return None
        ring = self._ring(rate)
        self._tapes.append(Tape(path, rate, ring))
        return ring

    def _keep(self, part: str, start: Callable[[], Child], fields: Fields) -> None:
        def on_end() -> None:
            for name in ("ready",) if part == ENGINE else ("input_open", "output_open"):
                fields[name] = 0  # in the name of the process that is no more

        self._keepers[part] = Keeper(part, start, on_end, lambda: fields["beat"], self._book, *PATIENCE[part])

    def _start_engine(self, plan: Plan, source: Ring, sink: Ring) -> Child:
        with self._lock:
            self._changes.clear()
            setup = EngineSetup(
                shared=self.shared.name,
                source=source.name,
                sink=sink.name,
                voice=self._options.voice,
                input_rate=plan.input_rate,
                output_rate=plan.output_rate,
                times=self.times,
                values={**self._learned, **self._values},
                device=self._options.device,
                threads=self._options.threads,
                has_one_clock=plan.recording is not None,
                is_dry=self._is_dry,
                loader=self._loader,
            )
        return Child(ENGINE, run_engine, setup)

    def _tick(self, now: float) -> None:
        for part, keeper in self._keepers.items():
            for word, *rest in keeper.tick(now):
                self._hear(part, word, rest, now)
        if self.shared.engine["ready"]:
            self._send_changes()
        self._mend(now)
        self._book.tick(now)
        self._remark_on_numbers(now)
        for tape in self._tapes:
            tape.turn()
        if self._keepers[ENGINE].failures > MOST_FAILURES:
            self._failure = self._book.message(now)
        self._show(self._state())

    def _hear(self, part: str, word: str, rest: list[Any], now: float) -> None:
        """Take a message of a process."""
        if word == "failed":
            self._failure = rest[0]
        elif word == "learned":
            self._learned = rest[0]
        elif word == "refused":
            self._aside = rest[0]
        elif word == "port":
            self._hear_of_port(rest[0], rest[1], now)

    def _hear_of_port(self, port: str, fault: Fault | None, now: float) -> None:
        if port == "monitor":
            self._aside = fault.words if fault is not None else ""
        elif fault is None:
            self._book.mend(WORDS[port], now)
        else:
            self._book.note(WORDS[port], fault.kind, fault.words, now)

    def _send_changes(self) -> None:
        with self._lock:
            changes, self._changes = list(self._changes.values()), {}
        for message in changes:
            self._keepers[ENGINE].send(*message)

    def _mend(self, now: float) -> None:
        """Note which processes do their work, and the moment when all do."""
        audio, engine = self.shared.audio, self.shared.engine
        converts = self._keepers[ENGINE].has_begun and engine["ready"] > 0
        flows = self._keepers[AUDIO].has_begun and audio["input_open"] > 0 and audio["output_open"] > 0
        if converts:
            self._book.mend(ENGINE, now)
        if flows:
            self._book.mend(AUDIO, now)
        if converts and flows and self._began is None:
            self._began = now

    def _remark_on_numbers(self, now: float) -> None:
        nan, self._nan = self._nan, self.shared.engine["nan"]
        if self._nan > nan:
            self._book.remark("the voice made sound that is no numbers; it was silenced", now)

    def _show(self, state: State) -> None:
        now = monotonic()
        is_over = state in (State.STOPPING, State.IDLE, State.FAILED)
        before = self._shown.seconds
        self._shown = replace(
            self._shown,
            state=state,
            message=self._failure or self._book.message(now) or self._tape_fault() or self._aside or self._overload(),
            faults=tuple((+self._book.counts).items()),
            recoveries=self._book.recoveries,
            seconds=before if is_over or self._began is None else now - self._began,
            learned=tuple(self._learned.items()),
            ended=self.shared.audio["ended"] > 0,
        )

    def _state(self) -> State:
        if self._began is None:
            return State.LOADING
        return State.RECOVERING if self._book.is_open else State.RUNNING

    def _overload(self) -> str:
        load = self.shared.engine["p50"]
        if load < TOO_MUCH_LOAD:
            return ""
        return f"this machine is too slow for this voice (load {load:.0%}); take a longer hop, or another voice"

    def _tape_fault(self) -> str:
        return next((tape.fault for tape in self._tapes if tape.fault), "")

    def _close(self) -> None:
        for keeper in self._keepers.values():
            keeper.send(STOP)
        for keeper in self._keepers.values():
            keeper.stop()
        for tape in self._tapes:
            tape.close()
        for ring in self._rings:
            ring.close()
        self.shared.close()
