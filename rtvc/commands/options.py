"""Arguments that several commands share, checked where they enter."""

import argparse
import json
import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

from rtvc.config import Config, StreamConfig
from rtvc.errors import RtvcError
from rtvc.library import Voice, default_library
from rtvc.params import COMMON_CONTROLS, TALKER_FACTS, check_values, read_controls
from rtvc.presets import LIMITS, Presets, StreamTimes, in_seconds, read_presets

WINDOWS = {
    "left_ms": "how much of the past the voice hears",
    "right_ms": "how much of the future it waits for: better words, more delay",
    "fade_ms": "the seam between two hops",
}
"""The options of voices that leave it open how they are streamed, beside --preset, and what they are."""


DELAY_WORDS = (
    "A live voice has a preset, a hop and a future (0, 20, 40 or 80 ms); a GPT-SoVITS voice has them all. "
    "What they are by default is in your settings or the card."
)


def number(low: float, high: float) -> Callable[[str], float]:
    """Return a reader of one argument that must be a number from `low` to `high`."""

    def read(word: str) -> float:
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{word!r} is not a number from {low:g} to {high:g}")
        return value

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return a reader of one argument that must be a whole number from `low` to `high`."""

    def read(word: str) -> int:
        if not word.isascii() or not word.isdigit() or not low <= int(word) <= high:
            raise argparse.ArgumentTypeError(f"{word!r} is not a whole number from {low} to {high}")
        return int(word)

    return read


def assignment(word: str) -> tuple[str, float]:
    """Read `name=value`."""
    name, sign, value = word.partition("=")
    try:
        if not sign or not name or not math.isfinite(float(value)):
            raise ValueError
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is not of the form name=number, as in gate_db=-50") from None
    return name, float(value)


def add_voice(parser: argparse.ArgumentParser) -> None:
    """Add --voice and --set."""
    parser.add_argument(
        "--voice", metavar="NAME", help="a name out of `rtvc voices`, or the folder of a voice (default: your settings)"
    )
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        type=assignment,
        action="append",
        default=[],
        dest="values",
        help="set a control of the voice, as in --set gate_db=-50; `rtvc voices info NAME` lists them; may be repeated",
    )


def add_engine(parser: argparse.ArgumentParser, hop: str) -> None:
    """Add --hop-ms, --threads, --device and what else of a voice's delay may be chosen; `hop`: what the hop does."""
    parser.add_argument("--hop-ms", metavar="MS", type=number(*LIMITS["hop_ms"]), help=hop)
    parser.add_argument(
        "--threads", metavar="N", type=whole(1, 64), help="processor threads of the engine (default: your settings, 1)"
    )
    parser.add_argument(
        "--device", choices=("auto", "cpu", "cuda"), help="what computes the voice (default: your settings, auto)"
    )
    group = parser.add_argument_group("delay and quality", DELAY_WORDS)
    group.add_argument(
        "--preset", metavar="NAME", help='one of the voice\'s presets: "lowest delay", "low delay", balanced, quality'
    )
    for name, words in WINDOWS.items():
        group.add_argument(_option(name), metavar="MS", type=number(*LIMITS[name]), help=words)


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def chosen_voice(args: argparse.Namespace, config: Config) -> Voice:
    """Return the voice that --voice names, else that of the settings; raises VoiceError."""
    return default_library().get(config.voice.name if args.voice is None else args.voice)


def stream_times(config: Config, voice: Voice, args: argparse.Namespace) -> StreamTimes:
    """Return how the voice is streamed: as the arguments say, else the settings, else the voice's card.

    Raises RtvcError for a preset that there is not, and where the voice only has a hop and more is given.
    """
    given = {name: getattr(args, name) for name in LIMITS if getattr(args, name) is not None}
    presets = read_presets(voice)
    _refuse_meaningless(voice, presets, args)
    if presets is None:
        return StreamTimes(hop=given.get("hop_ms", config.engine.hop_ms) / 1000)
    kept = config.voice.streams.get(voice.name, StreamConfig())
    if args.preset is not None:
        kept = StreamConfig(preset=args.preset)
    try:
        return in_seconds(presets.chosen(kept.preset, kept.own | given))
    except RtvcError as error:
        raise RtvcError(f"voice {voice.name} has {error}") from error


def _refuse_meaningless(voice: Voice, presets: Presets | None, args: argparse.Namespace) -> None:
    options = ("preset", *WINDOWS)
    usable = [name for name in options if presets and (name == "preset" or presets.may_choose(name))]
    for name in options:
        if getattr(args, name) is not None and name not in usable:
            has = ", ".join(map(_option, ("hop_ms", *usable)))
            raise RtvcError(f"{_option(name)} is for voices that hear windows of sound; {voice.name} has only {has}")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def voice_values(config: Config, voice: Voice, args: argparse.Namespace) -> dict[str, float]:
    """Return the values of the voice's controls: those in the settings, and over them those of --set.

    Raises RtvcError where one is none of the controls that the voice's card tells; a card that tells none leaves
    it to the engine.
    """
    values = {**config.voice.params.get(voice.name, {}), **dict(args.values)}
    if controls := read_controls(voice.card):
        check_values((*COMMON_CONTROLS, *controls), values, TALKER_FACTS)
    return values


def print_json(answer: Mapping[str, Any] | list[Any]) -> None:
    """Print one JSON document."""
    print(json.dumps(answer, indent=2, ensure_ascii=False, default=str))  # a card may hold dates


def warn(sentence: str) -> None:
    """Tell what went less well than asked, and go on."""
    print(f"rtvc: {sentence}", file=sys.stderr)
