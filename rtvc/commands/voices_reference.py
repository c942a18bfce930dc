"""`rtvc voices reference`: an imported voice hears its speaker."""

import argparse
from pathlib import Path

from rtvc.commands.options import warn


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices reference` takes."""
    parser.add_argument("name", metavar="NAME", help="one of your imported voices")
    parser.add_argument(
        "clips",
        metavar="CLIP",
        type=Path,
        nargs="*",
        help="recordings of the speaker, of 3 to 10 s (default: those that the voice keeps)",
    )


def run(args: argparse.Namespace) -> int:
    """Set the references; raises VoiceError."""
    from rtvc.importing.voice_writer import set_references
    from rtvc.own_voices import default_own_voices
    from rtvc.parts import default_parts

    heard = set_references(default_own_voices(), default_parts(), args.name, args.clips)
    for doubt in heard.doubts:
        warn(doubt)
    print(f"{args.name} has its references")
    for need in heard.needs:
        print(need)
    return 0
