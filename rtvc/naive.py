"""What a GPT-SoVITS voice costs live without any streaming: the whole reference path on a window, anew at every hop.

It is what one gets who puts the original into a loop: HuBERT, codes, the speaker's style from the references, the
phones, prior, flow and decoder, in single precision and with the weights as the checkpoint has them. Both sides are
measured in turn, hop by hop, in one run on one machine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch
from torch import Tensor

from models.base import StreamSpec
from models.sovits import COMMA, SovitsVoice, read_synthesizer
from models.sovits_content import HubertContent
from models.spectrogram import Spectrogram, SpectrogramConfig
from rtvc.bench import DEVICE_RATE, speech
from rtvc.convert import check_model_values
from rtvc.engine import GATE, Engine
from rtvc.errors import RtvcError
from rtvc.library import Voice
from rtvc.machine import describe_machine, network_facts
from rtvc.references import RATE, Clip, stored_clips

WINDOW = 2.0
"""Seconds that the reference path hears at every hop."""


@dataclass(frozen=True)
class Comparison:
    """Seconds of computing for a hop, of the live path and of the naive one; medians over the hops.

    `precision` is what the live path computes its large networks in; the naive one has single precision.
    """

    hop: float
    window: float
    hops: int
    live: float
    naive: float
    precision: str

    @property
    def ratio(self) -> float:
        """How many times less the live path computes."""
        return self.naive / self.live

    def as_dict(self) -> dict[str, Any]:
        """Return all of it for JSON, times in milliseconds, with the machine."""
        return {
            "hop_ms": round(self.hop * 1000, 3),
            "naive_window_ms": round(self.window * 1000, 3),
            "hops": self.hops,
            "live_ms_per_hop": round(self.live * 1000, 3),
            "naive_ms_per_hop": round(self.naive * 1000, 3),
            "ratio": round(self.ratio, 3),
            "live_precision": self.precision,
            "machine": describe_machine() | network_facts(),
        }


class NaiveConverter:
    """Converts its window as a whole every time; `clips` are the references of the voice."""

    def __init__(self, voice: Voice, live: SovitsVoice, clips: Sequence[Clip]) -> None:
        assert voice.weights is not None
        self._device = live.device
        self._model = read_synthesizer(voice.weights).to(self._device)
        self._content = live.content
        self._clips = [torch.from_numpy(clip.samples)[None].to(self._device) for clip in clips]
        self._spectrogram = Spectrogram(SpectrogramConfig(rate=RATE)).to(self._device)
        text = voice.card.get("text", {})
        ids = text.get("ids") or [COMMA]
        self._ids = torch.tensor([list(ids)], device=self._device)
        config = self._model.config
        verified = torch.zeros(1, config.speaker_channels, device=self._device)
        self._speaker = verified if config.has_speaker_verification else None

    @torch.inference_mode()
    def convert(self, samples: Tensor) -> Tensor:
        """Samples [n] at 16 kHz -> [1280 (T // 2)] at 32 kHz, T the frames of their content."""
        codes = self._model.codes(self._content.whole(samples.to(self._device)))
        style = self._model.mean_style([(self._spectrogram.linear(clip), self._speaker) for clip in self._clips])
        return self._model.decode(codes, self._ids, style)[0, 0].cpu()


def compare(voice: Voice, model: object, spec: StreamSpec, values: Mapping[str, float], seconds: float) -> Comparison:
    """Convert speech hop by hop in both ways, without the gate that would spare the live path its pauses; time it.

    Raises RtvcError for a voice of another family, which has no such counterpart, and where it keeps no references.
    """
    if not isinstance(model, SovitsVoice):
        raise RtvcError(f"{voice.name} is no GPT-SoVITS voice; voices of its family have no naive way to go against")
    check_model_values(model, values)
    clips = stored_clips(voice.folder / "references")
    if not clips:
        raise RtvcError(
            f"{voice.name} keeps no recordings of its speaker; run: rtvc voices reference {voice.name} CLIP"
        )
    naive = NaiveConverter(voice, model, clips)
    engine = Engine(model, DEVICE_RATE, DEVICE_RATE, spec, {**values, GATE.name: GATE.low})
    size = round(engine.hop * DEVICE_RATE)
    warm_up = round((WINDOW + spec.left) / engine.hop) + 2
    count = max(round(seconds / engine.hop), 3)
    hops = np.resize(speech(), (warm_up + count) * size).reshape(-1, size)
    window = torch.from_numpy(np.resize(speech(model.input_rate), round(WINDOW * model.input_rate)))
    for one in hops[:warm_up]:
        engine.process(one)
    naive.convert(window)
    times = [(_timed(engine.process, one), _timed(naive.convert, window)) for one in hops[warm_up:]]
    live, whole = zip(*times, strict=True)
    precision = str(model.dtype).removeprefix("torch.")
    if isinstance(model.content, HubertContent):
        precision += f", HuBERT in {model.content.precision(model.dtype, model.integers)}"
    return Comparison(engine.hop, WINDOW, count, median(live), median(whole), precision)


def _timed(work: Any, argument: Any) -> float:
    start = perf_counter()
    work(argument)
    return perf_counter() - start
