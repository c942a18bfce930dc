"""`rtvc run`: a live session without a window."""

import argparse
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rtvc.commands.live_display import LiveDisplay
from rtvc.commands.options import add_engine, add_voice, chosen_voice, number, stream_times, voice_values, warn
from rtvc.config import Config, load, update
from rtvc.control.server import ControlServer
from rtvc.control.session_control import SessionControl
from rtvc.devices import find, recording_of
from rtvc.diagnosing.history import keep
from rtvc.diagnosing.log import log_to_file
from rtvc.errors import ConfigError, DeviceError, RtvcError
from rtvc.headless import Outcome, check_writable, watch, write_stats
from rtvc.library import Voice
from rtvc.session import Session, SessionOptions
from rtvc.status import State
from rtvc.virtual_mic.tending import tended_microphone

TALKER = "talker_hz"
TALKER_RANGE = (40.0, 600.0)  # Hz, as in the settings
RECORDING_ENDINGS = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff", ".aif")

EXAMPLES = """\
examples:
  rtvc run --voice slt                                      default microphone to default output
  rtvc run --voice bdl --input "USB Mic" --output rtvc_out --hop-ms 20 --margin-ms 40
  rtvc run --voice slt --input speech.wav --repeat --seconds 60 --stats figures.json
  rtvc run --voice slt --virtual-mic --monitor headphones --record session.wav

Ctrl-C ends the session (exit code 130); the recording and the figures are kept. Device names are those of
`rtvc devices`. What is not given is taken from your settings; nothing given here changes them.

The figures of --stats: delay (total and parts in ms), load (p50, p95, p99 of computing time to real time), late
(hops heard as a fade to silence), lost (blocks of the microphone without room), skipped (hops left out to bring the
delay back), recoveries (faults mended), drift_ppm (between the two devices' clocks), seconds."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc run` takes."""
    parser.description = "Convert the microphone live, without a window."
    parser.epilog = EXAMPLES
    add_voice(parser)
    parser.add_argument("--input", metavar="NAME", help="microphone, or an audio file to play in its place")
    parser.add_argument("--repeat", action="store_true", help="play such a file over and over")
    parser.add_argument("--output", metavar="NAME", help="where the new voice is played")
    parser.add_argument(
        "--virtual-mic", action="store_true", help="speak into a virtual microphone for other programs, made for it"
    )
    parser.add_argument("--monitor", metavar="NAME", help="a second output, to hear yourself")
    parser.add_argument("--record", metavar="FILE", type=Path, help="keep what is played, a new .wav or .flac file")
    parser.add_argument("--record-input", metavar="FILE", type=Path, help="keep what is heard, in the same way")
    parser.add_argument("--seconds", metavar="N", type=number(0.1, 1e7), help="stop after this time")
    parser.add_argument("--stats", metavar="FILE", type=Path, help="write the session's figures as JSON")
    parser.add_argument("--control", action="store_true", help="let `rtvc ctl` drive the session")
    add_engine(parser, "milliseconds converted at a time (default: your settings, 20)")
    parser.add_argument(
        "--margin-ms", metavar="MS", type=number(0, 500), help="reserve for a busy machine (default: your settings, 30)"
    )
    parser.add_argument(
        "--total-ms", metavar="MS", type=number(50, 2000), help="hold the whole delay at this, for a picture in step"
    )
    parser.add_argument(
        "--block-ms", metavar="MS", type=number(2, 100), help="the devices' blocks (default: your settings, 10)"
    )


def run(args: argparse.Namespace) -> int:
    """Run the session; return 0, 1 if it failed, 130 if it was interrupted. Raises RtvcError."""
    log_to_file()
    config = load(args.config)
    for path in filter(None, (args.stats, args.record, args.record_input)):
        check_writable(path)
    for path in filter(None, (args.record, args.record_input)):
        if path.exists():
            raise RtvcError(f"{path} exists; a recording is always a new file, choose another name")
    if args.record and args.record == args.record_input:
        raise RtvcError(f"{args.record} cannot hold both sides; give --record-input another file")
    if args.virtual_mic and args.output:
        raise RtvcError("--virtual-mic is an output itself; leave --output out, or take --monitor to hear it too")
    with ExitStack() as stack:
        session = stack.enter_context(Session())
        session.begin()
        if args.virtual_mic:
            args.output = stack.enter_context(tended_microphone()).output
            stack.callback(session.stop)  # before the microphone goes
        options = session_options(args, config, chosen_voice(args, config))
        display = stack.enter_context(LiveDisplay())
        control = _controlled(args, config, session, options, stack)
        outcome = watch(session, options, args.seconds, display.show, control=control)
        keep(session.history())
    remember_talker(args.config, options.input, outcome)
    if args.stats:
        write_stats(args.stats, outcome.stats)
    return conclude(outcome)


def session_options(args: argparse.Namespace, config: Config, voice: Voice) -> SessionOptions:
    """Return what the session is to do: the arguments, and the settings where there are none.

    Raises RtvcError for a device or file that is not there.
    """
    audio, engine = config.audio, config.engine
    times = stream_times(config, voice, args)
    source = _source(args.input or audio.input)
    known = config.talkers.get(source) if isinstance(source, str) else None
    values = voice_values(config, voice, args)
    monitor = args.monitor or audio.monitor
    return SessionOptions(
        voice=voice,
        input=source,
        output=_output(args.output or audio.output, is_needed=isinstance(source, str)),
        monitor=find(monitor, "output").name if monitor else None,
        record=args.record,
        record_input=args.record_input,
        **vars(times),
        margin=_first(args.margin_ms, engine.margin_ms) / 1000,
        block=_first(args.block_ms, audio.block_ms) / 1000,
        total=_total(getattr(args, "total_ms", None), audio.total_ms),
        repeats=getattr(args, "repeat", False) or (args.input is None and audio.repeat),
        values={TALKER: known, **values} if known else values,
        device=args.device or engine.device,
        threads=args.threads or engine.threads,
    )


def remember_talker(path: Path, source: str | Path | None, outcome: Outcome) -> None:
    """Keep the talker's pitch for the next session at this microphone; warns where that cannot be."""
    hertz = outcome.status.learned.get(TALKER, 0.0)
    if not isinstance(source, str) or not TALKER_RANGE[0] <= hertz <= TALKER_RANGE[1]:
        return
    heard = {source: round(hertz, 1)}
    try:
        update(path, lambda config: replace(config, talkers={**config.talkers, **heard}))
    except ConfigError as error:
        warn(f"{error}; the talker's pitch is not remembered")


def conclude(outcome: Outcome) -> int:
    """Print the run's figures and return the exit code; raises RtvcError where it failed, or its recording did."""
    status = outcome.status
    if status.state is State.FAILED:
        raise RtvcError(status.message)
    print(
        f"{status.seconds:.1f} s, delay {status.delay.total * 1000:.0f} ms, load {status.load.p50:.0%} "
        f"(p99 {status.load.p99:.0%}), late {status.late}, lost {status.lost}, skipped {status.skipped}, "
        f"recovered {status.recoveries}"
    )
    if status.recording_fault:
        raise RtvcError(status.recording_fault)
    return 130 if outcome.interrupted else 0


def _controlled(
    args: argparse.Namespace, config: Config, session: Session, options: SessionOptions, stack: ExitStack
) -> SessionControl | None:
    """Let other programs drive the session, where that is wanted; raises ControlError where it cannot be."""
    if not (args.control or config.control.enabled):
        return None

    def options_of(name: str) -> SessionOptions:
        chosen = argparse.Namespace(**{**vars(args), "voice": name, "values": []})
        return session_options(chosen, config, chosen_voice(chosen, config))

    control = SessionControl(session, options, options_of)
    stack.enter_context(ControlServer(control))
    return control


def _source(name: str | None) -> str | Path:
    """Return the exact name of a microphone, or the path of a recording."""
    if name is not None and Path(name).is_file():
        return Path(name)
    if recording_of(name) or (name is not None and name.lower().endswith(RECORDING_ENDINGS)):
        raise RtvcError(f"no recording {name}; give the path of an audio file, or a name out of `rtvc devices`")
    return find(name, "input").name


def _output(name: str | None, is_needed: bool) -> str | None:
    """Return the exact name of an output; None where there is none and a recording can do without."""
    try:
        return find(name, "output").name
    except DeviceError as error:
        if is_needed or name is not None:
            raise
        warn(f"{error}; nothing is played")
        return None


def _total(given: float | None, setting: float | None) -> float | None:
    """The whole delay to hold, in seconds."""
    wanted = setting if given is None else given
    return None if wanted is None else wanted / 1000


def _first(given: float | None, setting: float) -> float:
    return setting if given is None else given
