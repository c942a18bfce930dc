"""Gathers what a diagnosis holds, each part for itself: one that fails is told in place of its content."""

import ctypes.util
import importlib.metadata
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rtvc.config import load
from rtvc.diagnosing.history import LAST_SESSION, Row, as_lines
from rtvc.diagnosing.log import NAME as LOG
from rtvc.errors import RtvcError
from rtvc.machine import describe_machine
from rtvc.settings import write_settings

LOG_TAIL = 200_000  # characters
LAST_ERROR = "last_error.txt"
PACKAGES = (
    *("rtvc", "torch", "torchaudio", "numpy", "sounddevice", "soundfile", "pulsectl", "onnxruntime", "safetensors"),
    *("PySide6-Essentials", "pyrnnoise"),
)


def collect(
    config_path: Path, folder: Path, status: Mapping[str, Any] | None, history: Sequence[Row]
) -> dict[str, str]:
    """Return the texts of a diagnosis by file name, with all their names in them.

    `status` and `history` are of the session that runs, where one does; `folder` has the log and what the last
    session left.
    """
    parts: dict[str, Callable[[], str]] = {
        "about.json": lambda: _json(_about()),
        "config.yaml": lambda: write_settings(load(config_path)),
        "devices.json": _devices,
        "session.json": lambda: _json(dict(status) if status is not None else {"state": "none is reached"}),
        "counters.jsonl": lambda: as_lines(history) if history else _tail(folder / LAST_SESSION),
        "log.txt": lambda: _tail(folder / LOG),
        "last_error.txt": lambda: _tail(folder / LAST_ERROR),
    }
    return {name: _told(part) for name, part in parts.items()}


def _about() -> dict[str, Any]:
    return {
        "time": time.strftime("%Y-%m-%d %H:%M:%S %z"),
        **describe_machine(),
        "packages": {name: _version(name) for name in PACKAGES},
        "portaudio": ctypes.util.find_library("portaudio") or "that of the package sounddevice, or none",
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def _devices() -> str:
    from rtvc.devices import list_devices

    return _json([asdict(one) for one in list_devices()])


def _tail(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:]
    except FileNotFoundError:
        return ""
    except OSError as error:
        return f"cannot be read ({error.strerror})\n"


def _told(part: Callable[[], str]) -> str:
    try:
        return part()
    except RtvcError as error:
        return f"{error}\n"


def _json(content: Any) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
