"""`rtvc bench`: how fast a voice is on this machine, and how much delay it adds."""

import argparse
from typing import TYPE_CHECKING

from rtvc.commands.options import (
    add_engine,
    add_json,
    add_voice,
    chosen_voice,
    number,
    print_json,
    stream_times,
    voice_values,
)
from rtvc.config import load

if TYPE_CHECKING:
    from rtvc.bench import Measurement
    from rtvc.naive import Comparison

NAIVE_HOP_MS = 200.0
"""The hop of a comparison where none is given: a loop around the original manages little less on a good machine."""
EXAMPLES = """\
examples:
  rtvc bench --voice slt --threads 1 --seconds 10
  rtvc bench --voice slt --hop-ms 10 --json
  rtvc bench --voice anna --against naive

Real speech at 48 kHz goes through the engine of the live session, hop by hop and as fast as it can. The load is
computing time as a part of real time, so at 100 % a voice is just too slow; p95 and p99 are what the margin
has to bear. The delay is the engine's own; a live session adds the devices' blocks and the margin.

--against naive also runs, in turn with the live path, what a GPT-SoVITS voice would take without streaming: all its
networks on a window of 2 s at every hop (200 ms, if none is given), in single precision. The ratio says how many times
less live takes."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc bench` takes."""
    parser.description = "Measure the load and the delay of a voice on this machine."
    parser.epilog = EXAMPLES
    add_voice(parser)
    add_engine(parser, "milliseconds converted at a time (default: your settings, 20)")
    parser.add_argument(
        "--seconds", metavar="N", type=number(0.1, 3600), default=10.0, help="how much speech (default 10)"
    )
    parser.add_argument(
        "--against", choices=("naive",), help="compare with a GPT-SoVITS voice that hears 2 s anew at every hop"
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Measure and print; raises RtvcError."""
    from models.base import StreamSpec
    from rtvc.bench import measure
    from rtvc.loading import load_model

    config = load(args.config)
    voice = chosen_voice(args, config)
    if args.against and args.hop_ms is None:
        args.hop_ms = NAIVE_HOP_MS
    times = stream_times(config, voice, args)
    model = load_model(voice, args.device or config.engine.device, args.threads or config.engine.threads)
    spec, values = StreamSpec(**vars(times)), voice_values(config, voice, args)
    if args.against:
        from rtvc.naive import compare

        comparison = compare(voice, model, spec, values, args.seconds)
        if args.json:
            print_json({"voice": voice.name, **comparison.as_dict()})
        else:
            _print_comparison(voice.name, comparison)
        return 0
    measurement = measure(model, spec, values, args.seconds)
    if args.json:
        print_json({"voice": voice.name, **measurement.as_dict()})
    else:
        _print(voice.name, measurement)
    return 0


def _print_comparison(voice: str, found: "Comparison") -> None:
    machine = found.as_dict()["machine"]
    print(f"voice {voice}, hop {found.hop * 1000:g} ms, {found.hops} hops of each way in turn")
    print(f"live    {found.live * 1000:.1f} ms a hop, in {found.precision}")
    print(f"naive   {found.naive * 1000:.1f} ms a hop, all networks on a window of {found.window:g} s")
    print(f"ratio   {found.ratio:.2f}")
    print("machine " + ", ".join(f"{name} {value}" for name, value in machine.items()))


def _print(voice: str, found: "Measurement") -> None:
    machine = found.as_dict()["machine"]
    print(f"voice {voice}, hop {found.hop * 1000:g} ms, {found.seconds:g} s of speech")
    print("load    " + "  ".join(f"{name} {value:.1%}" for name, value in found.load.items()))
    print("stages  " + "  ".join(f"{name} {value * 1000:.2f}" for name, value in found.stages.items()) + "  (ms a hop)")
    print("delay   " + "  ".join(f"{name} {value * 1000:.1f}" for name, value in found.delay.items()) + "  (ms)")
    print("machine " + ", ".join(f"{name} {value}" for name, value in machine.items()))
