"""In which order and under which headings controls are shown, whatever a voice offers."""

from collections.abc import Iterable

from rtvc.params import Control
from ui.language import marked

OWN = marked("rtvc", "Voice")
COMMON: tuple[tuple[str, tuple[str, ...]], ...] = (
    (marked("rtvc", "Microphone"), ("input_gain_db", "gate_db", "denoise", "high_pass_hz")),
    (marked("rtvc", "Output"), ("voice_share", "bass_db", "middle_db", "treble_db", "output_gain_db", "ceiling_db")),
)
"""Headings for the controls that every voice has; what is in none of them is the voice's own."""


def grouped(controls: Iterable[Control]) -> list[tuple[str, tuple[Control, ...]]]:
    """Return the controls under their headings, the voice's own first; headings without controls are left out."""
    found = {one.name: one for one in controls}
    common = {name for _, names in COMMON for name in names}
    groups = [(OWN, tuple(one for name, one in found.items() if name not in common))]
    groups += [(title, tuple(found[name] for name in names if name in found)) for title, names in COMMON]
    return [(title, members) for title, members in groups if members]
