"""Running statistics for HuBERT's first norm, where speech is heard in windows.

The norm divides every filter of the first convolution by its loudness over the whole input. Windows of a stream differ
in what they hold, silence most of all; so a stream keeps one mean and variance per filter, which moves slowly, on
speech alone, and is the same for all of a window.
"""

from typing import Literal

import torch
from torch import Tensor

from models.hubert import ChannelStatistics

StatisticsMode = Literal["utterance", "window", "running", "frozen"]
"""Whose statistics: of the input at hand, be it a whole utterance or a window; of the stream's past; or fixed ones."""
MEMORY = 15.0
"""Seconds of speech that running statistics look back on."""


class RunningStatistics:
    """Mean and variance [C] of what was heard so far: all alike at first, then with a memory that fades.

    `heard` is how many seconds they rest on, `memory` at most. `start` are those of a microphone or of speech heard
    before, and count as `start_heard` seconds.
    """

    def __init__(
        self, memory: float = MEMORY, start: ChannelStatistics | None = None, start_heard: float = MEMORY
    ) -> None:
        self.memory, self.heard = memory, 0.0
        self._moments: tuple[Tensor, Tensor] | None = None
        if start is not None:
            self.update(start, min(start_heard, memory))

    def update(self, piece: ChannelStatistics, seconds: float) -> None:
        """Take in the statistics of a piece of speech; what is no speech should not be given."""
        self.heard = min(self.heard + seconds, self.memory)
        share = min(seconds / self.heard, 1.0) if self.heard else 1.0
        new = (piece.mean, piece.variance + piece.mean.square())
        old = self._moments or new
        self._moments = torch.lerp(old[0], new[0], share), torch.lerp(old[1], new[1], share)

    def to_processor(self) -> None:
        """Keep them in the processor's memory."""
        if self._moments is not None:
            self._moments = self._moments[0].cpu(), self._moments[1].cpu()

    @property
    def statistics(self) -> ChannelStatistics | None:
        """What holds now; None before anything was heard."""
        if self._moments is None:
            return None
        mean, square = self._moments
        return ChannelStatistics(mean, (square - mean.square()).clamp(min=0.0))


class StreamStatistics:
    """What the norm is given for each window of a stream, by mode; None lets it take its input's own.

    Raises ValueError where the mode is frozen and there is nothing to hold on to.
    """

    def __init__(
        self, mode: StatisticsMode = "running", start: ChannelStatistics | None = None, memory: float = MEMORY
    ) -> None:
        if mode == "frozen" and start is None:
            raise ValueError("frozen statistics need those they are frozen at")
        self.mode = mode
        self._running = RunningStatistics(memory, start)

    def update(self, piece: ChannelStatistics, seconds: float) -> None:
        """Take in a piece of speech; only a running mode does."""
        if self.mode == "running":
            self._running.update(piece, seconds)

    def to_processor(self) -> None:
        """Keep them in the processor's memory."""
        self._running.to_processor()

    @property
    def current(self) -> ChannelStatistics | None:
        """What to give the norm for all of the next window."""
        return self._running.statistics if self.mode in {"running", "frozen"} else None
