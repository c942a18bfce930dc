"""The judges that are installed, and what they think of a converted recording."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from rtvc.judging.words import agreement
from rtvc.resample import Samples

Judge = TypeVar("Judge")

HOW_TO_GET = (
    'for likeness, cleanness and words by independent judges: pip install "rtvc[evaluate]" and '
    "pip install --no-deps resemblyzer==0.1.4"
)


@dataclass(frozen=True)
class Opinion:
    """What the judges think of a conversion; None where a judge is missing.

    `similarity` and `similarity_to_source` are cosines with the speaker and with the one who spoke (the same speaker:
    .8 and more), `dnsmos` an opinion from 1 to 5, `words` the share of the source's words that are recognised in it.
    """

    similarity: float | None = None
    similarity_to_source: float | None = None
    dnsmos: float | None = None
    words: float | None = None


@dataclass(frozen=True)
class Judges:
    """Judges of samples [n] at 16 kHz: a unit vector of the voice, an opinion from 1 to 5, the words; None: missing."""

    embed: Callable[[Samples], Samples] | None = None
    rate: Callable[[Samples], float] | None = None
    recognise: Callable[[Samples], list[str]] | None = None

    @property
    def are_complete(self) -> bool:
        """Whether all of them are here."""
        return None not in (self.embed, self.rate, self.recognise)

    def opinion(self, source: Samples, converted: Samples, speaker: Samples) -> Opinion:
        """Compare a conversion [n] with what was spoken [n] and with recordings of the speaker [m]."""
        similarity = similarity_to_source = dnsmos = words = None
        if self.embed is not None:
            made = self.embed(converted)
            similarity, similarity_to_source = (float(np.dot(made, self.embed(x))) for x in (speaker, source))
        if self.rate is not None:
            dnsmos = self.rate(converted)
        if self.recognise is not None:
            words = agreement(self.recognise(source), self.recognise(converted))
        return Opinion(similarity, similarity_to_source, dnsmos, words)


def installed_judges() -> Judges:
    """Return the judges whose packages are installed and usable."""
    return Judges(_speaker(), _quality(), _words())


def _speaker() -> Callable[[Samples], Samples] | None:
    from rtvc.judging.speaker import SpeakerJudge

    folder = _folder("resemblyzer")
    return _or_none(lambda: SpeakerJudge(folder).embed) if folder else None


def _quality() -> Callable[[Samples], float] | None:
    from rtvc.judging.quality import QualityJudge

    folder = _folder("speechmos")
    return _or_none(lambda: QualityJudge(folder).rate) if folder else None


def _words() -> Callable[[Samples], list[str]] | None:
    from rtvc.judging.words import WordsJudge

    return _or_none(lambda: WordsJudge().recognise)


def _folder(package: str) -> Path | None:
    """Where a package lies, without importing it."""
    found = importlib.util.find_spec(package)
    return Path(found.submodule_search_locations[0]) if found and found.submodule_search_locations else None


def _or_none(make: Callable[[], Judge]) -> Judge | None:
    try:
        return make()
    except Exception:  # noqa: BLE001 - other versions of foreign packages raise all kinds; the judge is not there then
        return None
