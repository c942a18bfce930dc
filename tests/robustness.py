"""What a voice makes of bad recordings, of sounds that are no speech, and of silence.

    python -m tests.robustness --voice slt --out DIR [--speech FILE ...]

Every recording is degraded in each way of `tests.degradations`, converted as `rtvc convert` does, and written to
DIR/KIND/NAME.wav beside what was heard (DIR/KIND/NAME.heard.wav), for a judge of words to score.
"""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.base import StreamSpec, VoiceModel
from rtvc.convert import FileConverter
from rtvc.demo import RECORDING
from rtvc.library import default_library
from rtvc.loading import load_model
from rtvc.presets import in_seconds, read_presets
from rtvc.recordings import Job
from rtvc.resample import Samples, resampled
from rtvc.wavfile import read_audio, write_audio
from tests.degradations import OTHER, RATE, SILENCE, SPEECH, Degrade, level

FRAME = 320  # samples: 20 ms
NEAR = 5  # frames before and after whose loudest input counts
LOUD_DB = 20.0  # below the loudest frame: what the gain of a conversion is measured at
FLOOR_DB = -50.0  # of what is a burst
FULL = 0.999
KINDS: Mapping[str, Degrade] = {**SPEECH, **OTHER, **SILENCE}


@dataclass(frozen=True)
class Outcome:
    """What came out; levels in dBFS of 20 ms, but for `mean` of the whole.

    `burst` is how far a frame exceeds, in dB, what the input around it (100 ms) lets expect at the gain of the loud
    frames, and the floor of -50 dBFS. `clipped` counts samples at full scale.
    """

    mean: float
    loudest: float
    burst: float
    clipped: int
    is_finite: bool


def outcome(heard: Samples, made: Samples) -> Outcome:
    """Compare what was heard [n] and made of it [n], both at 16 kHz."""
    before, after = _levels(heard), _levels(made)
    loud = before >= before.max() - LOUD_DB
    gain = float(np.median((after - before)[loud]))
    padded = np.pad(before, NEAR, constant_values=-np.inf)
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * NEAR + 1).max(-1)
    burst = float((after - np.maximum(around + gain, FLOOR_DB)).max())
    return Outcome(
        level(made), float(after.max()), burst, int((np.abs(made) >= FULL).sum()), bool(np.isfinite(made).all())
    )


def convert(
    model: VoiceModel,
    spec: StreamSpec,
    heard: Samples,
    folder: Path,
    name: str = "demo",
    values: Mapping[str, float] | None = None,
) -> Samples:
    """Convert what was heard [n] at 16 kHz by way of files, and return what came out [n] at 16 kHz."""
    folder.mkdir(parents=True, exist_ok=True)
    source, target = folder / f"{name}.heard.wav", folder / f"{name}.wav"
    write_audio(source, heard, RATE)
    FileConverter(model, spec, values or {}).convert(Job(source, target), lambda part: None)
    return at_16_khz(target)


def at_16_khz(path: Path) -> Samples:
    """Return the samples [n] of a recording at 16 kHz."""
    return resampled(*read_audio(path), RATE)


def main() -> None:
    """Print one row for each way of degrading: the worst of all recordings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", default="slt", help="a name out of `rtvc voices`, or the folder of a voice")
    parser.add_argument("--out", type=Path, required=True, help="folder of what is written")
    parser.add_argument("--speech", type=Path, nargs="+", default=[RECORDING], help="clean recordings")
    parser.add_argument("--preset", help="one of the voice's presets")
    args = parser.parse_args()
    voice = default_library().get(args.voice)
    presets = read_presets(voice)
    spec = StreamSpec(**vars(in_seconds(presets.chosen(args.preset)))) if presets else StreamSpec()
    model = load_model(voice, "cpu", 1)
    print(f"{'':16}{'in':>8}{'out':>8}{'loudest':>9}{'burst':>8}{'clipped':>9}")
    for kind, degrade in KINDS.items():
        _print_row(kind, [_tried(model, spec, degrade, path, args.out / _plain(kind)) for path in args.speech])


def _tried(model: VoiceModel, spec: StreamSpec, degrade: Degrade, path: Path, folder: Path) -> tuple[float, Outcome]:
    heard = degrade(at_16_khz(path), np.random.default_rng(0))
    return level(heard), outcome(heard, convert(model, spec, heard, folder, path.stem))


def _print_row(kind: str, tried: Sequence[tuple[float, Outcome]]) -> None:
    inputs, found = zip(*tried, strict=True)
    mean = np.mean([one.mean for one in found])
    loudest, burst = max(one.loudest for one in found), max(one.burst for one in found)
    clipped = sum(one.clipped for one in found)
    fault = "" if all(one.is_finite for one in found) else "  NOT FINITE"
    print(f"{kind:16}{np.mean(inputs):8.1f}{mean:8.1f}{loudest:9.1f}{burst:8.1f}{clipped:9d}{fault}")


def _levels(samples: Samples) -> NDArray[np.float64]:
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    return 10 * np.log10(np.square(frames, dtype=np.float64).mean(-1) + 1e-12)


def _plain(kind: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in kind)


if __name__ == "__main__":
    main()
