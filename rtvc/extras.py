"""What is not installed with the program itself, and how it is got."""

from collections.abc import Mapping

EXTRAS: Mapping[str, tuple[str, ...]] = {
    "torch": ("PyTorch", "sovits"),
    "onnx": ("onnx", "sovits"),
    "parselmouth": ("Parselmouth", "train"),
    "soxr": ("soxr", "train"),
    "matplotlib": ("Matplotlib", "evaluate"),
}
"""By the name a package is imported by: what people call it, and the extra that brings it."""


def how_to_get(error: ModuleNotFoundError) -> str | None:
    """Return the sentence that says what is missing and how to get it; None where that belongs to no extra."""
    name = (error.name or "").partition(".")[0]
    if name not in EXTRAS:
        return None
    title, extra = EXTRAS[name]
    return f'this needs {title}, which is not installed: pip install "rtvc[{extra}]"'
