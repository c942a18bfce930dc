"""The audio process: streams on one side, rings on the other, and nothing in between that could block."""

import gc
import os
import sys
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from time import monotonic

from rtvc.child import RUN, STOP, begin, hear, hurry, quiet_libraries, run_in_real_time, settle
from rtvc.clocked import ClockedOutput
from rtvc.errors import RtvcError
from rtvc.feed import Feed
from rtvc.follower import Follower
from rtvc.intake import PAST, Intake
from rtvc.playout import Playout
from rtvc.port import Fault, HungError
from rtvc.resample import Samples
from rtvc.ring import Ring
from rtvc.setups import AudioSetup
from rtvc.shared import SharedStatus
from rtvc.sound import Sound

TICK = 0.02  # seconds
HUNG_EXIT = 75
NICENESS = -15
PRIORITY = 5  # as low as that of a sound server's own threads
SWITCH_INTERVAL = 0.0005  # seconds after which a thread gives way to a callback


def wait_for_run(_: None, connection: Connection) -> None:
    """Be the audio process of one run as soon as it is told, until told to stop or until the parent has gone."""
    begin()
    message = hear(connection, None)
    if message is not None and message[0] == RUN:
        _run(message[1], connection)


def _run(setup: AudioSetup, connection: Connection) -> None:
    hurry(NICENESS)
    quiet_libraries()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        process = AudioProcess(setup, connection)
        try:
            process.run()
        finally:
            process.close()
    except RtvcError as error:
        connection.send(("failed", str(error)))
    except HungError:
        os._exit(HUNG_EXIT)
    except Exception as error:  # noqa: BLE001 (the end of this process: told, and kept for the report)
        connection.send(("crashed", f"{type(error).__name__}: {error}", traceback.format_exc()))


class AudioProcess:
    """The audio side of one session: what passes between its devices and the rings, and how that goes."""

    def __init__(self, setup: AudioSetup, connection: Connection) -> None:
        self._setup, self._connection = setup, connection
        self._shared = SharedStatus.attach(setup.shared)
        self._audio = self._shared.audio
        self._audio["input_open"] = self._audio["output_open"] = 0
        self._audio["input_block"] = self._audio["output_block"] = setup.block
        self._rings: list[Ring] = []
        copies = tuple(self._ring(name) for name in (setup.recorded, setup.monitored) if name is not None)
        heard = tuple(self._ring(name) for name in (setup.heard,) if name is not None)
        if setup.guarded is not None:
            heard, copies = (*heard, self._ring(setup.guarded[0])), (*copies, self._ring(setup.guarded[1]))
        sources = [self._ring(name) for name in setup.sources]
        past = PAST if setup.recording is None else 0.0
        self._intake = Intake(sources, setup.input_rate, self._shared, heard, past)
        keeps_all = setup.recording is not None and not setup.repeats
        sinks = [self._ring(name) for name in setup.sinks]
        self._playout = Playout(sinks, setup.output_rate, self._shared, copies, keeps_all)
        self._feed = self._make_feed(setup.recording) if setup.recording is not None else None
        self._sound: Sound | None = None
        self._clocked: ClockedOutput | None = None
        self._told: dict[str, Fault | None] = {}

    def run(self) -> None:
        """Open everything and look after it until told to stop."""
        setup = self._setup
        self._audio["beat"] = monotonic()
        run_in_real_time(PRIORITY)
        if setup.input is not None or setup.output is not None or setup.monitor is not None:
            self._sound = self._open_sound()
        if setup.output is None:
            self._clocked = ClockedOutput(self._on_output, setup.output_rate, round(setup.block * setup.output_rate))
        settle()
        gc.disable()
        while (message := hear(self._connection, TICK)) is None or message[0] != STOP:
            self._tick(monotonic())

    def close(self) -> None:
        """Close the streams and let go of the memory; HungError when a stream does not close."""
        if self._clocked is not None:
            self._clocked.stop()
        if self._sound is not None:
            self._sound.close()
        for ring in self._rings:
            ring.close()
        self._shared.close()

    def _ring(self, name: str) -> Ring:
        self._rings.append(Ring.attach(name))
        return self._rings[-1]

    def _make_feed(self, recording: Path) -> Feed:
        from rtvc.wavfile import read_audio  # late, as it brings a library that a microphone does without

        samples, rate = read_audio(recording)
        if rate != self._setup.input_rate:
            raise RtvcError(f"{recording} has changed since it was looked at")
        return Feed(samples, rate, self._setup.output_rate, self._intake, self._shared, self._setup.repeats)

    def _open_sound(self) -> Sound:
        setup = self._setup
        sound = Sound(setup.has_server, setup.block)
        if setup.input is not None:
            sound.add_input(setup.input, setup.input_rate, self._intake, self._playout)
        if setup.output is not None:
            sound.add_output("output", setup.output, setup.output_rate, self._on_output, self._playout)
        if setup.monitor is not None and setup.monitored is not None:
            session = self._shared.session
            follower = Follower(self._ring(setup.monitored), setup.output_rate, lambda: session["monitor_mute"] > 0)
            sound.add_output("monitor", setup.monitor, setup.output_rate, follower.fill, follower)
        return sound

    def _on_output(self, out: Samples, now: float, missed: bool) -> None:
        if self._feed is not None:
            self._feed.advance(len(out), now)
        self._playout.fill(out, now, missed)

    def _tick(self, now: float) -> None:
        audio = self._audio
        audio["beat"] = now
        if self._sound is None:
            audio["input_open"] = audio["output_open"] = 1
            return
        self._sound.tick(now)
        self._playout.is_blocked = self._sound.is_misplaced
        audio["input_open"], audio["output_open"] = self._sound.flows("input"), self._sound.flows("output")
        audio["input_block"] = self._intake.arrivals.block or self._setup.block
        audio["input_wait"] = self._sound.input_wait + self._intake.arrivals.lateness
        audio["output_wait"] = self._sound.output_wait
        for port, fault in self._sound.faults.items():
            if fault != self._told.get(port):
                self._told[port] = fault
                self._connection.send(("port", port, fault))
