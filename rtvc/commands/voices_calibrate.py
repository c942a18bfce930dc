"""`rtvc voices calibrate`: what suits a GPT-SoVITS voice, measured and kept on its card."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rtvc.commands.convert import phone_ids
from rtvc.commands.options import add_json, number, print_json, whole
from rtvc.commands.progress import ProgressBar
from rtvc.commands.table import print_table
from rtvc.config import load
from rtvc.errors import VoiceError

if TYPE_CHECKING:
    from torch import Tensor

    from models.sovits import SovitsVoice
    from rtvc.calibration.measuring import Calibration
    from rtvc.calibration.texts import Judge
    from rtvc.library import Voice
    from rtvc.parts import Parts

EXAMPLES = """\
examples:
  rtvc voices calibrate anna                       on the bundled recording and the voice's references
  rtvc voices calibrate anna me.wav                on your own speech, which is what counts
  rtvc voices calibrate anna me.wav --text-ids 12,55,95,7    with the phones of me.wav
  rtvc voices calibrate anna --truncation          what less look-ahead costs in flow and decoder, in dB

codes     which share of the content codes a live stream gets as the whole recording does
distance  of streamed and whole conversion, as a share of that of two conversions with other chance; 15 % is the aim
seam      clicks between hops, in dB above the whole conversion at the same places
babble    what a quiet room becomes, in dB below speech

What is chosen goes to the voice's card: what stands for words, the past that is heard, the default preset. A voice
that runs hears of it at its next start."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices calibrate` takes."""
    parser.epilog = EXAMPLES
    parser.add_argument("name", metavar="VOICE", help="one of your imported voices")
    parser.add_argument(
        "recordings",
        metavar="RECORDING",
        type=Path,
        nargs="*",
        help="speech to convert (default: the bundled recording and the voice's references)",
    )
    parser.add_argument(
        "--text-ids", metavar="N,N,...", type=phone_ids, help="numbers of the phones of the first recording"
    )
    parser.add_argument(
        "--seconds", metavar="N", type=number(3, 600), default=12.0, help="hear so much of each (default 12)"
    )
    parser.add_argument("--truncation", action="store_true", help="only show what waiting for less future costs")
    parser.add_argument("--dry-run", action="store_true", help="show it and leave the voice as it is")
    parser.add_argument("--threads", metavar="N", type=whole(1, 64), help="processor threads (default: your settings)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), help="what computes (default: your settings)")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Measure, show and keep it; raises VoiceError, AudioFileError or RtvcError, and then nothing has changed."""
    from models.sovits import SovitsVoice
    from rtvc.loading import load_model
    from rtvc.own_voices import default_own_voices

    config = load(args.config)
    own = default_own_voices()
    folder = own.own(args.name)
    voice = own.library.get(args.name)
    model = load_model(voice, args.device or config.engine.device, args.threads or config.engine.threads)
    if not isinstance(model, SovitsVoice):
        raise VoiceError(f"voice {args.name} needs no calibration; imported GPT-SoVITS voices do")
    samples = [_heard(path, args.seconds) for path in _paths(args.recordings, folder)]
    if args.truncation:
        return _show_truncation(model, samples[0], args.json)
    found = _measured(voice, model, samples, args.text_ids or ())
    if not args.dry_run:
        from datetime import date

        from rtvc.calibration.storing import store

        store(folder, found, date.today())
    if args.json:
        print_json({"voice": args.name, "stored": not args.dry_run, **found.as_dict()})
    else:
        _show(args.name, found, args.dry_run)
    return 0


def _measured(voice: "Voice", model: "SovitsVoice", samples: "Sequence[Tensor]", ids: Sequence[int]) -> "Calibration":
    from models.base import StreamSpec
    from rtvc.calibration.measuring import calibrate
    from rtvc.parts import default_parts
    from rtvc.presets import in_seconds, read_presets

    offered = read_presets(voice)
    assert offered is not None
    presets = {name: StreamSpec(**vars(in_seconds(offered.chosen(name)))) for name in offered.choices}
    with ProgressBar(f"calibrating {voice.name}", 1.0) as bar:
        return calibrate(model, presets, samples, _judge(voice, default_parts()), ids, bar.reach)


def _paths(given: Sequence[Path], folder: Path) -> list[Path]:
    from rtvc.demo import RECORDING

    return list(given) or [RECORDING, *sorted((folder / "references").glob("*.flac"))]


def _heard(path: Path, seconds: float) -> "Tensor":
    """The beginning of a recording at 16 kHz [n]; raises AudioFileError."""
    import torch

    from models.sovits_stream import INPUT_RATE
    from rtvc.errors import AudioFileError
    from rtvc.sinc import resample
    from rtvc.wavfile import read_audio

    samples, rate = read_audio(path)
    try:
        return resample(torch.from_numpy(samples[: round(seconds * rate)]), rate, INPUT_RATE)
    except ValueError as error:
        raise AudioFileError(f"{path} cannot be heard: {error}") from error


def _judge(voice: "Voice", parts: "Parts") -> "Judge":
    """The speaker's recordings, and the network that verifies speakers where it is here."""
    from rtvc.calibration.texts import Judge
    from rtvc.parts import SPEAKER, STANDARD_ID
    from rtvc.references import speaker_network, stored_clips

    part = parts.find(str(voice.card.get("speaker_verification", STANDARD_ID[SPEAKER])))
    network = None if part is None else speaker_network(parts.get(part.id, SPEAKER).weights)
    return Judge(stored_clips(voice.folder / "references"), network)


def _show(name: str, found: "Calibration", is_dry_run: bool) -> None:
    print(f"{found.seconds:.1f} s of speech\n")
    rows = [["words", "similarity", "speaker", "content kept", "babble dB"]]
    for text in found.texts:
        speaker = "" if text.speaker is None else f"{text.speaker:.3f}"
        figures = [f"{text.similarity:.3f}", speaker, f"{text.kept:.3f}", f"{text.babble:.0f}"]
        rows.append([text.choice.label, *figures])
    print_table(rows)
    print()
    print_table(
        [["statistics", "past s", "future ms", "codes"]]
        + [
            [one.statistics, f"{one.left:g}", f"{1000 * one.right:.0f}", f"{one.share:.0%} of {one.codes}"]
            for one in found.agreements
        ]
    )
    print()
    print_table(
        [["preset", "delay ms", "load", "distance", "seam dB"]]
        + [
            [one.preset, f"{1000 * one.delay:.0f}", f"{one.load:.0%}", f"{one.mel:.0%}", f"{one.seam:+.1f}"]
            for one in found.streams
        ]
    )
    print()
    print_table([["chosen", "", "because"]] + [[key, one.value, one.reason] for key, one in found.chosen.items()])
    print(f"\n{name} stays as it was" if is_dry_run else f"\nKept on the card of {name}.")


def _show_truncation(model: "SovitsVoice", samples: "Tensor", as_json: bool) -> int:
    from dataclasses import asdict

    from rtvc.calibration.measuring import truncation_of

    found = truncation_of(model, samples)
    if as_json:
        print_json([asdict(one) for one in found])
        return 0
    print("signal to error in dB, of blocks of 160 ms and of their last 20 ms\n")
    rows = [["future", "ms", "flow", "decoder", "flow and decoder"]]
    for one in found:
        ratios = [f"{ratio.block:.0f} / {ratio.last:.0f}" for ratio in (one.flow, one.decoder, one.both)]
        rows.append([str(one.right), str(20 * one.right), *ratios])
    print_table(rows)
    return 0
