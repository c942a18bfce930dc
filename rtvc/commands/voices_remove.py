"""`rtvc voices remove`: one of the user's voices goes to the trash, from where it can come back."""

import argparse

from rtvc.own_voices import default_own_voices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices remove` takes."""
    parser.add_argument("name", metavar="NAME", help="one of your voices")


def run(args: argparse.Namespace) -> int:
    """Move the voice to the trash; raises VoiceError."""
    place = default_own_voices().remove(args.name)
    print(f"{args.name} lies in {place} now; to have it back: rtvc voices restore {place.name}")
    return 0
