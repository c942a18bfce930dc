"""`rtvc voices rename`: another name for one of the user's voices, in the settings too."""

import argparse
from dataclasses import replace

from rtvc.config import Config, load, update
from rtvc.own_voices import default_own_voices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices rename` takes."""
    parser.add_argument("name", metavar="NAME", help="one of your voices")
    parser.add_argument("new", metavar="NEW", help="its new name")


def run(args: argparse.Namespace) -> int:
    """Rename the voice; raises VoiceError."""
    voice = default_own_voices().rename(args.name, args.new)
    known = load(args.config).voice
    if args.name in (known.name, *known.params, *known.streams):
        update(args.config, lambda config: _renamed(config, args.name, args.new))
    print(f"{args.name} is {voice.name} now")
    return 0


def _renamed(config: Config, name: str, new: str) -> Config:
    params = {new if key == name else key: value for key, value in config.voice.params.items()}
    streams = {new if key == name else key: value for key, value in config.voice.streams.items()}
    chosen = new if config.voice.name == name else config.voice.name
    return replace(config, voice=replace(config.voice, name=chosen, params=params, streams=streams))
