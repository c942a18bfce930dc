"""How a voice may be streamed where it leaves a choice: what its card or family offers, and what of it is chosen."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
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

LIVE_DELAYS = {"lowest delay": 0.0, "low delay": 20.0, "balanced": 40.0, "quality": 80.0}
"""Milliseconds of future that a live voice waits for; its step and its synthesis make 30 ms more of delay."""

FAMILIES: Mapping[str, Mapping[str, Any]] = {
    "live": {
        "presets": {
            name: {"hop_ms": 20.0, "left_ms": 0.0, "right_ms": ahead, "fade_ms": 0.0}
            for name, ahead in LIVE_DELAYS.items()
        },
        "default": "balanced",
        "step_ms": 20.0,
        "ranges": {"hop_ms": (20.0, 200.0), "right_ms": (0.0, 80.0)},
        "look_ahead_ms": 10.0,
    },
    "sovits": {
        "presets": {
            "low delay": {"hop_ms": 120.0, "left_ms": 1500.0, "right_ms": 0.0, "fade_ms": 10.0},
            "balanced": {"hop_ms": 160.0, "left_ms": 1500.0, "right_ms": 80.0, "fade_ms": 20.0},
            "quality": {"hop_ms": 320.0, "left_ms": 1500.0, "right_ms": 160.0, "fade_ms": 20.0},
        },
        "default": "quality",
        "step_ms": 40.0,
    },
}
"""What the voices of a family offer whose cards do not say; the hop is a multiple of the step.

`ranges` are the times that have a meaning, where not all of LIMITS have one, each within its range a multiple of the
step. `look_ahead_ms` is what a voice waits for besides. The default of `sovits` is what two processor cores can do;
`rtvc voices calibrate` finds what this machine can.
"""

USUAL_STEP = 10.0  # ms


@dataclass(frozen=True)
class StreamTimes:
    """How a session streams its voice, in seconds: field by field what `models.base.StreamSpec` is, without its torch.

    Only voices with presets look at more than the hop. `right` None is what the voice is used to.
    """

    hop: float = 0.02
    left: float = 0.0
    right: float | None = None
    fade: float = 0.0


@dataclass(frozen=True)
class Presets:
    """What a voice offers: milliseconds by the names of LIMITS for each preset, the first choice, the hop's step.

    `ranges` are lowest and highest milliseconds of what may be chosen besides; empty where all of LIMITS may.
    """

    choices: Mapping[str, Mapping[str, float]]
    default: str
    step_ms: float
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def chosen(self, preset: str | None = None, own: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the milliseconds of a preset, the default one if None, and `own` ones over them; the hop in steps.

        What has a range is kept in it, what has no meaning for the voice is left as it is.
        Raises RtvcError with the nearest match for a preset that there is not.
        """
        wanted = self.default if preset is None else preset
        names = {_plain(name): name for name in self.choices}
        if _plain(wanted) not in names:
            raise RtvcError(f"no preset {wanted!r}{hint(wanted, self.choices)}")
        chosen = {name: value for name, value in (own or {}).items() if self.may_choose(name)}
        found = {**self.choices[names[_plain(wanted)]], **chosen}
        for name in ("hop_ms", *self.ranges):
            found[name] = self._stepped(found[name], *self.ranges.get(name, (self.step_ms, math.inf)))
        return found

    def may_choose(self, name: str) -> bool:
        """Tell whether a time, by its name in LIMITS, has a meaning for the voice."""
        return not self.ranges or name in self.ranges

    def _stepped(self, value: float, low: float, high: float) -> float:
        steps = math.floor(value / self.step_ms + 0.5)
        return min(max(steps * self.step_ms, low), high)

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
    return Presets(choices, default, _number(step, f"{where}.step_ms", *LIMITS["hop_ms"]), family.get("ranges", {}))


def look_ahead_of(voice: Voice) -> float:
    """Return the seconds of future that a voice waits for besides what is chosen; 0 where its card does not say."""
    family = FAMILIES.get(str(voice.card.get("family")), {})
    stated = family.get("look_ahead_ms", voice.card.get("look_ahead_ms", 0.0))
    return float(stated) / 1000.0 if isinstance(stated, int | float) else 0.0


def stream_block(family: str) -> dict[str, Any]:
    """Return what a new card of a family is to say under `stream`; empty for a family whose voices only have a hop."""
    block = FAMILIES.get(family, {})
    if not block:
        return {}
    presets = {name: dict(times) for name, times in block["presets"].items()}
    return {"presets": presets, "default": block["default"], "step_ms": block["step_ms"]}


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
