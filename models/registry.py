"""Which model families there are, and how a voice of each is loaded.

A family is one line here: its name, and the function `load(card, weights, device)` that makes a `VoiceModel`.
Its module is imported when the first voice of the family is loaded.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from models.base import VoiceModel
from models.errors import UnknownFamilyError

Loader = Callable[[Mapping[str, Any], Path | None, str], VoiceModel]

FAMILIES: dict[str, str] = {
    "live": "models.live:load",
    "passthrough": "models.passthrough:load",
    "sovits": "models.sovits:load",
}


def load_voice(card: Mapping[str, Any], weights: Path | None, device: str = "cpu") -> VoiceModel:
    """Return the voice that a card describes, with the weights in that file.

    Raises UnknownFamilyError where the card names none of `FAMILIES`, CheckpointError where the weights are
    missing, damaged or not those of the family.
    """
    return find_loader(card.get("family"))(card, weights, device)


def find_loader(family: object) -> Loader:
    """Import and return the loader of a family; raises UnknownFamilyError."""
    if not isinstance(family, str) or family not in FAMILIES:
        raise UnknownFamilyError(f"no model family {family!r}; known: {', '.join(sorted(FAMILIES))}")
    module, _, function = FAMILIES[family].partition(":")
    loader: Loader = getattr(import_module(module), function)
    return loader
