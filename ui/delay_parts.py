"""Where the delay comes from, part by part, in the order in which the sound meets it."""

from collections.abc import Mapping
from typing import NamedTuple

from ui.language import marked


class Part(NamedTuple):
    """One part that the window shows: its label, the keys of a session's `delay` that make it, and what it is."""

    label: str
    keys: tuple[str, ...]
    help: str


PARTS = (
    Part(marked("rtvc", "Device in"), ("input_block",), marked("rtvc", "The microphone hands over whole blocks.")),
    Part(
        marked("rtvc", "Resampling"),
        ("input_resampler", "output_resampler"),
        marked("rtvc", "From the devices' rates to the voice's, and back."),
    ),
    Part(marked("rtvc", "Hop"), ("hop",), marked("rtvc", "Sound is gathered until one hop is complete.")),
    Part(
        marked("rtvc", "Look-ahead"),
        ("look_ahead",),
        marked("rtvc", "What the voice must have heard before it can speak."),
    ),
    Part(marked("rtvc", "Compute"), ("compute",), marked("rtvc", "The time that this machine needs for one hop.")),
    Part(
        marked("rtvc", "Margin"), ("margin",), marked("rtvc", "Kept in reserve for moments when the machine is busy.")
    ),
    Part(
        marked("rtvc", "Device out"),
        ("output_block", "device"),
        marked("rtvc", "The speaker's block and its own buffer."),
    ),
    Part(marked("rtvc", "Other"), (), marked("rtvc", "Everything else.")),
)


def shown_parts(delay: Mapping[str, float]) -> tuple[float, ...]:
    """Return the seconds of each of PARTS; what no part names is the last one's."""
    named = [sum(delay.get(key, 0.0) for key in part.keys) for part in PARTS[:-1]]
    known = {key for part in PARTS for key in part.keys}
    return (*named, sum(seconds for key, seconds in delay.items() if key not in known))


def expected_delay(hop: float, margin: float, block: float, look_ahead: float) -> dict[str, float]:
    """Return what is known of the delay before a session has measured it; all in seconds."""
    return {"input_block": block, "hop": hop, "look_ahead": look_ahead, "margin": margin, "output_block": block}
