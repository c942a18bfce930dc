"""How often a stream hears the code that the whole recording gives, by what it knows of past, future and level.

Places are spread over the recordings. At each, a hop's codes are taken from windows of all sizes, exactly as a live
stream would have them at that time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from models.sovits import SovitsVoice
from models.sovits_content import ContentSource, HubertContent
from models.sovits_stream import CODE, CODE_S
from models.synthesizer import CODE_FRAMES

LEFTS = (1.0, 2.0, 4.0)
"""Seconds of past."""
USUAL_LEFT = 2.0
"""With it alone are statistics tried that no stream can have from its start."""
RIGHTS = (0, 2, 4)
"""Codes of future."""
BLOCK = 4
"""Codes that are compared at each place."""
PLACES = 16
OVERHANG = 80
"""Samples that a frame sees beyond the next frame's first."""
RUNNING, WARM, FROZEN, WINDOW = "running", "warm", "frozen", "window"
"""Statistics of the first norm: averaged since the start, or since before it; the recording's; each window's own."""

Advance = Callable[[float], None]
"""Told which part of the work, from 0 to 1, was done since the last call."""
Cell = tuple[str, float, float]


@dataclass(frozen=True)
class Agreement:
    """Which share of codes is the same with these statistics and seconds of past and future."""

    statistics: str
    left: float
    right: float
    share: float
    codes: int


def agreements(
    voice: SovitsVoice, recordings: Sequence[Tensor], advance: Advance, places: int = PLACES
) -> list[Agreement]:
    """Return the agreement for every window, with every kind of statistics that the voice's content can have.

    Recordings are samples [n] at 16 kHz; those too short for a hop are passed over.
    """
    counts: dict[Cell, list[int]] = {}
    seconds = sum(len(one) for one in recordings) or 1
    for samples in recordings:
        share = len(samples) / seconds
        whole = _codes(voice, voice.content.whole(samples.to(voice.device)))
        sources = _sources(voice, samples)
        for name, source in sources.items():
            for place in _places(len(whole), max(round(places * share), 1)):
                _listen(voice, source, name, samples, place, whole, counts)
            advance(share / (len(sources) + 1))
        for place in _places(len(whole), max(round(places * share), 1)) if FROZEN in sources else ():
            _windows(voice, samples, place, whole, counts)
        advance(share / (len(sources) + 1))
    return [Agreement(*cell, same / of, of) for cell, (same, of) in counts.items()]


def _sources(voice: SovitsVoice, samples: Tensor) -> Mapping[str, ContentSource]:
    """A stream for each way of having statistics."""
    content = voice.content
    keep = CODE_FRAMES * (round(max(LEFTS) / CODE_S) + BLOCK + max(RIGHTS)) + 64
    sources = {RUNNING: content.open(keep, voice.dtype, voice.integers)}
    if isinstance(content, HubertContent) and content.network.config.conv_norm == "group_norm":
        own = content.network.statistics(samples[None].to(voice.device))
        sources[WARM] = content.open(keep, voice.dtype, voice.integers, start=own)
        sources[FROZEN] = content.open(keep, voice.dtype, voice.integers, frozen=own)
    return sources


def _places(codes: int, count: int) -> list[int]:
    """First codes of so many blocks that have all their past within half a second and all their future."""
    last = codes - BLOCK - max(RIGHTS) - 1
    first = min(round(min(LEFTS) / CODE_S), max(last, 0))
    return [] if last < 0 else sorted({first + (last - first) * (2 * i + 1) // (2 * count) for i in range(count)})


def _listen(
    voice: SovitsVoice,
    source: ContentSource,
    name: str,
    samples: Tensor,
    place: int,
    whole: Tensor,
    counts: dict[Cell, list[int]],
) -> None:
    """Let a stream hear up to a place and compare what it makes of it."""
    behind = -(-source.delay_frames // CODE_FRAMES)
    for right in RIGHTS:
        end = place + BLOCK + right
        heard = source.frames + source.delay_frames
        source.push(samples[heard * CODE // CODE_FRAMES : min(end + behind, len(whole)) * CODE].to(voice.device))
        for left in LEFTS if name == RUNNING else (USUAL_LEFT,):
            first = max(place - round(left / CODE_S), 0)
            last = min(CODE_FRAMES * end, source.frames)
            codes = _codes(voice, source.window(CODE_FRAMES * first, last))
            _count(counts, (name, left, right * CODE_S), codes[place - first :], whole[place:])


def _windows(voice: SovitsVoice, samples: Tensor, place: int, whole: Tensor, counts: dict[Cell, list[int]]) -> None:
    """Compare windows that know nothing but themselves."""
    for right in RIGHTS:
        first = max(place - round(USUAL_LEFT / CODE_S), 0)
        piece = samples[first * CODE : (place + BLOCK + right) * CODE + OVERHANG].to(voice.device)
        codes = _codes(voice, voice.content.whole(piece))
        _count(counts, (WINDOW, USUAL_LEFT, right * CODE_S), codes[place - first :], whole[place:])


def _count(counts: dict[Cell, list[int]], cell: Cell, found: Tensor, wanted: Tensor) -> None:
    of = min(BLOCK, len(found), len(wanted))
    entry = counts.setdefault(cell, [0, 0])
    entry[0] += int((found[:of] == wanted[:of]).sum())
    entry[1] += of


def _codes(voice: SovitsVoice, content: Tensor) -> Tensor:
    """Content [1, C, T] -> codes [T // 2] on the processor."""
    return voice.model.codes(content)[0, 0].cpu() if content.shape[-1] else torch.zeros(0, dtype=torch.long)
