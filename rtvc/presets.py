"""How a voice that hears windows of sound may be streamed: what its card offers, and what of it is chosen."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rtvc.errors import RtvcError, VoiceError
from rtvc.library import Voice
from rtvc.nearest import hint

LIMITS: Mapping[str, tuple[float, float]] = {
    "hop_ms": (10.0, 1000.0),
    "left_ms": (0.0, 10_000.0),
    "right_ms": (0.0, 1000.0),
    "fade_ms": (0.0, 100.0),
}
"""Milliseconds converted at a time, of the past and of the future that the voice hears, and of the seam."""

FAMILIES: Mapping[str, Mapping[str, Any]] = {
    "sovits": {
        "presets": {
            "low delay": {"hop_ms": 120.0, "left_ms": 2000.0, "right_ms": 0.0, "fade_ms": 10.0},
            "balanced": {"hop_ms": 160.0, "left_ms": 2000.0, "right_ms": 80.0, "fade_ms": 20.0},
            "quality": {"hop_ms": 320.0, "left_ms": 2000.0, "right_ms": 160.0, "fade_ms": 20.0},
        },
        "default": "quality",
        "step_ms": 40.0,
    },
}
"""What the voices of a family offer whose cards do not say; the hop is a multiple of the step.

The default is what two processor cores can do; `rtvc voices calibrate` finds what this machine can.
"""

USUAL_STEP = 10.0  # ms


@dataclass(frozen=True)
class StreamTimes:
    """How a session streams its voice, in seconds: field by field what `models.base.StreamSpec` is, without its torch.

    Only voices with presets look at more than the hop.
    """

    hop: float = 0.02
    left: float = 0.0
    right: float = 0.0
    fade: float = 0.0


@dataclass(frozen=True)
class Presets:
    """What a voice offers: milliseconds by the names of LIMITS for each preset, the first choice, the hop's step."""

    choices: Mapping[str, Mapping[str, float]]
    default: str
    step_ms: float

    def chosen(self, preset: str | None = None, own: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the milliseconds of a preset, the default one if None, and `own` ones over them; the hop in steps.

        Raises RtvcError with the nearest match for a preset that there is not.
        """
        wanted = self.default if preset is None else preset
        names = {_plain(name): name for name in self.choices}
        if _plain(wanted) not in names:
            raise RtvcError(f"no preset {wanted!r}{hint(wanted, self.choices)}")
        found = {**self.choices[names[_plain(wanted)]], **(own or {})}
        steps = max(math.floor(found["hop_ms"] / self.step_ms + 0.5), 1)
        return {**found, "hop_ms": steps * self.step_ms}

    def name_of(self, times: Mapping[str, float]) -> str | None:
        """Return the preset with these milliseconds, None where they are nobody's but the user's."""
        return next((name for name in self.choices if self.chosen(name) == dict(times)), None)


def read_presets(voice: Voice) -> Presets | None:
    """Return what a voice's card offers, or its family; None for a voice that only has a hop.

    Raises VoiceError naming what is wrong with the card.
    """
    family = FAMILIES.get(str(voice.card.get("family")), {})
    block = voice.card.get("stream", family or None)
    if block is None:
        return None
    where = f"voice {voice.name}: stream"
    presets = block.get("presets") if isinstance(block, Mapping) else None
    if not isinstance(presets, Mapping) or not presets:
        raise VoiceError(f"{where}.presets of its card must hold presets by name")
    choices = {str(name): _times(entry, f"{where}.presets.{name}") for name, entry in presets.items()}
    default = str(block.get("default", next(iter(choices))))
    if default not in choices:
        raise VoiceError(f"{where}.default of its card is {default!r}{hint(default, choices)}")
    step = block.get("step_ms", family.get("step_ms", USUAL_STEP))
    return Presets(choices, default, _number(step, f"{where}.step_ms", *LIMITS["hop_ms"]))


def stream_block(family: str) -> dict[str, Any]:
    """Return what a new card of a family is to say under `stream`; empty for a family whose voices only have a hop."""
    block = FAMILIES.get(family, {})
    if not block:
        return {}
    return {**block, "presets": {name: dict(times) for name, times in block["presets"].items()}}


def in_seconds(times: Mapping[str, float]) -> StreamTimes:
    """Return milliseconds by the names of LIMITS as what a session takes."""
    return StreamTimes(**{name.removesuffix("_ms"): times[name] / 1000 for name in LIMITS})


def _plain(name: str) -> str:
    """A preset's name as people may write it, in a shell too."""
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _times(entry: Any, where: str) -> dict[str, float]:
    if not isinstance(entry, Mapping):
        raise VoiceError(f"{where} of its card must hold keys with values")
    for key in LIMITS:
        if key not in entry:
            raise VoiceError(f"{where} of its card does not say its {key}")
    return {key: _number(entry[key], f"{where}.{key}", *limits) for key, limits in LIMITS.items()}


def _number(value: Any, where: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise VoiceError(f"{where} of its card is {value!r}, it must be a number from {low:g} to {high:g}")
    return float(value)
