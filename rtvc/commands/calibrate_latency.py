"""`rtvc calibrate-latency`: the lowest safe hop and margin of a voice on this machine."""

import argparse
import tempfile
from dataclasses import asdict, replace
from pathlib import Path

from rtvc.commands.options import add_engine, add_json, add_voice, chosen_voice, print_json, warn
from rtvc.commands.progress import ProgressBar
from rtvc.commands.run import session_options
from rtvc.config import Config, StreamConfig, load, update
from rtvc.latency.calibration import calibrate_latency
from rtvc.latency.choosing import LatencyChoice
from rtvc.latency.quiet_feed import write_quiet_feed
from rtvc.library import Voice
from rtvc.presets import read_presets
from rtvc.session import Session

FEED_SECONDS = 300.0

EXAMPLES = """\
examples:
  rtvc calibrate-latency                          your voice, through your output, muted
  rtvc calibrate-latency --voice bdl --save       and keep what is chosen in your settings
  rtvc calibrate-latency --input "USB Mic"        with this microphone in place of bundled speech

Takes about ten seconds, and the time that the voice takes to load. Let everything run that will run beside it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc calibrate-latency` takes."""
    parser.epilog = EXAMPLES
    add_voice(parser)
    parser.add_argument("--input", metavar="NAME", help="microphone (default: bundled speech, unheard)")
    parser.add_argument("--output", metavar="NAME", help="output to keep in time with (default: your settings)")
    parser.add_argument("--save", action="store_true", help="keep the choice in your settings")
    add_engine(parser, argparse.SUPPRESS)
    parser.set_defaults(monitor=None, record=None, record_input=None, margin_ms=None, block_ms=None)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Try the voice, print what is chosen and why; raises RtvcError."""
    config = load(args.config)
    voice = chosen_voice(args, config)
    with tempfile.TemporaryDirectory(prefix="rtvc-") as folder:
        if args.input is None:
            args.input = str(write_quiet_feed(Path(folder), FEED_SECONDS))
        options = replace(session_options(args, config, voice), monitor=None, total=None)
        with Session() as session, ProgressBar("calibrating", 1.0) as bar:
            choice = calibrate_latency(session, options, bar.reach)
    assert choice is not None  # nobody cancels but by an interruption
    if args.save:
        update(args.config, lambda before: saved(before, voice, choice))
    if args.json:
        print_json(asdict(choice))
        return 0
    for trial in choice.trials:
        print(trial.words)
    print(f"chosen: hop {choice.hop * 1000:.0f} ms, margin {choice.margin * 1000:.0f} ms, because {choice.words}")
    if not args.save:
        warn("nothing was changed; --save keeps it in your settings")
    return 0


def saved(config: Config, voice: Voice, choice: LatencyChoice) -> Config:
    """Return the settings with the choice in them: the hop with the voice where it has one of its own."""
    engine = replace(config.engine, margin_ms=round(choice.margin * 1000, 3))
    hop_ms = round(choice.hop * 1000, 3)
    if read_presets(voice) is None:
        return replace(config, engine=replace(engine, hop_ms=hop_ms))
    kept = replace(config.voice.streams.get(voice.name, StreamConfig()), hop_ms=hop_ms)
    streams = {**config.voice.streams, voice.name: kept}
    return replace(config, engine=engine, voice=replace(config.voice, streams=streams))
