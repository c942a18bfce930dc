"""Sizes of the content encoder and of what it hears, for those who do without its network."""

from dataclasses import dataclass

RATE = 16000
MEL_HOP = 160
MEL_WINDOW = 400
FFT_SIZE = 512
MEL_BINS = 80
POWER_BINS = FFT_SIZE // 2 + 1
STEP = 2 * MEL_HOP
"""Samples of one content frame (20 ms)."""


@dataclass(frozen=True)
class ContentConfig:
    """Sizes of the encoder; written into the checkpoint's metadata."""

    width: int = 192
    heads: int = 4
    feed_forward: int = 768
    blocks: int = 5
    kernel: int = 9
    left: int = 48
    max_right: int = 4
    content: int = 96
    phones: int = 40


def spread(look_ahead: int, blocks: int) -> tuple[int, ...]:
    """Split a look-ahead in frames over the blocks, first blocks first."""
    return tuple(look_ahead // blocks + (i < look_ahead % blocks) for i in range(blocks))
