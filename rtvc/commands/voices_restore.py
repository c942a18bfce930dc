"""`rtvc voices restore`: a removed voice comes back."""

import argparse

from rtvc.own_voices import default_own_voices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices restore` takes."""
    parser.add_argument("name", metavar="NAME", help="a voice that was removed")


def run(args: argparse.Namespace) -> int:
    """Bring the voice back; raises VoiceError."""
    print(f"{default_own_voices().restore(args.name).name} is back")
    return 0
