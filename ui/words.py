"""Numbers and labels as the window writes them."""

import math
from collections.abc import Iterable

from rtvc.params import Control
from ui.language import translate

RESERVED_LETTERS = "vmohgspurekfd"
"""The window's own: Voice, Microphone, Output, Hop, marGin, Start, Pass-through, mUte, Reset, and prEset, past Kept,
Future, faDe."""
MOST_STEPS = 400


def step_of(control: Control) -> float:
    """Return the distance between neighbouring values; a continuous control gets one of 1, 2 or 5 times 10^n."""
    if control.step:
        return control.step
    finest = (control.high - control.low) / MOST_STEPS
    ten = 10.0 ** math.floor(math.log10(finest))
    return next(round(factor * ten, 12) for factor in (1, 2, 5, 10) if factor * ten >= finest)


def value_words(control: Control, value: float) -> str:
    """Return a value with its unit, as exact as the control's step, signed where it may go both ways."""
    step = step_of(control)
    decimals = next((places for places in range(4) if math.isclose(round(step, places), step)), 3)
    text = f"{abs(value):.{decimals}f}"
    zero = float(text) == 0
    sign = "−" if value < 0 and not zero else "+" if control.low < 0 < control.high and not zero else ""
    unit = translate("rtvc", control.unit) if control.unit else ""
    return f"{sign}{text} {unit}".rstrip()


def with_letters(labels: Iterable[str], taken: str = RESERVED_LETTERS) -> list[str]:
    """Return each label with `&` before a letter that no other label uses, ready for a Qt mnemonic."""
    used = set(taken.casefold())
    marked = []
    for label in labels:
        place = next((at for at, letter in enumerate(label) if _is_free(letter, used)), None)
        if place is None:
            marked.append(label.replace("&", "&&"))
            continue
        used.add(label[place].casefold())
        before, after = label[:place].replace("&", "&&"), label[place:].replace("&", "&&")
        marked.append(f"{before}&{after}")
    return marked


def milliseconds(seconds: float) -> str:
    """Return a delay as whole milliseconds, with one decimal where it is short."""
    ms = seconds * 1000.0
    return f"{ms:.1f} ms" if 0.05 <= ms < 9.95 and not math.isclose(ms, round(ms), abs_tol=0.05) else f"{ms:.0f} ms"


def clock(seconds: float) -> str:
    """Return a duration as minutes and seconds, with hours from one hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _is_free(letter: str, used: set[str]) -> bool:
    return letter.isascii() and letter.isalpha() and letter.casefold() not in used
