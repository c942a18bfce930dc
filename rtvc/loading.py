"""From a voice on disk to a network in memory."""

import torch

from models.base import VoiceModel
from models.registry import load_voice
from rtvc.errors import RtvcError
from rtvc.library import Voice


def load_model(voice: Voice, device: str, threads: int) -> VoiceModel:
    """Return the model of a voice, computed by `device` ("auto", "cpu" or "cuda") with that many processor threads.

    The number of threads counts for the whole process. Raises ModelError or RtvcError in one sentence.
    """
    torch.set_num_threads(threads)
    return load_voice(voice.card, voice.weights, usable_device(device))


def usable_device(wanted: str) -> str:
    """Return "cpu" or "cuda"; raises RtvcError where a graphics card is wanted and cannot be used."""
    if wanted == "cuda" and not torch.cuda.is_available():
        reason = "this build of PyTorch has no CUDA" if torch.version.cuda is None else "PyTorch finds no usable card"
        raise RtvcError(f"device cuda cannot be used: {reason}; take auto or cpu")
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"
