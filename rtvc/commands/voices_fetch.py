"""`rtvc voices fetch`: the parts that imported voices need, from their public home or a folder of the user's."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from rtvc.commands.progress import ProgressBar

EXAMPLES = """\
examples:
  rtvc voices fetch                      what your imported voices lack; chinese-hubert-base if you have none yet
  rtvc voices fetch speaker-verification
  rtvc voices fetch hubert --from GPT-SoVITS/GPT_SoVITS/pretrained_models

A download that was cut off goes on where it stopped."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices fetch` takes."""
    parser.epilog = EXAMPLES
    parser.add_argument(
        "kinds", metavar="PART", nargs="*", help="hubert, speaker-verification (default: what your voices lack)"
    )
    parser.add_argument(
        "--from", metavar="PATH", type=Path, dest="source", help="a local folder or file to take them from"
    )


def run(args: argparse.Namespace) -> int:
    """Get each part that is asked for and not here; raises VoiceError."""
    from rtvc.own_voices import default_own_voices
    from rtvc.part_home import FILES, fetch_part, is_here, take_part
    from rtvc.parts import default_parts

    parts = default_parts()
    for kind in args.kinds:
        if kind not in FILES:
            args.refuse(f"there is no part {kind!r}; there are {', '.join(FILES)}")
    for kind in args.kinds or _wanted([voice.card for voice in default_own_voices().library.list()]):
        if args.source is not None:
            part = take_part(parts, kind, args.source)
            print(f"{part.id} is ready, SHA-256 {part.sha256[:12]}…")
        elif is_here(parts, kind):
            print(f"{kind} is here already")
        else:
            with ProgressBar(f"fetching {kind}", 1.0) as bar:
                part, fetched = fetch_part(parts, kind, _share(bar.reach))
            checked = "as announced" if fetched.is_verified else "which nobody announced; it is on record now"
            print(f"{part.id} is ready, SHA-256 of the download {fetched.sha256}, {checked}")
    return 0


def _wanted(cards: Sequence[dict[str, object]]) -> list[str]:
    from rtvc.parts import HUBERT, SPEAKER

    return [HUBERT, *([SPEAKER] if any("speaker_verification" in card for card in cards) else [])]


def _share(reach: Callable[[str, float], None]) -> Callable[[str, int, int], None]:
    """Bytes of a file as a bar's fraction."""
    return lambda name, done, total: reach(name, done / total if total else 0.0)
