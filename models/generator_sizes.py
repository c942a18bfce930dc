"""Sizes of the source-filter generator, for those who do without its network."""

import math
from dataclasses import dataclass

RATES = (16000, 24000, 32000, 48000)
"""Samples per second that a voice can have; a rate is whole where 10 ms are a whole number of samples."""
REFERENCE_RATE = RATES[0]
"""The rate at which both sources have unit power."""
WINDOW_FRAMES = 3
"""Frames of 10 ms in a window."""
BELOW_NYQUIST = 0.49
"""Highest harmonic, as a part of the rate."""
SOURCE_AHEAD = 2
"""Pitch frames after the current one that its window's source needs."""
LOUDEST = 4.0
"""Largest logarithm of a gain."""
VOICED = 0.5
"""Voicing probability from which F0 is taken as true."""


@dataclass(frozen=True)
class GeneratorConfig:
    """Sizes of the generator and the target's range; written into the checkpoint's metadata."""

    content: int = 96
    width: int = 256
    feed_forward: int = 768
    kernel: int = 7
    slow_blocks: int = 4
    fast_blocks: int = 3
    mean_hz: float = 150.0
    rate: int = REFERENCE_RATE

    @property
    def hop(self) -> int:
        """Samples of a frame of 10 ms."""
        return self.rate // 100

    @property
    def window(self) -> int:
        """Samples of the window of a frame, 30 ms."""
        return WINDOW_FRAMES * self.hop

    @property
    def bins(self) -> int:
        """Frequencies of a filter, 33.3 Hz apart from 0 to half the rate."""
        return self.window // 2 + 1

    @property
    def overhang(self) -> int:
        """Samples by which the window of a frame reaches past its end: the delay of the synthesis, 10 ms."""
        return (self.window - self.hop) // 2


def noise_level(rate: int) -> float:
    """Deviation of white noise that has unit power below 8 kHz."""
    return math.sqrt(rate / REFERENCE_RATE)
