"""How much of the one who speaks is left in the new voice, for every number of books.

    python -m tests.leakage --voice slt --target FILE ... [--speech FILE ...] [--out DIR]

For 1 to 8 books: the similarity of what is converted to the target (recordings of the voice's own speaker, that are
not converted) and to the source, the share of conversions that are nearer to their source, and the share of the
source's words that are recognised. Needs the judges of `rtvc.judging`.
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.base import StreamSpec, VoiceModel
from models.live import BOOKS
from rtvc.convert import FileConverter
from rtvc.demo import RECORDING
from rtvc.judging.judges import HOW_TO_GET, Judges, Opinion, installed_judges
from rtvc.library import default_library
from rtvc.loading import load_model
from rtvc.recordings import Job
from rtvc.resample import Samples
from tests.robustness import at_16_khz


@dataclass(frozen=True)
class Leakage:
    """Means over the recordings; `betrayed` is the share of conversions nearer to their source than to the target."""

    books: int
    to_target: float
    to_source: float
    betrayed: float
    words: float | None


def leakage(
    model: VoiceModel, judges: Judges, speech: Sequence[Path], target: Samples, folder: Path, books: int
) -> Leakage:
    """Convert recordings with so many books into `folder` and let the judges compare."""
    opinions = [_opinion(model, judges, path, target, folder / f"{path.stem}-{books}.wav", books) for path in speech]
    near = [(one.similarity or 0.0, one.similarity_to_source or 0.0) for one in opinions]
    words = [one.words for one in opinions if one.words is not None]
    to_target, to_source = np.mean(near, axis=0).tolist()
    betrayed = float(np.mean([source > wanted for wanted, source in near]))
    return Leakage(books, to_target, to_source, betrayed, float(np.mean(words)) if words else None)


def main() -> int:
    """Print a row for each number of books."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", default="slt", help="a name out of `rtvc voices`, or the folder of a voice")
    parser.add_argument("--target", type=Path, nargs="+", required=True, help="recordings of the voice's speaker")
    parser.add_argument("--speech", type=Path, nargs="+", default=[RECORDING], help="recordings to convert")
    parser.add_argument("--out", type=Path, help="folder that keeps what was converted")
    args = parser.parse_args()
    judges = installed_judges()
    if judges.embed is None:
        print(HOW_TO_GET, file=sys.stderr)
        return 1
    model = load_model(default_library().get(args.voice), "cpu", 1)
    target = np.concatenate([at_16_khz(path) for path in args.target])
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.out or Path(temporary)
        print(f"{'books':>5}{'target':>9}{'source':>9}{'betrayed':>10}{'words':>8}")
        for books in range(1, BOOKS + 1):
            found = leakage(model, judges, args.speech, target, folder, books)
            words = "" if found.words is None else f"{found.words:8.0%}"
            print(f"{books:5d}{found.to_target:9.3f}{found.to_source:9.3f}{found.betrayed:10.0%}{words}", flush=True)
    return 0


def _opinion(model: VoiceModel, judges: Judges, path: Path, target: Samples, made: Path, books: int) -> Opinion:
    converter = FileConverter(model, StreamSpec(), {"books": float(books)})
    converter.convert(Job(path, made), lambda part: None)
    return judges.opinion(at_16_khz(path), at_16_khz(made), target)


if __name__ == "__main__":
    sys.exit(main())
