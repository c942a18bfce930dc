"""What is not installed with the program itself, and how it is got."""

from collections.abc import Mapping
from importlib.util import find_spec

from rtvc.errors import RtvcError

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "torch": ("PyTorch", "sovits"),
    "onnx": ("onnx", "sovits"),
    "parselmouth": ("Parselmouth", "train"),
    "soxr": ("soxr", "train"),
    "matplotlib": ("Matplotlib", "evaluate"),
}
"""By the name a package is imported by: what people call it, and the extra that brings it."""
TRAINING = "train"
NEEDED: Mapping[str, tuple[str, ...]] = {TRAINING: ("torch", "onnx", "parselmouth", "soxr")}
"""By an extra: all that somebody needs who needs it, so that it is told at once and not one package after the other."""


def check_installed(extra: str) -> None:
    """Raise RtvcError, with how to get it, where a package that is needed for what an extra brings is missing."""
    for package in NEEDED[extra]:
        if find_spec(package) is None:
            raise RtvcError(_words(EXTRAS[package][0], extra))


def how_to_get(error: ModuleNotFoundError) -> str | None:
    """Return the sentence that says what is missing and how to get it; None where that belongs to no extra."""
    name = (error.name or "").partition(".")[0]
    return _words(*EXTRAS[name]) if name in EXTRAS else None


def _words(title: str, extra: str) -> str:
    return f'this needs {title}, which is not installed: pip install "rtvc[{extra}]"'
