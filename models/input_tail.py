"""The end of a stream's input, to be let through at another rate where nothing else can be made of it."""

import torch
from torch import Tensor

FRAME = 320
"""Samples of input for a frame."""
SIDE = 8
"""Samples on either side that a new one is made of."""


class InputTail:
    """What was heard and may still be wanted, at 16 kHz; what comes out has `frame` samples for 20 ms."""

    def __init__(self, frame: int) -> None:
        self._ratio = FRAME / frame
        self._samples = torch.zeros(0)
        self._first = 0

    def push(self, samples: Tensor) -> None:
        """Take samples [n]."""
        self._samples = torch.cat([self._samples, samples.cpu()])

    def forget(self, before: int) -> None:
        """Samples of the output before this one are not wanted any more."""
        count = min(max(int(before * self._ratio) - SIDE - self._first, 0), len(self._samples))
        self._samples = self._samples[count:].clone()
        self._first += count

    def span(self, start: int, stop: int) -> Tensor:
        """Output samples `start` to `stop` [1, 1, stop - start], by windowed sines; beyond the ends is silence."""
        places = torch.arange(start, stop, dtype=torch.float64) * self._ratio - self._first
        taps = places.floor().long()[:, None] + torch.arange(1 - SIDE, SIDE + 1)  # [m, 2 SIDE]
        distance = places[:, None] - taps
        weights = torch.sinc(distance) * torch.cos(distance * (torch.pi / 2 / (SIDE + 1))).square()
        is_there = (taps >= 0) & (taps < len(self._samples))
        heard = self._samples[taps.clamp(0, max(len(self._samples) - 1, 0))] * is_there
        return (heard * weights).sum(dim=1).float()[None, None]
