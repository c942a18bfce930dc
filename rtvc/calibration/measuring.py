"""One calibration of a GPT-SoVITS voice: everything measured, and what follows from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import torch
from torch import Tensor

from models.base import StreamSpec
from models.latent_decoder import LatentDecoder
from models.sovits import SovitsVoice, text_of
from models.sovits_truncation import Truncation, truncations
from models.synthesizer import CODE_FRAMES
from rtvc.calibration.choosing import Choice, choose_left, choose_preset, choose_text
from rtvc.calibration.codes import Agreement, agreements
from rtvc.calibration.streams import NOISE_SCALE, Streamed, streamed
from rtvc.calibration.texts import Judge, TextChoice, TextFigures, choices, mean_vector, texts
from rtvc.errors import RtvcError
from rtvc.machine import describe_machine

LEAST_SECONDS = 2.0
TRUNCATION_SECONDS = 4.0
SHARES = {"text": 0.25, "codes": 0.4, "presets": 0.35}
"""How much of the time each part takes, about."""

Progress = Callable[[str, float], None]
"""Told what is being done and which fraction of all is done."""


@dataclass(frozen=True)
class Calibration:
    """What was measured and chosen; `mean` [1, W, 1] stands for words where phones were given."""

    seconds: float
    agreements: list[Agreement]
    streams: list[Streamed]
    texts: list[TextFigures]
    left: float
    text: TextChoice
    chosen: Mapping[str, Choice]
    mean: Tensor | None

    @property
    def preset(self) -> str:
        """The preset chosen."""
        return self.chosen["preset"].value

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for JSON and for a card."""
        return {
            "speech_seconds": round(self.seconds, 1),
            "machine": str(describe_machine()["cpu"]),
            "chosen": {name: {"value": one.value, "why": one.reason} for name, one in self.chosen.items()},
            "codes": [_rounded(asdict(one)) for one in self.agreements],
            "presets": [_rounded(asdict(one)) for one in self.streams],
            "texts": [
                _rounded({"text": one.choice.label, **{k: v for k, v in asdict(one).items() if k != "choice"}})
                for one in self.texts
            ],
        }


@torch.inference_mode()
def calibrate(
    voice: SovitsVoice,
    presets: Mapping[str, StreamSpec],
    recordings: Sequence[Tensor],
    judge: Judge,
    ids: Sequence[int] = (),
    on_progress: Progress = lambda *_: None,
) -> Calibration:
    """Measure a voice on recordings, samples [n] at 16 kHz; `ids` are the phones of the first one, where known.

    The voice is told of words as was chosen afterwards. Raises RtvcError for too little speech and unknown phones.
    """
    heard = [one for one in recordings if len(one) >= LEAST_SECONDS * voice.input_rate]
    if not heard:
        raise RtvcError(f"a calibration takes a recording of {LEAST_SECONDS:g} s or more")
    meter = _Meter(on_progress)
    try:
        mean = mean_vector(voice, heard[0], ids) if len(ids) > 1 else None
        figures = texts(voice, heard[0], choices(voice, ids), judge, mean, meter.part("text"))
    except ValueError as error:
        raise RtvcError(str(error)) from error
    text, why_text = choose_text(figures)
    voice.text = text_of(voice.model, text.mode, text.ids or (1,), mean)
    found = agreements(voice, heard, meter.part("codes"))
    left, why_left = choose_left(found)
    tried = {name: replace(spec, left=left) for name, spec in presets.items()}
    streams = streamed(voice, tried, heard, meter.part("presets"))
    chosen = {"text": why_text, "context": why_left, "preset": choose_preset(streams, found, left)}
    seconds = sum(map(len, heard)) / voice.input_rate
    return Calibration(seconds, found, streams, figures, left, text, chosen, mean)


@torch.inference_mode()
def truncation_of(voice: SovitsVoice, samples: Tensor) -> list[Truncation]:
    """Return what less future costs a voice in flow and decoder, on what it makes of a recording [n] at 16 kHz.

    Raises RtvcError where the recording is too short.
    """
    content = voice.content.whole(samples[: round(TRUNCATION_SECONDS * voice.input_rate)].to(voice.device))
    frames = content.shape[-1] // CODE_FRAMES * CODE_FRAMES
    latents = LatentDecoder(voice.model, voice.style, voice.text).latents(content[..., :frames], 0, NOISE_SCALE)
    try:
        return truncations(voice.model, voice.style, latents)
    except ValueError as error:
        raise RtvcError(f"the recording is too short: {error}") from error


class _Meter:
    """Turns shares of parts into a fraction of all."""

    def __init__(self, on_progress: Progress) -> None:
        self._on_progress, self._done = on_progress, 0.0

    def part(self, name: str) -> Callable[[float], None]:
        """Return what the part tells which share of it was done since the last call."""

        def advance(share: float) -> None:
            self._done += share * SHARES[name]
            self._on_progress(f"measuring {name}", min(self._done, 1.0))

        return advance


def _rounded(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same with numbers of four digits."""
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in facts.items()}
