"""`rtvc voices import`: a GPT-SoVITS checkpoint becomes a voice."""

import argparse
from pathlib import Path

from rtvc.commands.options import add_json, print_json, warn
from rtvc.commands.progress import ProgressBar

EXAMPLES = """\
examples:
  rtvc voices import SoVITS_weights_v2/anna_e8_s144.pth --reference anna.wav
  rtvc voices import anna.pth --name "Anna" --hubert GPT-SoVITS/GPT_SoVITS/pretrained_models/chinese-hubert-base

The file is read and never run, and stays as it is. Versions v1, v2, v2Pro and v2ProPlus are taken; of a voice's two
files it is the one in a folder SoVITS_weights. A reference is a recording of the speaker, of 3 to 10 s."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices import` takes."""
    parser.epilog = EXAMPLES
    parser.add_argument("file", metavar="FILE", type=Path, help="the checkpoint, a .pth")
    parser.add_argument("--name", help="the new voice's name (default: after the file)")
    parser.add_argument(
        "--reference",
        metavar="CLIP",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        help="recordings of the speaker; the voice sounds like their mean",
    )
    parser.add_argument("--hubert", metavar="DIR", type=Path, help="the folder chinese-hubert-base of the original")
    parser.add_argument(
        "--speaker-verification",
        metavar="FILE",
        type=Path,
        help="the original's pretrained_eres2netv2w24s4ep4.ckpt, for v2Pro and v2ProPlus",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Import the voice; raises VoiceError."""
    from rtvc.importing.checkpoint import look

    look(args.file)  # most refusals come from here, before the networks are imported
    from rtvc.importing.voice_writer import Wish, import_voice
    from rtvc.own_voices import default_own_voices
    from rtvc.parts import default_parts

    wish = Wish(args.file, args.name, args.reference, args.hubert, args.speaker_verification)
    with ProgressBar(f"importing {args.file.name}", 1.0) as bar:
        imported = import_voice(default_own_voices(), default_parts(), wish, bar.reach)
    voice = imported.voice
    for doubt in imported.doubts:
        warn(doubt)
    if args.json:
        print_json({**voice.card, "folder": str(voice.folder), "needs": list(imported.needs)})
        return 0
    print(f"{voice.name} is a voice now, of GPT-SoVITS {voice.card['version']}, in {voice.folder}")
    for need in imported.needs:
        print(need)
    return 0
