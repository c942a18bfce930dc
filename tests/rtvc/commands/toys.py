"""Voices and recordings for tests of the commands."""

from pathlib import Path

import numpy as np
import yaml


def make_voice(folder: Path, **card: object) -> Path:
    folder.mkdir(parents=True)
    text = yaml.safe_dump({"name": folder.name, "family": "passthrough", "look_ahead_ms": 30, **card})
    (folder / "card.yaml").write_text(text)
    return folder


def make_speech(seconds: float, rate: int) -> np.ndarray:
    """A buzz of 120 Hz that swells and fades, well above the gate [n]."""
    time = np.arange(round(seconds * rate)) / rate
    buzz = sum(np.sin(2 * np.pi * 120 * n * time) / n for n in range(1, 20))
    return (0.2 * buzz * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * time))).astype(np.float32)
