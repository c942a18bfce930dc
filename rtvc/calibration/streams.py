"""What a voice's presets make of speech, against the whole recording converted at once with the same noise."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter, process_time

import torch
from torch import Tensor

from models.base import StreamSpec
from models.frame_noise import frame_noise
from models.sovits import SovitsVoice
from models.sovits_stream import CODE, Windows
from models.spectrogram import Spectrogram, SpectrogramConfig

NOISE_SCALE = 0.5
OTHER_SEED = 1
SEAM = 0.001
"""Seconds around the beginning and the end of a seam in which a click would be."""
SMALLEST_POWER = 1e-12
HIGH_PERCENTILE = 0.95


@dataclass(frozen=True)
class Streamed:
    """A preset on this machine, against the whole: times in seconds, `load` as a part of real time.

    `mel` is the mean distance of log-mel bands, as a share of that of two whole conversions with different noise.
    `seam` is how much more sound jumps around the seams than the whole does at the same places, in dB.
    """

    preset: str
    delay: float
    load: float
    mel: float
    seam: float


def streamed(
    voice: SovitsVoice,
    presets: Mapping[str, StreamSpec],
    recordings: Sequence[Tensor],
    advance: Callable[[float], None],
) -> list[Streamed]:
    """Return what every preset does to recordings, samples [n] at 16 kHz; means over them."""
    share = 1 / (len(recordings) * (len(presets) + 1))
    found: dict[str, list[Streamed]] = {name: [] for name in presets}
    for samples in recordings:
        whole = voice.convert_whole(samples, NOISE_SCALE).cpu()
        frames = len(whole) // voice.model.dec.hop
        noise = frame_noise(OTHER_SEED, 0, frames, voice.model.config.inter_channels)[None]
        other = voice.convert_whole(samples, NOISE_SCALE, noise).cpu()
        mel = Spectrogram(SpectrogramConfig(rate=voice.output_rate))
        unlike = _distance(mel, whole, other)
        advance(share)
        for name, spec in presets.items():
            found[name].append(_measured(voice, name, spec, samples, whole, mel, unlike))
            advance(share)
    return [_mean(entries) for entries in found.values()]


def _measured(
    voice: SovitsVoice,
    name: str,
    spec: StreamSpec,
    samples: Tensor,
    whole: Tensor,
    mel: Spectrogram,
    unlike: float,
) -> Streamed:
    values = {param.name: param.default for param in voice.params} | {"noise_scale": NOISE_SCALE}
    (stage,) = voice.open(spec, values)
    windows = Windows.of(spec, voice.model.dec.hop)
    hop = windows.hop * CODE
    made, loads, seams = [], [], []
    for piece in samples[None, None, : len(samples) // hop * hop].split(hop, dim=-1):
        start, own_start = perf_counter(), process_time()
        made.append(torch.from_numpy(stage.push(piece.cpu().numpy()))[0, 0])
        seconds = perf_counter() - start
        if voice.device.type == "cpu":  # what other programs take of the machine is no load of this voice
            seconds = min(seconds, process_time() - own_start)
        loads.append(seconds * voice.input_rate / hop)
        seams.append(sum(map(len, made)))
    stream = torch.cat(made)
    count = min(len(stream), len(whole))
    loads.sort()
    edges = [seam + edge for seam in seams[:-1] for edge in (0, windows.fade)]
    return Streamed(
        name,
        windows.hop * CODE / voice.input_rate + stage.delay,
        loads[min(round(HIGH_PERCENTILE * len(loads)), len(loads) - 1)],
        _distance(mel, stream[:count], whole[:count]) / max(unlike, SMALLEST_POWER),
        _decibels(_jumps(stream[:count], edges, voice) / _jumps(whole[:count], edges, voice)),
    )


def _distance(mel: Spectrogram, one: Tensor, other: Tensor) -> float:
    return float((mel(one[None]) - mel(other[None])).abs().mean())


def _jumps(samples: Tensor, places: Sequence[int], voice: SovitsVoice) -> float:
    """Mean power of the differences of neighbouring samples around places, or of all where there are no places."""
    around = round(SEAM * voice.output_rate)
    steps = samples.diff().square()
    pieces = [steps[max(place - around, 0) : place + around] for place in places if place < len(steps)]
    return float(torch.cat(pieces or [steps]).mean().clamp(min=SMALLEST_POWER))


def _decibels(power: float) -> float:
    return 10 * float(torch.tensor(power).log10())


def _mean(entries: Sequence[Streamed]) -> Streamed:
    first = entries[0]
    means = (sum(getattr(one, name) for one in entries) / len(entries) for name in ("load", "mel", "seam"))
    return Streamed(first.preset, first.delay, *means)
