"""What is said: English words by the recogniser PocketSphinx with the model that comes with it."""

import importlib
from typing import Any

import numpy as np

from rtvc.resample import Samples

LOUDEST = 32767


class WordsJudge:
    """Words of recordings. It mishears some of what is clean, so only two answers of its own are to be compared."""

    def __init__(self) -> None:
        """Open the recogniser; ImportError or RuntimeError where it is missing or damaged."""
        pocketsphinx: Any = importlib.import_module("pocketsphinx")
        self._decoder = pocketsphinx.Decoder(samprate=16_000, loglevel="FATAL")

    def recognise(self, samples: Samples) -> list[str]:
        """Samples [n] at 16 kHz -> words."""
        pcm = (np.clip(samples, -1.0, 1.0) * LOUDEST).astype("<i2").tobytes()
        self._decoder.start_utt()
        self._decoder.process_raw(pcm, full_utt=True)
        self._decoder.end_utt()
        found = self._decoder.hyp()
        return found.hypstr.split() if found else []


def agreement(wanted: list[str], heard: list[str]) -> float:
    """Return the share of words, from 0 to 1, that are not replaced, lost or added (Levenshtein 1966)."""
    costs = list(range(len(heard) + 1))
    for i, word in enumerate(wanted, 1):
        diagonal, costs[0] = costs[0], i
        for j, other in enumerate(heard, 1):
            diagonal, costs[j] = costs[j], min(costs[j] + 1, costs[j - 1] + 1, diagonal + (word != other))
    return max(1.0 - costs[-1] / max(len(wanted), 1), 0.0)
