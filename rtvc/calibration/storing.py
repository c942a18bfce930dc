"""What a calibration leaves in a voice's folder, and where it finds what it listens to there."""

from datetime import date
from pathlib import Path
from typing import Any

from models.checkpoint import read_tensors, write_tensors
from models.errors import CheckpointError
from rtvc.calibration.measuring import Calibration
from rtvc.errors import VoiceError
from rtvc.library import read_voice
from rtvc.own_voices import update_card
from rtvc.presets import read_presets

STYLE, REFERENCES = "style.safetensors", "references"
MEAN = "text_mean"


def store(folder: Path, found: Calibration, today: date) -> None:
    """Write what was chosen to the card of a voice, with the figures; a mean for words goes beside its style.

    The card changes last, whole or not at all, so a voice is never left half calibrated. Raises VoiceError.
    """
    if found.mean is not None:
        try:
            tensors, metadata = read_tensors(folder / STYLE)
            write_tensors(folder / STYLE, {**tensors, MEAN: found.mean}, metadata)
        except CheckpointError as error:
            raise VoiceError(str(error)) from error
    update_card(
        folder,
        {
            "text": {"mode": found.text.mode, "ids": list(found.text.ids)} if found.text.ids else _without_ids(found),
            "stream": _stream(folder, found),
            "calibration": {"date": today.isoformat(), **found.as_dict()},
        },
    )


def _without_ids(found: Calibration) -> dict[str, Any]:
    return {"mode": found.text.mode}


def _stream(folder: Path, found: Calibration) -> dict[str, Any]:
    """The voice's presets with the context that was chosen, and the preset that was."""
    presets = read_presets(read_voice(folder))
    if presets is None:
        raise VoiceError(f"voice {folder.name} has no presets to choose from")
    left_ms = round(1000 * found.left, 3)
    choices = {name: {**times, "left_ms": left_ms} for name, times in presets.choices.items()}
    return {"presets": choices, "default": found.preset, "step_ms": presets.step_ms}
