"""The door through which a window or a command drives a live session."""

from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from rtvc.diagnosing.history import Row
from rtvc.errors import RtvcError
from rtvc.library import Voice
from rtvc.live_run import LiveRun
from rtvc.nearest import hint
from rtvc.params import COMMON_CONTROLS, TALKER_FACTS, read_controls
from rtvc.plan import SessionOptions
from rtvc.presets import StreamTimes
from rtvc.setups import DEFAULT_LOADER
from rtvc.spares import Spares
from rtvc.status import Levels, Status, Timing

__all__ = ["Session", "SessionOptions", "StreamTimes"]


class Session:
    """A live session: starts its processes, watches them and mends what breaks.

    Every method returns at once, except `stop`, `close` and a second `start`, which wait for the processes' end, a
    few seconds at most.
    """

    def __init__(self, loader: str = DEFAULT_LOADER) -> None:
        """`loader` names the function `module:function` that makes a model of (voice, device, threads)."""
        self._spares = Spares(loader)
        self._run: LiveRun | None = None
        self._is_muted = self._is_dry = False

    def prepare(self, voice: Voice, device: str, threads: int) -> None:
        """Load a voice ahead of the next start; from now on an engine that has nothing to do is kept for its next run.

        No sound device is touched. Where the voice cannot be loaded, the start will say why.
        """
        self._spares.prepare(voice, device, threads)

    def begin(self) -> None:
        """Start the processes of the next start, for those who do not know yet what that is to be."""
        self._spares.begin()

    def start(self, options: SessionOptions) -> None:
        """Begin; the state is LOADING, then RUNNING, or FAILED with a message. What runs is stopped first."""
        self.stop()
        self._spares.expect(options.voice, options.device, options.threads)
        run = LiveRun(options, self._spares)
        run.shared.session["mute"] = self._is_muted
        run.set_dry(self._is_dry)
        self._run = run
        run.start()

    def stop(self) -> None:
        """End the run and wait until its devices are free; IDLE afterwards, or still FAILED."""
        if self._run is not None:
            self._run.stop()

    def set_value(self, name: str, value: float) -> None:
        """Set a control of the voice, heard with the next hop; RtvcError with the nearest match for an unknown one."""
        if self._run is None:
            return
        voice = self._run.engines.wanted
        known = [control.name for control in (*COMMON_CONTROLS, *read_controls(voice.card))] + list(TALKER_FACTS)
        if voice.card.get("params") and name not in known:
            raise RtvcError(f"voice {voice.name} has no control {name!r}{hint(name, known)}")
        self._run.engines.set_value(name, value)

    def set_voice(self, voice: Voice, values: Mapping[str, float], times: StreamTimes) -> None:
        """Speak with another voice as soon as it is loaded; the one before goes on until then.

        What is set from now on is set of the new voice. Where it cannot be loaded, the old one stays and the status
        says why in `voice_fault`. Nothing happens where nothing runs.
        """
        if self._run is not None:
            self._run.engines.set_voice(voice, values, times)

    def set_mute(self, muted: bool) -> None:
        """Fade all outputs to silence or back."""
        self._is_muted = muted
        if self._run is not None:
            self._run.shared.session["mute"] = muted

    def set_passthrough(self, passthrough: bool) -> None:
        """Crossfade to the microphone's own sound, at the same delay, or back to the voice."""
        self._is_dry = passthrough
        if self._run is not None:
            self._run.set_dry(passthrough)

    def set_margin(self, margin: float) -> None:
        """Change the spare time in seconds while running."""
        if self._run is not None:
            self._run.shared.session["margin"] = margin

    def set_monitor_mute(self, muted: bool) -> None:
        """Silence the monitor alone, or let it be heard again where the microphone heard it."""
        if self._run is not None:
            self._run.set_monitor_mute(muted)

    def set_total(self, total: float | None) -> None:
        """Hold a whole delay in seconds while running, or no longer; RtvcError where it cannot be so short."""
        if self._run is not None:
            self._run.hold(total)

    def set_hop(self, hop: float) -> None:
        """Change the hop in seconds, as `set_windows` does."""
        if self._run is not None:
            self._run.engines.set_times(replace(self._run.engines.times, hop=hop))

    def set_windows(self, times: StreamTimes) -> None:
        """Change hop, past, future and seam, as soon as an engine with them can take over without a gap."""
        if self._run is not None:
            self._run.engines.set_times(times)

    def reopen(self, times: StreamTimes) -> None:
        """Change hop, past, future and seam at once, with a moment of silence."""
        if self._run is not None:
            self._run.engines.set_times(times, at_once=True)

    def status(self) -> Status:
        """Return a snapshot; cheap, for any thread."""
        return Status() if self._run is None else self._run.status()

    def levels(self) -> Levels:
        """Return what a meter shows; cheaper than all the rest, for any thread."""
        return Levels() if self._run is None else self._run.levels()

    def timing(self) -> Timing:
        """Return the clockwork of the stream that is heard, for those who choose its times; cheap, for any thread."""
        return Timing() if self._run is None else self._run.timing()

    def history(self) -> list[Row]:
        """Return the counters of the last five minutes, second by second; for any thread."""
        return [] if self._run is None else self._run.history.rows

    def stats(self) -> dict[str, Any]:
        """Return the run's figures for a file: delay in ms with its parts, load, counters, drift, seconds."""
        status = self.status()
        return {
            "delay": {
                "total_ms": round(status.delay.total * 1000, 2),
                **{f"{name}_ms": round(seconds * 1000, 2) for name, seconds in status.delay.items()},
            },
            "load": {name: round(value, 4) for name, value in status.load._asdict().items()},
            "late": status.late,
            "lost": status.lost,
            "skipped": status.skipped,
            "recoveries": status.recoveries,
            "faults": dict(status.faults),
            "nan": status.nan,
            "drift_ppm": round(status.drift_ppm, 1),
            "seconds": round(status.seconds, 2),
        }

    def close(self) -> None:
        """Stop and let go of everything; safe to call again."""
        self.stop()
        self._spares.close()

    def __enter__(self) -> Self:
        """Return the session itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()
