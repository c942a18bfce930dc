"""`rtvc voices train`: a voice of one's own from recordings."""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from models.generator_sizes import RATES
from rtvc.commands.opinions import opinion_lines
from rtvc.commands.options import add_json, number, print_json, warn, whole
from rtvc.commands.progress import ProgressBar
from rtvc.errors import RtvcError
from rtvc.extras import TRAINING, check_installed

if TYPE_CHECKING:
    from rtvc.library import Voice
    from rtvc.making.home import Making, Wish
    from rtvc.preparing.report import Report


EXAMPLES = """\
examples:
  rtvc voices train anna recordings/            files of any format, rate and length; no texts are needed
  rtvc voices train anna a.mp3 b.wav --check    only say what the recordings are worth
  rtvc voices train anna                        go on after Ctrl-C, a crash or a power cut
  rtvc voices train anna recordings/ --consent "Anna Berg, who agreed"     for scripts

3 to 5 minutes of clean speech of one person make a usable voice. Every minute of training, preview.wav in the voice's
folder says what it sounds like by now. The training ends when the voice is good enough, or after --minutes. A tenth
of the recordings is never learned from; the voice is scored with it at the end (`rtvc voices info NAME`)."""

QUESTION = """\
A voice can be used to speak as that person. It may only be made of somebody who agreed to it.
Whose voice is it, and did they agree? Type their name if they did (or "mine"), nothing to stop: """


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices train` takes."""
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="NAME", help="the new voice's name")
    parser.add_argument(
        "recordings", metavar="RECORDING", type=Path, nargs="*", help="files and folders of recordings of one speaker"
    )
    parser.add_argument(
        "--consent", metavar="WORDS", help='whose voice it is, and that they agreed: "Anna, who agreed"'
    )
    parser.add_argument("--title", help="what people call the voice (default: its name)")
    parser.add_argument(
        "--minutes", metavar="N", type=number(0.01, 1440), default=10.0, help="train at most so long (default 10)"
    )
    parser.add_argument(
        "--rate",
        metavar="HZ",
        type=int,
        choices=RATES,
        default=0,
        help="make a voice of 16000, 24000, 32000 or 48000 Hz (default: what the recordings' bandwidth is worth)",
    )
    parser.add_argument("--start", metavar="VOICE", default="", help="start from this voice, or from `nothing`")
    parser.add_argument("--check", action="store_true", help="only tell what the recordings are worth")
    parser.add_argument("--anew", action="store_true", help="forget what an earlier training of this name has reached")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto", help="what computes")
    parser.add_argument("--threads", metavar="N", type=whole(1, 64), help="processor threads (default: all)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Make the voice; 2 where nobody agreed, 130 where it was interrupted. Raises RtvcError."""
    from rtvc.making.home import making_of
    from rtvc.own_voices import default_own_voices
    from rtvc.voice_names import check_name

    making = making_of(check_name(args.name))
    check_installed(TRAINING)
    if args.check:
        return _check(args)
    own = default_own_voices()
    own.check_free(args.name)
    if args.anew:
        making.discard()
    wish = _wish(args, making)
    if wish is None:
        return 2
    with _bar(args.name) as listener:
        from rtvc.voice_making import Paused, look, make_voice

        try:
            if not making.is_begun:
                making.begin(wish)
            report = look(making, wish, listener)
            _tell(report, args.json)
            voice = make_voice(making, own, args.device, args.threads or _all_threads(), listener)
        except Paused as pause:
            warn(str(pause))
            return 130
    _finish(voice, args.json)
    return 0


class Follower:
    """Shows the making of a voice on a bar, and pauses it at the first Ctrl-C."""

    def __init__(self, bar: ProgressBar) -> None:
        self._bar = bar
        self._is_cancelled = False

    def cancel(self, number: int, frame: object) -> None:
        """Take the signal; the next one ends the program at once, and the last minute is lost."""
        self._is_cancelled = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    def reach(self, words: str, part: float) -> None:
        """Move the bar."""
        self._bar.reach(words, part)

    def hear(self, preview: Path, minutes: float, loss: float) -> None:
        """Tell of a preview."""
        self._bar.tell(f"{minutes:.0f} min: held-back loss {loss:.3f}; hear it in {preview}")

    def is_cancelled(self) -> bool:
        """Whether Ctrl-C was pressed."""
        return self._is_cancelled


@contextmanager
def _bar(name: str) -> Iterator[Follower]:
    with ProgressBar(f"making {name}", 1.0) as bar:
        follower = Follower(bar)
        before = signal.signal(signal.SIGINT, follower.cancel)
        try:
            yield follower
        finally:
            signal.signal(signal.SIGINT, before)


def _wish(args: argparse.Namespace, making: "Making") -> "Wish | None":
    """What is to be made: what was begun, or what the arguments say and somebody agreed to; None where nobody did."""
    from rtvc.making.home import Wish, absolute

    recordings = absolute(args.recordings)
    if making.is_begun:
        begun = making.wish
        if recordings not in ((), begun.recordings):
            raise RtvcError(
                f"voice {args.name} is in the making from other recordings; leave them out to go on, or give --anew"
            )
        return begun
    if not recordings:
        raise RtvcError(f"voice {args.name} is not in the making; name recordings, or a folder of them")
    from rtvc.recordings import find_recordings

    find_recordings(args.recordings)  # refused before anything is asked
    consent = args.consent if args.consent is not None else _asked()
    if not consent.strip():
        warn('nobody agreed, so no voice is made; say whose it is with --consent "Anna Berg, who agreed"')
        return None
    title = args.title or args.name
    return Wish(args.name, title, consent.strip(), recordings, args.minutes, args.start, args.rate)


def _asked() -> str:
    """Ask whose voice it is, where there is somebody to ask."""
    if not sys.stdin.isatty():
        return ""
    print(QUESTION, end="", file=sys.stderr, flush=True)
    name = sys.stdin.readline().strip()
    return f"{name}, who agreed" if name else ""


def _check(args: argparse.Namespace) -> int:
    """Tell what recordings are worth, and keep nothing."""
    import tempfile

    from rtvc.making.home import Making, Wish, absolute
    from rtvc.voice_making import Paused, look

    if not args.recordings:
        raise RtvcError("--check needs recordings, or a folder of them")
    with tempfile.TemporaryDirectory(prefix="rtvc-check-") as folder, _bar(args.name) as listener:
        wish = Wish(args.name, args.name, "", absolute(args.recordings), start=args.start, rate=args.rate)
        try:
            report = look(Making(Path(folder)), wish, listener)
        except Paused:
            return 130
    if args.json:
        from dataclasses import asdict

        print_json({**asdict(report), "expectation": report.expectation, "warnings": report.warnings})
    else:
        _tell(report, False)
    return 0


def _tell(report: "Report", is_quiet: bool) -> None:
    """Say what the recordings are worth, on stdout, and what may spoil the voice."""
    for sentence in report.warnings:
        warn(sentence)
    if is_quiet:
        return
    rates = ", ".join(f"{rate / 1000:g}" for rate in report.rates)
    print(f"recordings     {report.recordings}, {report.seconds / 60:.1f} min, {rates} kHz")
    print(f"speech         {report.training_s:.0f} s to learn from, {report.held_back_s:.0f} s held back to score")
    print(f"pitch          {report.mean_hz:.0f} Hz, {100 * report.voiced:.0f} % voiced")
    print(f"voice          {report.rate_words}")
    print(f"level          {report.level_db:.0f} dBFS, noise {report.signal_to_noise_db:.0f} dB below it")
    print(f"expect         {report.expectation}", flush=True)


def _finish(voice: "Voice", as_json: bool) -> None:
    if as_json:
        print_json({**voice.card, "folder": str(voice.folder)})
        return
    found = voice.card["quality"][0]
    print(f"{voice.name} is a voice now, in {voice.folder}")
    print(f"likeness       {found['likeness']:.2f} (0 the bundled reader, 1 the speaker's own recordings)")
    print(f"melody         {found['melody']:.2f} correlation of log F0 with the reader's")
    print(f"words          {100 * found['phones']:.0f} % of frames are the same phone to the voice's own encoder")
    for line in opinion_lines(found):
        print(line)
    print(f"try it         rtvc demo --voice {voice.name}")


def _all_threads() -> int:
    import torch

    return torch.get_num_threads()
