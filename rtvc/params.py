"""The live controls of a voice as plain data, for programs that must not load a network."""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from rtvc.errors import RtvcError, VoiceError
from rtvc.nearest import hint

NUMBERS = ("low", "high", "default", "step")
TEXTS = ("name", "label", "unit", "help")
REQUIRED = ("name", "label", "low", "high", "default")


class Ranged(Protocol):
    """What a control of a voice and a `models.base.Param` have in common."""

    @property
    def name(self) -> str:
        """What it is set by."""

    @property
    def low(self) -> float:
        """Its lowest value."""

    @property
    def high(self) -> float:
        """Its highest value."""

    @property
    def unit(self) -> str:
        """What its values are counted in."""


@dataclass(frozen=True)
class Control:
    """One live control: field by field what `models.base.Param` is, without its torch.

    `step` is the distance between neighbouring values; 0 means continuous.
    """

    name: str
    label: str
    low: float
    high: float
    default: float
    unit: str = ""
    step: float = 0.0
    help: str = ""

    def clamp(self, value: float) -> float:
        """Return the nearest value in range; what is no number becomes the default."""
        return min(max(value, self.low), self.high) if math.isfinite(value) else self.default


TALKER_FACTS = ("talker_hz",)
"""No controls, but what a program may tell any voice about the talker."""

COMMON_CONTROLS = (
    Control("gate_db", "Gate", -90.0, 0.0, -60.0, "dBFS", 1.0, "Quieter input is silenced; the lowest value is off."),
    Control("input_gain_db", "Input gain", -24.0, 24.0, 0.0, "dB", 0.5, "Applied before the voice."),
    Control("output_gain_db", "Output gain", -24.0, 24.0, 0.0, "dB", 0.5, "Applied after the voice."),
    Control("denoise", "Noise suppression", 0.0, 100.0, 0.0, "%", 5.0, "Takes noise away; 30 ms more delay."),
    Control("high_pass_hz", "Low cut", 0.0, 300.0, 0.0, "Hz", 10.0, "Takes rumble out of the microphone; 0 is off."),
    Control("bass_db", "Bass", -12.0, 12.0, 0.0, "dB", 0.5, "The voice below 250 Hz."),
    Control("middle_db", "Middle", -12.0, 12.0, 0.0, "dB", 0.5, "The voice around 1200 Hz."),
    Control("treble_db", "Treble", -12.0, 12.0, 0.0, "dB", 0.5, "The voice above 4500 Hz."),
    Control("voice_share", "Voice", 0.0, 100.0, 100.0, "%", 5.0, "The rest is your own sound, in step with the voice."),
    Control("ceiling_db", "Limiter", -24.0, 0.0, 0.0, "dBFS", 0.5, "No sample is ever louder than this."),
)


def read_controls(card: Mapping[str, Any]) -> tuple[Control, ...]:
    """Return the controls that a voice's card lists under `params`; none where it lists none.

    Raises VoiceError naming the voice and what is wrong with which entry.
    """
    entries = card.get("params") or []
    where = f"voice {card.get('name', '?')}: params"
    if not isinstance(entries, list):
        raise VoiceError(f"{where} of its card must be a list, not {type(entries).__name__}")
    return tuple(_control(entry, f"{where}[{place}]") for place, entry in enumerate(entries))


def chosen_values(controls: Iterable[Control], values: Mapping[str, float]) -> dict[str, float]:
    """Return a value in range for every control: the one in `values`, else its default."""
    return {one.name: one.clamp(values.get(one.name, one.default)) for one in controls}


def check_values(controls: Iterable[Ranged], values: Mapping[str, float], remembered: Collection[str] = ()) -> None:
    """Raise RtvcError where a name is neither a control nor `remembered`, or a value is out of its range."""
    known = {control.name: control for control in controls}
    for name, value in values.items():
        if name in remembered:
            continue
        if name not in known:
            raise RtvcError(f"the voice has no control {name!r}{hint(name, known)}")
        low, high = known[name].low, known[name].high
        if not low <= value <= high:
            raise RtvcError(f"{name} is {value:g}, it must be from {low:g} to {high:g} {known[name].unit}".rstrip())


def _control(entry: Any, where: str) -> Control:
    if not isinstance(entry, Mapping):
        raise VoiceError(f"{where} of its card must hold keys with values")
    missing = [key for key in REQUIRED if key not in entry]
    if missing:
        raise VoiceError(f"{where} of its card does not say its {missing[0]}")
    texts = {key: str(entry[key]) for key in TEXTS if key in entry}
    numbers = {key: _number(entry[key], f"{where}.{key}") for key in NUMBERS if key in entry}
    control = Control(**texts, **numbers)  # type: ignore[arg-type] # the two tables hold the right kinds
    if not control.low < control.high or not control.low <= control.default <= control.high or control.step < 0:
        raise VoiceError(f"{where} ({control.name}) of its card has no sensible range")
    return control


def _number(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise VoiceError(f"{where} of its card is {value!r}, it must be a number")
    return float(value)
