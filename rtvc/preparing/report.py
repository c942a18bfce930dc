"""What recordings are worth as the material of a voice: numbers, what they warn of, and what to expect of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.generator_sizes import RATES
from rtvc.preparing.bandwidth import rate_for

MOST_SPEECH_S = 3600.0
"""More speech than this teaches a small generator nothing in minutes; an even choice of it is taken."""
LEAST_SPEECH_S = 30.0
TONAL = 0.12
"""Flatness of a background under which it has a pitch: a chord has .04, noise .45, eight speakers' rooms .24-.43."""
APART = 4.5
"""Eight single speakers had 2.3 to 3.7 between the halves of their pieces, mixtures of the sexes 6.2 to 12."""


class Expected(NamedTuple):
    """What so much speech is good for."""

    seconds: float
    words: str


EXPECTATIONS = (
    Expected(1200.0, "very good: as much as the shipped voices' kind of recordings needs"),
    Expected(300.0, "good: after ten minutes of training the speaker is recognised and understood"),
    Expected(180.0, "usable: the speaker is recognised, some sounds are rough"),
    Expected(60.0, "a sketch: like the speaker, but rough, and unlike them in sounds they hardly made"),
    Expected(0.0, "a try: too little for more than the colour of the voice"),
)
"""After this project's trials: 3 to 5 minutes made a usable decoder (similarity .85, word error 8 %, one speaker,
studio sound); the steps below and above them are estimates. Noise, rooms and second speakers lower every step."""


@dataclass(frozen=True)
class Report:
    """Figures of a set of recordings; seconds, dB, shares from 0 to 1, Hz.

    `speech_s` is all speech found, of which `training_s` are learned from and `held_back_s` only scored with.
    `background_flatness` is low where what is behind the speech has a pitch, as music has; `pitch_spread` is the
    standard deviation of the pieces' mean F0 in semitones; `two_voices` is how far two groups of pieces are apart in
    units of their own width, and `hertz` the mean F0 of each group. Most of the speech reaches `bandwidth_hz`, which
    with the user's wish decides the `rate` of the voice.
    """

    recordings: int
    seconds: float
    speech_s: float
    training_s: float
    held_back_s: float
    clipped: float
    level_db: float
    signal_to_noise_db: float
    background_db: float
    background_flatness: float
    voiced: float
    mean_hz: float
    pitch_spread: float
    two_voices: float
    two_hertz: tuple[float, float]
    bandwidth_hz: float
    rates: tuple[int, ...]
    unreadable: tuple[str, ...] = ()
    left_out_s: float = 0.0
    voiceless_s: float = 0.0
    rate: int = RATES[0]

    @property
    def expectation(self) -> str:
        """What to expect of a voice made from so much speech."""
        return next(words for seconds, words in EXPECTATIONS if self.training_s + self.held_back_s >= seconds)

    @property
    def rate_words(self) -> str:
        """At which rate the voice is made, and why."""
        reach, rate, served = self.bandwidth_hz / 1000, self.rate / 1000, rate_for(self.bandwidth_hz) / 1000
        if rate == served:
            return f"{rate:g} kHz, for most of the speech reaches {reach:.1f} kHz"
        return f"{rate:g} kHz as wished; most of the speech reaches {reach:.1f} kHz, for which {served:g} kHz serve"

    @property
    def warnings(self) -> list[str]:
        """What may spoil the voice, each in a sentence with its number."""
        return [sentence for is_so, sentence in self._doubts() if is_so]

    def _doubts(self) -> list[tuple[bool, str]]:
        is_loud_behind = self.background_db > -65.0 and self.signal_to_noise_db < 25.0
        is_tonal = self.background_flatness < TONAL
        return [
            *((True, sentence) for sentence in self.unreadable),
            (
                self.training_s < 180.0,
                f"only {self.training_s:.0f} s of speech to learn from; 3 to 5 minutes do better",
            ),
            (self.left_out_s > 0, f"{self.left_out_s / 60:.0f} minutes of the speech were left out, more than an hour"),
            (self.voiceless_s > 1.0, f"{self.voiceless_s:.0f} s are sound but no voice, and were left out"),
            (self.clipped > 1e-4, f"{100 * self.clipped:.2g} % of the samples are clipped; record at a lower level"),
            (self.level_db < -42.0, f"speech is quiet, {self.level_db:.0f} dBFS; record closer or louder"),
            (
                is_loud_behind and is_tonal,
                f"there seems to be music behind the speech, only {self.signal_to_noise_db:.0f} dB below it",
            ),
            (
                is_loud_behind and not is_tonal,
                f"steady noise is only {self.signal_to_noise_db:.0f} dB below the speech; the voice will learn it",
            ),
            (self.voiced < 0.25, f"only {100 * self.voiced:.0f} % is voiced: this may be whisper, or no speech"),
            (
                self.two_voices > APART,
                f"there may be two speakers, around {self.two_hertz[0]:.0f} and {self.two_hertz[1]:.0f} Hz "
                f"({self.two_voices:.1f} times their own width apart); a voice needs recordings of one",
            ),
            (
                self.bandwidth_hz < 6500.0,
                f"nothing is heard above {self.bandwidth_hz / 1000:.1f} kHz, as over a telephone; so will the voice be",
            ),
        ]


def read_report(facts: Mapping[str, Any]) -> Report:
    """Return the report of which `asdict` was stored as JSON."""
    tupled: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in facts.items()}
    return Report(**tupled)
