"""The command `rtvc train`: every step from recordings to a voice that ships, each resumable by running it again."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

import torch

from models.content import ContentEncoder
from models.content_sizes import ContentConfig
from models.generator_sizes import RATES
from models.pitch import PitchTracker
from models.rvq import ResidualVectorQuantizer
from rtvc.errors import RtvcError
from rtvc.training.books import fit_books, sample_content
from rtvc.training.content import pretrain_content, train_content
from rtvc.training.content_lesson import OBJECTIVES
from rtvc.training.corpus import Corpus, prepare
from rtvc.training.export import export_voice
from rtvc.training.pitch import train_pitch
from rtvc.training.sovits import train_sovits
from rtvc.training.sovits_config import SMALL_RUN, read_config
from rtvc.training.sovits_data import Recordings, read_recordings
from rtvc.training.sovits_export import export_sovits
from rtvc.training.stranger_voice import train_with_strangers
from rtvc.training.strangers import read_strangers
from rtvc.training.views import Frozen, load_views, save_views
from rtvc.training.voice import make_views, train_voice

Wanted = TypeVar("Wanted")

EXAMPLES = """\
steps, in this order; each goes on where it was when it is run again:
  rtvc train corpus  --work runs --speech RECORDINGS     decode the recordings once
  rtvc train pitch   --work runs --minutes 10            the causal pitch tracker
  rtvc train content --work runs --minutes 80            the content encoder
  rtvc train books   --work runs                         codebooks, and freeze the encoder
  rtvc train voice   --work runs --speaker slt --minutes 40
  rtvc train voice   --work runs --speaker lj --speech RECORDINGS    at the rate of its recordings, not of the corpus
  rtvc train strangers --work runs --speaker slt --minutes 20    then, to say what other speakers say
  rtvc train export  --work runs --speaker slt --output models/voices/slt
  rtvc train sovits  --work runs --speaker slt --minutes 90    a small GPT-SoVITS synthesizer, after `books`
  rtvc train export-sovits --work runs --speaker slt --output VOICES/slt-sovits

RECORDINGS holds manifest.tsv (split, set, speaker, path, ...) and phones.jsonl. `--noise FILE` mixes recorded
noise into the training of pitch and content."""


class Step(NamedTuple):
    """One step: what runs it and the minutes it takes unless told otherwise (0: as long as it needs)."""

    run: Callable[[argparse.Namespace], None]
    minutes: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the steps and their options."""
    parser.epilog = EXAMPLES
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("step", choices=STEPS, help="what to do; see below")
    parser.add_argument("--work", type=Path, default=Path("runs"), help="folder of corpus, checkpoints and logs")
    parser.add_argument("--speech", type=Path, help="folder of recordings with manifest.tsv and phones.jsonl")
    parser.add_argument("--noise", type=Path, help="a recording of noise to mix in")
    parser.add_argument("--speaker", help="the speaker of the manifest whose voice is trained")
    parser.add_argument(
        "--rate",
        type=int,
        choices=RATES,
        default=0,
        help="samples per second of the voice (default: what the recordings in --speech are worth, 16000 without)",
    )
    parser.add_argument("--minutes", type=float, help="time to train for, over all resumes")
    parser.add_argument(
        "--look-ahead", type=int, default=2, help="frames of 20 ms the exported voice waits for (0 to 4)"
    )
    parser.add_argument(
        "--objective",
        choices=OBJECTIVES,
        default="taught",
        help="what the content encoder learns from: known phones and a mean teacher (default), known phones alone, "
        "known phones mixed with masked units, or masked units alone, to start from afterwards",
    )
    parser.add_argument("--start-from", type=Path, help="checkpoint of another run to begin with")
    parser.add_argument("--recipe", type=Path, help="sizes and weights of a SoVITS, in the layout of s2.json")
    parser.add_argument("--output", type=Path, help="folder of the exported voice")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> int:
    """Run one step; RtvcError where something it needs is missing."""
    if args.device == "cuda" and not torch.cuda.is_available():
        raise RtvcError("--device cuda: this machine has no usable CUDA device")
    if args.minutes is None:
        args.minutes = STEPS[args.step].minutes
    torch.set_num_threads(max(1, torch.get_num_threads()))
    STEPS[args.step].run(args)
    return 0


def _corpus(args: argparse.Namespace) -> None:
    corpus = prepare(_needed(args.speech, "--speech", "corpus"), args.work / "corpus")
    print(f"{len(corpus.utterances)} recordings in {args.work / 'corpus'}")


def _pitch(args: argparse.Namespace) -> None:
    train_pitch(_opened(args), args.work / "pitch", args.minutes, args.noise, args.device, args.seed)


def _content(args: argparse.Namespace) -> None:
    corpus, aim = _opened(args), OBJECTIVES[args.objective]
    how = (args.minutes, args.noise, args.device, args.seed, args.start_from)
    if aim.phones:
        train_content(corpus, args.work / "content", *how, aim)
    else:
        reached = pretrain_content(corpus, args.work / "masked", *how)
        print(f"go on with: rtvc train content --work {args.work} --start-from {reached}")


def _books(args: argparse.Namespace) -> None:
    trained = torch.load(_step_file(args.work / "content" / "checkpoint.pt", "content"), weights_only=True)
    encoder = ContentEncoder(ContentConfig())
    encoder.load_state_dict(trained["parts"]["teacher"])
    encoder.eval().requires_grad_(False)
    quantizer, left = fit_books(sample_content(_opened(args), encoder, seed=args.seed), args.seed)
    folder = args.work / "books"
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"encoder": encoder.state_dict(), "quantizer": quantizer.state_dict()}, folder / "frozen.pt")
    (folder / "log.json").write_text(json.dumps({"encoder_steps": trained["step"], "variance_left_percent": left}))
    print(f"variance left after each book, in %: {left}")


def _voice(args: argparse.Namespace) -> None:
    speaker = _needed(args.speaker, "--speaker", "voice")
    frozen = frozen_parts(args.work)
    folder = args.work / "voices" / speaker
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "views.pt").exists():
        views = make_views(_opened(args), speaker, frozen, args.seed, args.speech, args.rate)
        save_views(views, folder / "views.pt")
    views = load_views(folder / "views.pt")
    if args.rate not in (0, views.rate):
        raise RtvcError(f"{folder} holds a voice at {views.rate} Hz; move it away to train one at {args.rate}")
    print(f"{speaker}: {views.rate} Hz, {views.bounds[-1] / 3000:.1f} minutes of speech")
    train_voice(views, frozen[1], folder, args.minutes, args.device, args.seed, args.start_from)


def _strangers(args: argparse.Namespace) -> None:
    speaker = _needed(args.speaker, "--speaker", "strangers")
    voice = args.work / "voices" / speaker
    checkpoint = _step_file(voice / "checkpoint.pt", f"voice --speaker {speaker}")
    frozen = frozen_parts(args.work)
    try:
        strangers = read_strangers(_opened(args), speaker, frozen, args.seed)
    except ValueError as error:
        raise RtvcError(f"the corpus has no labelled recordings of other speakers: {error}") from error
    folder = args.work / "strangers" / speaker
    train_with_strangers(
        load_views(voice / "views.pt"), strangers, frozen, folder, args.minutes, checkpoint, args.device, args.seed
    )


def _sovits(args: argparse.Namespace) -> None:
    speaker = _needed(args.speaker, "--speaker", "sovits")
    config = read_config(args.recipe) if args.recipe else SMALL_RUN
    folder = args.work / "sovits" / speaker
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "recordings.pt").exists():
        encoder, _, _ = frozen_parts(args.work)
        read = read_recordings(_opened(args), speaker, encoder, args.look_ahead, config.hop, seed=args.seed)
        read.save(folder / "recordings.pt")
    train_sovits(Recordings.load(folder / "recordings.pt"), folder, config, args.minutes, args.device)


def _export_sovits(args: argparse.Namespace) -> None:
    speaker = _needed(args.speaker, "--speaker", "export-sovits")
    target = _needed(args.output, "--output", "export-sovits")
    run = args.work / "sovits" / speaker
    checkpoint = _step_file(run / "checkpoint.pt", f"sovits --speaker {speaker}")
    config = read_config(args.recipe) if args.recipe else SMALL_RUN
    encoder, _, _ = frozen_parts(args.work)
    recordings = Recordings.load(run / "recordings.pt")
    size = export_sovits(checkpoint, config, recordings, encoder, args.look_ahead, target)
    print(f"{target}: {size / 1e6:.1f} MB")


def _export(args: argparse.Namespace) -> None:
    speaker = _needed(args.speaker, "--speaker", "export")
    run = _step_file(args.work / "voices" / speaker / "checkpoint.pt", f"voice --speaker {speaker}")
    further = args.work / "strangers" / speaker / "checkpoint.pt"
    run = further if further.exists() else run
    target = _needed(args.output, "--output", "export")
    views = load_views(args.work / "voices" / speaker / "views.pt")
    size = export_voice(frozen_parts(args.work), run, views.mean_hz, args.look_ahead, target)
    print(f"{target}: {size / 1e6:.1f} MB")


def frozen_parts(work: Path) -> Frozen:
    """Encoder, codebooks and pitch tracker as `rtvc train books` and `rtvc train pitch` left them."""
    frozen = torch.load(_step_file(work / "books" / "frozen.pt", "books"), weights_only=True)
    encoder, tracker = ContentEncoder(ContentConfig()), PitchTracker()
    encoder.load_state_dict(frozen["encoder"])
    quantizer = ResidualVectorQuantizer(dimension=encoder.config.content)
    quantizer.load_state_dict(frozen["quantizer"])
    trained = torch.load(_step_file(work / "pitch" / "checkpoint.pt", "pitch"), weights_only=True)
    tracker.load_state_dict(trained["parts"]["tracker"])
    for part in (encoder, quantizer, tracker):
        part.eval().requires_grad_(False)
    return encoder, quantizer, tracker


def _opened(args: argparse.Namespace) -> Corpus:
    _step_file(args.work / "corpus" / "index.json", "corpus --speech RECORDINGS")
    return Corpus(args.work / "corpus")


def _step_file(path: Path, step: str) -> Path:
    if not path.exists():
        raise RtvcError(f"{path} is missing; run `rtvc train {step}` first")
    return path


def _needed(value: Wanted | None, option: str, step: str) -> Wanted:
    if value is None:
        raise RtvcError(f"rtvc train {step} needs {option}")
    return value


STEPS = {
    "corpus": Step(_corpus, 0),
    "pitch": Step(_pitch, 10),
    "content": Step(_content, 80),
    "books": Step(_books, 0),
    "voice": Step(_voice, 40),
    "strangers": Step(_strangers, 20),
    "sovits": Step(_sovits, 90),
    "export": Step(_export, 0),
    "export-sovits": Step(_export_sovits, 0),
}
