"""The bundled recording: a reader whose words the demo and the measurements convert."""

from pathlib import Path

RECORDING = Path(__file__).resolve().parent / "data" / "demo.flac"
