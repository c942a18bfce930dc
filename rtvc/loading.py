"""From a voice on disk to a network in memory."""

import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from models.base import VoiceModel
from models.registry import load_voice
from rtvc.errors import RtvcError
from rtvc.extras import how_to_get
from rtvc.library import Voice, kept_folder

MOST_THREADS: Mapping[str, int] = {"sovits": 4}
"""Families whose networks are large enough to share among processor cores; the others are slower for it."""
OF_TENSORS = ("sovits",)
"""Families that need PyTorch, and a graphics card serves; the others take a step a time, which no card makes faster."""
OWN_CONTENT = "content.safetensors"


def load_model(voice: Voice, device: str, threads: int) -> VoiceModel:
    """Return the model of a voice, computed by `device` ("auto", "cpu" or "cuda") with that many processor threads.

    The number of threads counts for the whole process; a family that cannot do with so few gets more. Raises
    ModelError or RtvcError in one sentence.
    """
    family = str(voice.card.get("family"))
    wanted = max(threads, min(MOST_THREADS.get(family, 1), os.cpu_count() or 1))
    if family in OF_TENSORS:
        _bind_threads(wanted)
    try:
        where = usable_device(device) if device == "cuda" or family in OF_TENSORS else "cpu"
        _set_threads(wanted)
        model = load_voice(_completed(voice), voice.weights, where)
    except ModuleNotFoundError as error:
        raise RtvcError(f"voice {voice.name} cannot be used: {how_to_get(error) or error}") from error
    _set_threads(wanted)  # what was loaded may have brought PyTorch
    return model


def _bind_threads(threads: int) -> None:
    """Keep each thread on a core of its own where all cores are needed, if PyTorch is not there yet to be told.

    Threads wait for one another many hundred times a hop; two that the system puts on one core wait in vain for
    milliseconds. With cores to spare, other programs' threads are better evaded. Where OpenVINO computes, its threads
    would all be kept on the core of the one that begins them.
    """
    if find_spec("openvino") is None and "torch" not in sys.modules and threads >= (os.cpu_count() or 1):
        os.environ.setdefault("OMP_PROC_BIND", "true")


def _set_threads(threads: int) -> None:
    """Share PyTorch's work among processor threads, where it is in use."""
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.set_num_threads(threads)


def _completed(voice: Voice) -> dict[str, Any]:
    """Return the voice's card, with where to keep what is made of it, and the content network it shares with others."""
    card = {**voice.card, "kept_in": str(kept_folder())}
    part = voice.card.get("content")
    if part is None or (voice.folder / OWN_CONTENT).is_file():
        return card
    from rtvc.parts import HUBERT, default_parts  # brings PyTorch

    return {**card, "content_file": str(default_parts().get(str(part), HUBERT).weights)}


def usable_device(wanted: str) -> str:
    """Return "cpu" or "cuda"; raises RtvcError where a graphics card is wanted and cannot be used."""
    import torch

    if wanted == "cuda" and not torch.cuda.is_available():
        reason = "this build of PyTorch has no CUDA" if torch.version.cuda is None else "PyTorch finds no usable card"
        raise RtvcError(f"device cuda cannot be used: {reason}; take auto or cpu")
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"
