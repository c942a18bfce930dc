"""`rtvc voices export`: a copy of a voice, as its folder or as a checkpoint of the original."""

import argparse
from pathlib import Path

from rtvc.own_voices import copy_voice, default_own_voices

EXAMPLES = """\
examples:
  rtvc voices export anna anna.pth       a file that GPT-SoVITS loads (imported voices)
  rtvc voices export anna backup         a copy of the voice's folder; `--voice FOLDER` uses it where it is"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices export` takes."""
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="NAME", help="a voice")
    parser.add_argument("target", metavar="TARGET", type=Path, help="a new .pth, or a folder")


def run(args: argparse.Namespace) -> int:
    """Write the copy; raises VoiceError."""
    voice = default_own_voices().library.get(args.name)
    target = args.target
    if target.suffix.lower() == ".pth":
        from rtvc.importing.export import export_checkpoint

        export_checkpoint(voice, target)
    else:
        target = copy_voice(voice, target)
    print(f"{voice.name} is in {target} too")
    return 0
