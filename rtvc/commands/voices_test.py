"""`rtvc voices test`: a report on what a voice is worth on this machine."""

import argparse
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from rtvc.commands.options import add_engine, assignment, chosen_voice, stream_times, voice_values, whole
from rtvc.commands.progress import ProgressBar
from rtvc.commands.table import print_table
from rtvc.config import load
from rtvc.demo import RECORDING
from rtvc.errors import AudioFileError, RtvcError
from rtvc.recordings import find_recordings

if TYPE_CHECKING:
    from rtvc.reporting.trial import Bench, Trial
    from rtvc.resample import Samples

MOST_RECORDINGS = 12
SPEAKER_S = 60
"""Seconds of the speaker that are enough to know the voice."""
CLIPS = "references"
NEEDED = ("matplotlib", "parselmouth")
EXAMPLES = """\
examples:
  rtvc voices test slt                               with the bundled recording
  rtvc voices test anna recordings/ --speaker anna/  your own, likened to recordings of the speaker
  rtvc voices test slt me.wav --output reports/

Each recording goes through the engine of the live session, hop by hop. NAME-report.html is one page to be opened in
a browser, with figures, spectra, F0, delay, load, and both sides to listen to; NAME-report.json holds the figures."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc voices test` takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EXAMPLES
    parser.add_argument("voice", metavar="VOICE", help="the voice to try")
    parser.add_argument(
        "recordings", metavar="RECORDING", type=Path, nargs="*", help="files and folders (default: the bundled one)"
    )
    parser.add_argument("--speaker", metavar="RECORDING", type=Path, help="whose voice it should be: a file or folder")
    parser.add_argument("--output", metavar="FOLDER", type=Path, default=Path(), help="where to write (default: here)")
    parser.add_argument(
        "--most",
        metavar="N",
        type=whole(1, 1000),
        default=MOST_RECORDINGS,
        help=f"recordings at most, evenly chosen (default {MOST_RECORDINGS})",
    )
    parser.add_argument(
        "--set",
        dest="values",
        metavar="NAME=VALUE",
        type=assignment,
        action="append",
        default=[],
        help="a control of the voice (`rtvc voices info VOICE` lists them)",
    )
    add_engine(parser, "milliseconds converted at a time (default: your settings, 20)")


def run(args: argparse.Namespace) -> int:
    """Try the voice and write the report; raises RtvcError."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise RtvcError(f'a report needs {" and ".join(missing)}: pip install "rtvc[evaluate]"')
    from rtvc.judging.judges import HOW_TO_GET
    from rtvc.machine import describe_machine
    from rtvc.reporting.page import html_text, json_text

    paths = _chosen(args.recordings or [RECORDING], args.most)
    bench, facts = _bench(args)
    trials = _tried(bench, paths)
    remark = "" if bench.judges.are_complete else f"Not all judges are here. {HOW_TO_GET[0].upper()}{HOW_TO_GET[1:]}"
    machine = describe_machine()
    args.output.mkdir(parents=True, exist_ok=True)
    page = args.output / f"{args.voice}-report.html"
    page.write_text(html_text(facts, machine, trials, remark), encoding="utf-8")
    page.with_suffix(".json").write_text(json_text(facts, machine, trials), encoding="utf-8")
    _print(trials)
    if remark:
        print(remark)
    print(f"{page}: open it in a browser")
    return 0


def _chosen(given: list[Path], most: int) -> list[Path]:
    """The recordings that were given, and those in the folders; `most` of them."""
    found = find_recordings(given)
    return [found[round(i * (len(found) - 1) / max(most - 1, 1))] for i in range(most)] if len(found) > most else found


def _bench(args: argparse.Namespace) -> tuple["Bench", dict[str, str]]:
    """The voice to be tried, and what it is called."""
    from models.base import StreamSpec
    from rtvc.judging.judges import installed_judges
    from rtvc.loading import load_model
    from rtvc.reporting.trial import Bench

    config = load(args.config)
    voice = chosen_voice(args, config)
    times = stream_times(config, voice, args)
    values = voice_values(config, voice, args)
    clips = voice.folder / CLIPS
    speaker = _speaker(args.speaker or (clips if clips.is_dir() else None))
    model = load_model(voice, args.device or config.engine.device, args.threads or config.engine.threads)
    bench = Bench(model, StreamSpec(**vars(times)), values, installed_judges(), speaker)
    return bench, {"name": voice.name, "title": voice.title}


def _speaker(given: Path | None) -> "Samples | None":
    """The first minute of the speaker's recordings at 16 kHz; None where none are known."""
    import numpy as np

    from rtvc.judging.pitch import RATE
    from rtvc.resample import resampled
    from rtvc.wavfile import read_audio

    if given is None:
        return None
    pieces: list[Samples] = []
    for path in find_recordings([given]):
        pieces.append(resampled(*read_audio(path), RATE))
        if sum(map(len, pieces)) > SPEAKER_S * RATE:
            break
    return np.concatenate(pieces)[: SPEAKER_S * RATE]


def _tried(bench: "Bench", paths: list[Path]) -> list["Trial"]:
    """All recordings that can be read and are long enough; raises AudioFileError where none is."""
    trials = []
    with ProgressBar("converting", len(paths)) as bar:
        for number, path in enumerate(paths, 1):
            bar.rename(f"{number}/{len(paths)} {path.name}")
            try:
                trials.append(bench.tried(path, bar.advance))
            except AudioFileError as error:
                bar.tell(str(error))
    if not trials:
        raise AudioFileError("none of the recordings could be used")
    return trials


def _print(trials: list["Trial"]) -> None:
    from rtvc.reporting.figures import ROWS, figures_of

    figures = figures_of(trials)
    print_table([[row.title, row.form.format(figures[row.name])] for row in ROWS if row.name in figures])
