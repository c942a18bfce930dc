"""`rtvc voices blend`: a new voice between two others."""

import argparse

from rtvc.library import default_library
from rtvc.own_voices import default_own_voices

EXAMPLES = """\
examples:
  rtvc voices blend between slt bdl                 half of each
  rtvc voices blend nearly-anna anna slt --share 20 a fifth of slt"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices blend` takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="NAME", help="the new voice's name")
    parser.add_argument("first", metavar="FIRST", help="a voice of the family live")
    parser.add_argument("second", metavar="SECOND", help="another one")
    parser.add_argument(
        "--share", metavar="PERCENT", type=float, default=50.0, help="how much of the second voice (default 50)"
    )
    parser.add_argument("--title", default="", help="what people call the voice (default: its name)")


def run(args: argparse.Namespace) -> int:
    """Blend two voices; raises VoiceError."""
    from rtvc.blending import blend  # brings torch, which --help need not wait for

    library = default_library()
    voices = library.get(args.first), library.get(args.second)
    voice = blend(default_own_voices(), args.name, voices, args.share / 100, args.title)
    print(f"{voice.name} is a voice now; hear it: rtvc demo --voice {voice.name}")
    return 0
