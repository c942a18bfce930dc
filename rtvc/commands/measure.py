"""`rtvc measure`: the whole delay of a live session, by a click that goes through it."""

import argparse
from contextlib import ExitStack
from dataclasses import asdict

from rtvc.commands.options import add_engine, add_json, add_voice, chosen_voice, number, print_json
from rtvc.commands.progress import ProgressBar
from rtvc.commands.run import session_options
from rtvc.config import load
from rtvc.errors import RtvcError
from rtvc.latency.measuring import measure_delay
from rtvc.session import Session
from rtvc.virtual_mic.tending import tended_microphone

EXAMPLES = """\
examples:
  rtvc measure --voice slt                                 through a virtual microphone, made for it
  rtvc measure --input "Line in" --output "Line out"       through a cable between the two

Clicks are played at the output, come in at the microphone, go through the session and come in again. The time
between the two is the whole delay from microphone to output, the devices' own included."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc measure` takes."""
    parser.epilog = EXAMPLES
    add_voice(parser)
    parser.add_argument("--input", metavar="NAME", help="microphone that hears the output (default: a virtual one)")
    parser.add_argument("--output", metavar="NAME", help="output that leads to it (default: a virtual one)")
    add_engine(parser, "milliseconds converted at a time (default: your settings, 20)")
    parser.add_argument("--margin-ms", metavar="MS", type=number(0, 500), help="reserve (default: your settings, 30)")
    parser.add_argument("--block-ms", metavar="MS", type=number(2, 100), help="blocks (default: your settings, 10)")
    parser.set_defaults(monitor=None, record=None, record_input=None)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Measure and print both figures; raises RtvcError."""
    if (args.input is None) != (args.output is None):
        raise RtvcError("a loop has two ends: give --input and --output, or neither for a virtual microphone")
    config = load(args.config)
    voice = chosen_voice(args, config)
    with ExitStack() as stack:
        if args.input is None:
            microphone = stack.enter_context(tended_microphone())
            args.input, args.output = microphone.microphone, microphone.output
        options = session_options(args, config, voice)
        session = stack.enter_context(Session())
        bar = stack.enter_context(ProgressBar("measuring", 1.0))
        found = measure_delay(session, options, bar.reach)
    assert found is not None  # nobody cancels but by an interruption
    if args.json:
        print_json({**asdict(found), "words": found.words})
        return 0
    print(found.words)
    for name, seconds in found.parts.items():
        print(f"  {name.replace('_', ' '):16} {seconds * 1000:6.1f} ms")
    return 0
