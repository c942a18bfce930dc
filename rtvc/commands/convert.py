"""`rtvc convert`: a recording or a folder of them, through the engine of the live session."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rtvc.commands.options import add_engine, add_voice, chosen_voice, number, stream_times, voice_values, whole
from rtvc.commands.progress import ProgressBar
from rtvc.config import load
from rtvc.errors import AudioFileError, RtvcError

if TYPE_CHECKING:
    from rtvc.convert import FileConverter
    from rtvc.exact import ExactConverter
    from rtvc.recordings import Job

    Converter = FileConverter | ExactConverter

FORMATS = ("wav", "flac", "ogg", "opus", "mp3", "aiff")

EXAMPLES = """\
examples:
  rtvc convert speech.wav out.wav --voice slt
  rtvc convert speech.mp3 out.flac --voice bdl --set gate_db=-50
  rtvc convert recordings/ converted/ --voice slt       every recording under the folder, as
                                                        converted/<same name>.wav

The result begins with the recording and is exactly as long. Its rate is the voice's own unless --rate
says otherwise; stereo becomes mono. IN is never overwritten; another file at OUT is. In a folder a recording
that cannot be read is told and left out, the rest is converted, and the exit code is 1."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc convert` takes."""
    parser.description = "Convert a recording, or every recording under a folder, to another voice."
    parser.epilog = EXAMPLES
    parser.add_argument("source", metavar="IN", type=Path, help="recording (any format of libsndfile) or folder")
    parser.add_argument("target", metavar="OUT", type=Path, help="file to write, its ending says the format; or folder")
    add_voice(parser)
    add_engine(
        parser,
        "milliseconds converted at a time (default: your settings, 20); with voices of family live the sound "
        "does not depend on it",
    )
    parser.add_argument("--rate", metavar="HZ", type=whole(8000, 192000), help="rate to write (default: the voice's)")
    parser.add_argument("--exact", action="store_true", help="a GPT-SoVITS voice as it converts a whole file at once")
    parser.add_argument("--noise-scale", metavar="X", type=number(0, 2), help="with --exact: chance (default .5)")
    parser.add_argument(
        "--text-mode",
        choices=("const", "mean", "none", "phones"),
        help="with --exact: what the voice is told of the words (default: as its card says)",
    )
    parser.add_argument("--text-ids", metavar="N,N,...", type=phone_ids, help="with --exact: numbers of phones")
    parser.add_argument("--format", choices=FORMATS, default="wav", help="format to write into a folder (default wav)")


def run(args: argparse.Namespace) -> int:
    """Convert, and return 1 if a recording had to be left out; raises RtvcError."""
    from models.base import StreamSpec
    from rtvc.convert import FileConverter
    from rtvc.loading import load_model
    from rtvc.recordings import plan

    config = load(args.config)
    voice = chosen_voice(args, config)
    jobs = plan(args.source, args.target, f".{args.format}")
    times = stream_times(config, voice, args)
    model = load_model(voice, args.device or config.engine.device, args.threads or config.engine.threads)
    converter: Converter
    if args.exact:
        converter = _exact_converter(args, model, voice.name)
    else:
        _refuse_exact_options(args)
        values, spec = voice_values(config, voice, args), StreamSpec(**vars(times))
        converter = FileConverter(model, spec, values, args.rate)
    if not args.source.is_dir():
        with ProgressBar(args.source.name, 1) as bar:
            for note in converter.convert(jobs[0], bar.advance):
                bar.tell(note)
        return 0
    left_out = _convert_folder(converter, jobs)
    if left_out:
        raise AudioFileError(f"{left_out} of {len(jobs)} recordings in {args.source} could not be converted")
    return 0


def _exact_converter(args: argparse.Namespace, model: object, name: str) -> "ExactConverter":
    from rtvc.exact import ExactConverter, exact_voice

    if args.rate is not None or args.values:
        raise RtvcError("--exact gives 32000 Hz and knows no --rate and no --set")
    scale = 0.5 if args.noise_scale is None else args.noise_scale
    return ExactConverter(exact_voice(model, name, args.text_mode, args.text_ids), scale)


def _refuse_exact_options(args: argparse.Namespace) -> None:
    for option in ("noise_scale", "text_mode", "text_ids"):
        if getattr(args, option) is not None:
            raise RtvcError(f"--{option.replace('_', '-')} goes with --exact")


def phone_ids(text: str) -> tuple[int, ...]:
    """Read numbers of phones with commas between."""
    try:
        return tuple(int(one) for one in text.split(",") if one.strip())
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of whole numbers such as 5,17,3") from error


def _convert_folder(converter: "Converter", jobs: "list[Job]") -> int:
    left_out = 0
    with ProgressBar("converting", len(jobs)) as bar:
        for number, job in enumerate(jobs, 1):
            bar.rename(f"{number}/{len(jobs)} {job.source.name}")
            try:
                notes = converter.convert(job, bar.advance)
            except RtvcError as error:
                notes, left_out = [str(error)], left_out + 1
            for note in notes:
                bar.tell(note)
    return left_out
