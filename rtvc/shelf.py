"""What is loaded stays loaded: the model of the voice that was wanted last."""

import gc
import importlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from rtvc.child import give_way, settle
from rtvc.library import Voice

LOADING_NICENESS = 10


class Shelf:
    """Holds one model, for a process that may need it again."""

    def __init__(self) -> None:
        self._model: Any = None
        self._wanted: tuple[Any, ...] | None = None

    def model(self, voice: Voice, device: str, threads: int, loader: str, gives_way: bool = False) -> Any:
        """Return the model of a voice, loaded unless it is the one from before; RtvcError or ModelError.

        `loader` names the function `module:function` that makes it of (voice, device, threads). `gives_way` tells
        that another voice speaks meanwhile, which loading must not disturb.
        """
        changed_at = voice.weights.stat().st_mtime_ns if voice.weights is not None and voice.weights.exists() else 0
        wanted = (voice, changed_at, device, threads, loader)
        if wanted != self._wanted:
            self._drop()
            self._model = _loaded(voice, device, threads, loader, gives_way)
            self._wanted = wanted
        return self._model

    def _drop(self) -> None:
        if self._wanted is not None:
            self._model = self._wanted = None
            gc.unfreeze()
            settle()


def _loaded(voice: Voice, device: str, threads: int, loader: str, gives_way: bool) -> Any:
    """Load in a thread of its own: once a thread has given way it may not be allowed back."""

    def load() -> Any:
        if gives_way:
            give_way(LOADING_NICENESS)
        module, _, function = loader.partition(":")
        return getattr(importlib.import_module(module), function)(voice, device, threads)

    gc.disable()  # libraries make many objects at once, and all of them stay
    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(load).result()
    finally:
        gc.enable()
