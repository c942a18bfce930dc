"""Which of what was measured a voice should use, and why, in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from rtvc.calibration.codes import RUNNING, Agreement
from rtvc.calibration.streams import Streamed
from rtvc.calibration.texts import TextChoice, TextFigures

WANTED_AGREEMENT = 0.90
MOST_MEL = 0.15
"""Of the distance between two whole conversions that differ by their noise alone."""
MOST_LOAD = 0.9
NEARLY = 0.02
"""Less than this is chance, with as few codes and seconds as are measured."""
MOST_BABBLE = -20.0
"""Decibels below speech that a quiet room may become."""
TRUST = ("mean", "const", "none")
"""Text modes for live use, the best understood one first; phones of a recording are no use for another."""


@dataclass(frozen=True)
class Choice:
    """One decision and its reason."""

    value: str
    reason: str


def choose_left(agreements: Sequence[Agreement]) -> tuple[float, Choice]:
    """Return the shortest past that hears nearly as well as the best one."""
    means = {left: _mean_share(agreements, left) for left in sorted({one.left for one in agreements})}
    best = max(means.values())
    left = next(left for left, share in means.items() if share >= best - NEARLY)
    others = ", ".join(f"{share:.0%} with {one:g} s" for one, share in means.items() if one != left)
    return left, Choice(f"{left:g} s of past", f"{means[left]:.0%} of codes as in the whole ({others})")


def choose_preset(streams: Sequence[Streamed], agreements: Sequence[Agreement], left: float) -> Choice:
    """Return the preset of the least delay that is good enough and fast enough here; else what comes nearest."""
    fast = [one for one in streams if one.load < MOST_LOAD]
    if not fast:
        lightest = min(streams, key=lambda one: one.load)
        return Choice(lightest.preset, f"too slow here, as all are, but the lightest (load {lightest.load:.0%})")
    heard = _mean_share(agreements, left)
    good = [one for one in fast if one.mel <= MOST_MEL] if heard >= WANTED_AGREEMENT else []
    if good:
        quick = min(good, key=lambda one: one.delay)
        return Choice(
            quick.preset, f"the least delay with a distance of {quick.mel:.0%} and a load of {quick.load:.0%}"
        )
    nearest = min(fast, key=lambda one: (round(one.mel / NEARLY), one.delay))
    aims = f"{WANTED_AGREEMENT:.0%} of codes and a distance of {MOST_MEL:.0%}"
    reason = f"none of those fast enough here reaches {aims}; it comes nearest ({heard:.0%}, {nearest.mel:.0%})"
    return Choice(nearest.preset, reason)


def choose_text(figures: Sequence[TextFigures]) -> tuple[TextChoice, Choice]:
    """Return what a live voice is told of words: what sounds like the speaker, keeps what is said, does not babble."""
    usable = [one for one in figures if one.choice.mode in TRUST]
    quiet = [one for one in usable if one.babble <= MOST_BABBLE]
    if quiet:
        pool, words = quiet, "a quiet room stays quiet"
    else:
        least = min(one.babble for one in usable)
        pool, words = (
            [one for one in usable if one.babble <= least + 3],
            "none keeps a quiet room quiet, it nearly best",
        )
    best = max(map(_score, pool))
    near = [one for one in pool if _score(one) >= best - NEARLY]
    chosen = min(near, key=lambda one: (TRUST.index(one.choice.mode), -_score(one)))
    told = f"similarity {chosen.similarity:.2f}, content kept {chosen.kept:.2f}, babble {chosen.babble:.0f} dB; {words}"
    return chosen.choice, Choice(chosen.choice.label, told)


def _score(one: TextFigures) -> float:
    return one.similarity + one.kept + (one.speaker or 0.0)


def _mean_share(agreements: Sequence[Agreement], left: float) -> float:
    """Agreement of live statistics with so much past, over all futures."""
    shares = [one.share for one in agreements if one.left == left and one.statistics == RUNNING]
    return sum(shares) / len(shares)
