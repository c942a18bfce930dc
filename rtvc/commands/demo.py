"""`rtvc demo`: the bundled recording through the live path, in real time."""

import argparse
import os
import tempfile
from dataclasses import replace
from pathlib import Path

from rtvc.commands.live_display import LiveDisplay
from rtvc.commands.options import add_engine, add_voice, chosen_voice, stream_times, voice_values
from rtvc.config import load
from rtvc.demo import RECORDING
from rtvc.devices import find
from rtvc.errors import AudioFileError, DeviceError, RtvcError
from rtvc.headless import Outcome, check_writable, watch
from rtvc.session import Session, SessionOptions
from rtvc.status import State

OUTPUT_FILE = "rtvc-demo.wav"

EXAMPLES = """\
examples:
  rtvc demo
  rtvc demo --voice bdl --output-file /tmp/demo.wav

A man reads a sentence, and the voice says it after him as it would say yours: hop by hop, in real time, with the
engine and the processes of a live session. It is played if there is a speaker, and written to a file in
any case. The recording is from LibriSpeech, CC BY 4.0."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc demo` takes."""
    parser.description = "Convert a bundled recording through the live path, to the speaker and to a file."
    parser.epilog = EXAMPLES
    add_voice(parser)
    parser.add_argument(
        "--output-file", metavar="FILE", type=Path, help=f"WAV file to write (default: {OUTPUT_FILE} here)"
    )
    parser.add_argument(
        "--output", metavar="NAME", help="speaker, by its name in `rtvc devices` (default: the default)"
    )
    add_engine(parser, "milliseconds converted at a time (default: your settings, 20)")


def run(args: argparse.Namespace) -> int:
    """Play and write the demo; return 0, or 130 if it was interrupted. Raises RtvcError."""
    config = load(args.config)
    voice = chosen_voice(args, config)
    options = SessionOptions(
        voice=voice,
        input=RECORDING,
        output=_speaker(args.output),
        **vars(stream_times(config, voice, args)),
        margin=config.engine.margin_ms / 1000,
        values=voice_values(config, voice, args),
        device=args.device or config.engine.device,
        threads=args.threads or config.engine.threads,
    )
    target = args.output_file or _default_target()
    outcome = _perform(options, target)
    status = outcome.status
    print(f"{'played and ' if options.output else ''}written to {target.resolve()}")
    print(f"delay {status.delay.total * 1000:.0f} ms, load {status.load.p50:.0%}, late {status.late}")
    return 130 if outcome.interrupted else 0


def _speaker(name: str | None) -> str | None:
    """Return the name of the speaker to use, None where the machine has none; raises DeviceError for a wrong name."""
    try:
        return find(name, "output").name
    except DeviceError:
        if name is not None:
            raise
        return None


def _default_target() -> Path:
    here = Path.cwd()
    return (here if os.access(here, os.W_OK) else Path(tempfile.gettempdir())) / OUTPUT_FILE


def _perform(options: SessionOptions, target: Path) -> Outcome:
    """Run the session into a file that gets its name when it is whole; raises RtvcError."""
    check_writable(target)
    try:
        with tempfile.TemporaryDirectory(prefix=".rtvc-demo-", dir=target.parent) as folder:
            recorded = Path(folder) / "demo.wav"
            outcome = _play(replace(options, record=recorded))
            if outcome.status.state is State.FAILED:
                raise RtvcError(outcome.status.message)
            recorded.replace(target)
    except OSError as error:
        raise AudioFileError(f"{target} cannot be written ({error.strerror})") from error
    return outcome


def _play(options: SessionOptions) -> Outcome:
    with Session() as session, LiveDisplay() as display:
        return watch(session, options, None, display.show)
