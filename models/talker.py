"""The talker's pitch range, learned while listening, and the shift that moves it onto the target's."""

import math

from models.pitch_stream import Track

SURE = 0.6
"""Voicing probability from which a frame is counted."""
REMEMBERED_FRAMES = 1500
"""Weight of a range that is told in advance: 15 s of voice."""
LONGEST_FRAMES = 6000
"""The mean follows a new talker with a memory of 60 s of voice."""
STICK_SEMITONES = 0.75
"""The shift moves on only when the wanted one is this far away, so that it settles."""


class TalkerPitch:
    """Running mean of log F0 over voiced frames, and a shift in whole semitones that follows it."""

    def __init__(self, target_hz: float) -> None:
        self._target = math.log2(target_hz)
        self.reset()

    def reset(self, known_hz: float = 0.0) -> None:
        """Start anew; `known_hz` is the talker's mean F0 in Hz if an earlier session learned it."""
        self._mean = math.log2(known_hz) if known_hz > 0 else 0.0
        self._frames = REMEMBERED_FRAMES if known_hz > 0 else 0
        self._shift = 0.0
        if known_hz > 0:
            self._settle(0.0)

    @property
    def hertz(self) -> float:
        """Geometric mean of F0 in Hz so far; 0 if no voice was heard."""
        return float(2**self._mean) if self._frames else 0.0

    @property
    def shift(self) -> float:
        """The shift in semitones by now."""
        return self._shift

    def follow(self, track: Track) -> list[float]:
        """Learn from frames in their order; returns the shift in semitones for each of them."""
        shifts = []
        for hertz, voicing in zip(track.hertz.tolist(), track.voicing.tolist(), strict=True):
            if voicing > SURE:
                self._frames = min(self._frames + 1, LONGEST_FRAMES)
                self._mean += (math.log2(hertz) - self._mean) / self._frames
                self._settle(STICK_SEMITONES)
            shifts.append(self._shift)
        return shifts

    def _settle(self, stick: float) -> None:
        wanted = 12 * (self._target - self._mean)
        if abs(wanted - self._shift) > stick:
            self._shift = float(round(wanted))
