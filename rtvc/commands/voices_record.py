"""`rtvc voices record`: reads sentences with the user, for a voice of their own."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rtvc.commands.options import warn

if TYPE_CHECKING:
    from rtvc.prompting.microphone import Microphone
    from rtvc.prompting.sentences import Reading

EXAMPLES = """\
examples:
  rtvc voices record anna                        into your own data folder, with the default microphone
  rtvc voices record anna --input rtvc_mic --folder takes/

Read as you talk, in a quiet room, with the microphone always at the same place. About 60 sentences make 4 minutes,
which is enough for a usable voice. Each take is judged: what is too quiet or clipped is read again. Stop whenever you
like; the same command goes on with the first sentence that was not read. Then: rtvc voices train anna FOLDER"""

KEYS = "Enter: record    s: skip    q: stop"
KEYS_AFTER = "Enter: next    r: read it again    q: stop"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices record` takes."""
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="NAME", help="the voice that the recordings are for")
    parser.add_argument("--input", metavar="DEVICE", help="microphone, by its name in `rtvc devices`")
    parser.add_argument("--folder", metavar="FOLDER", type=Path, help="where the takes go (default: your data folder)")


def run(args: argparse.Namespace) -> int:
    """Read sentences until all are read or the user stops; then offer to train. Raises DeviceError, AudioFileError."""
    from rtvc.child import quiet_libraries
    from rtvc.config import load
    from rtvc.devices import find
    from rtvc.making.home import recordings_of
    from rtvc.prompting.microphone import Microphone
    from rtvc.prompting.sentences import Reading
    from rtvc.voice_names import check_name

    folder = args.folder or recordings_of(check_name(args.name))
    device = find(args.input or load(args.config).audio.input, "input")
    reading = Reading(folder)
    quiet_libraries()
    microphone = Microphone(device)
    print(f"{microphone.name}, {microphone.rate} Hz, into {folder}")
    try:
        _read_all(reading, microphone)
    except EOFError:  # the keys have ended
        print()
    finally:
        microphone.stop()
    print(f"{reading.count} of {len(reading.sentences)} sentences, {reading.seconds:.0f} s")
    return _offer(args, folder) if reading.count else 0


def _read_all(reading: "Reading", microphone: "Microphone") -> None:
    number = reading.unread()
    while number is not None:
        print(f"\n{number} of {len(reading.sentences)}\n\n    {reading.sentences[number - 1]}\n")
        key = _key(KEYS)
        if key == "q":
            return
        if key != "s" and not _read(reading, microphone, number):
            return
        number = reading.unread(number)


def _read(reading: "Reading", microphone: "Microphone", number: int) -> bool:
    """Record a sentence until a take is good and liked; False where the user stops."""
    from rtvc.prompting.take import judge

    while True:
        microphone.start()
        _key("recording... read it, then Enter")
        samples = microphone.stop()
        take = judge(samples, microphone.rate)
        if take.fault:
            print(take.fault)
            key = _key(KEYS)
            if key in ("q", "s"):
                return key == "s"
            continue
        reading.keep(number, samples, microphone.rate)
        print(f"good: {take.seconds:.1f} s, {take.level:.0f} dBFS, room {take.level - take.background:.0f} dB below")
        key = _key(KEYS_AFTER)
        if key != "r":
            return key != "q"


def _key(words: str) -> str:
    """Ask for a key with Enter; EOFError where no more come."""
    print(words, flush=True)
    return input().strip().lower()[:1]


def _offer(args: argparse.Namespace, folder: Path) -> int:
    """Train at once where the user wants it."""
    print(f"the voice is made with: rtvc voices train {args.name} {folder}")
    try:
        if _key("t: do that now    Enter: later") != "t":
            return 0
        from rtvc.commands.voices_train import QUESTION

        print(QUESTION, end="", flush=True)
        name = input().strip()
    except EOFError:
        return 0
    if not name:
        warn("nobody agreed, so no voice is made; the recordings stay where they are")
        return 2
    return _train(args, folder, f"{name}, who agreed")


def _train(args: argparse.Namespace, folder: Path, consent: str) -> int:
    from rtvc.commands import voices_train

    parser = argparse.ArgumentParser()
    voices_train.add_arguments(parser)
    return voices_train.run(parser.parse_args([args.name, str(folder), "--consent", consent]))
