"""`rtvc convert`: a recording or a folder of them, through the engine of the live session."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rtvc.commands.options import add_engine, add_voice, chosen_voice, voice_values, whole
from rtvc.commands.progress import ProgressBar
from rtvc.config import load
from rtvc.errors import AudioFileError, RtvcError

if TYPE_CHECKING:
    from rtvc.convert import FileConverter
    from rtvc.recordings import Job

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
    model = load_model(voice, args.device or config.engine.device, args.threads or config.engine.threads)
    values = voice_values(config, voice, args)
    converter = FileConverter(model, StreamSpec(hop=(args.hop_ms or config.engine.hop_ms) / 1000), values, args.rate)
    if not args.source.is_dir():
        with ProgressBar(args.source.name, 1) as bar:
            for note in converter.convert(jobs[0], bar.advance):
                bar.tell(note)
        return 0
    left_out = _convert_folder(converter, jobs)
    if left_out:
        raise AudioFileError(f"{left_out} of {len(jobs)} recordings in {args.source} could not be converted")
    return 0


def _convert_folder(converter: "FileConverter", jobs: "list[Job]") -> int:
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
