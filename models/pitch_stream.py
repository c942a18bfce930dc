"""The pitch tracker over a stream: two frames at a time."""

from collections.abc import Sequence
from typing import NamedTuple, cast

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.compiled import Array, Step
from models.frames import as_matrix, power_spectra, unfolded
from models.pitch import (
    BINS,
    BINS_PER_OCTAVE,
    FFT_SIZE,
    HOP,
    LOOK_AHEAD,
    LOW_BINS,
    LOWEST_HZ,
    NEAR,
    RATE,
    WINDOW,
    PitchTracker,
    Residual,
)

FRAMES = 2
POWER_BINS = FFT_SIZE // 2 + 1
PLACES = np.arange(BINS, dtype=np.float32)


class Track(NamedTuple):
    """A piece of a pitch track at 100 Hz: F0 in Hz and the probability that the frame is voiced, [T] each."""

    hertz: Array
    voicing: Array


class ResidualStep(nn.Module):
    """`Residual` for two frames."""

    def __init__(self, residual: Residual) -> None:
        super().__init__()
        self.residual = residual
        self.weight, self.bias = as_matrix(residual.convolution.weight), residual.convolution.bias

    def push(self, x: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """[2, C] and past [2, C] -> [2, C] and the new past."""
        past = torch.cat([past, self.residual.norm(x)])
        mixed = F.linear(unfolded(past, 3, FRAMES), self.weight, self.bias)
        return x + self.residual.out(F.gelu(mixed)), past


class PitchStep(nn.Module):
    """Two frames of the tracker with a flat state of constant shape.

    From a power spectrum to the correlation at the candidates it is one product of matrices, so that no spectrum has
    to go back; the lower band has few bins.
    """

    def __init__(self, tracker: PitchTracker) -> None:
        super().__init__()
        self.tracker = tracker
        self.blocks = nn.ModuleList(ResidualStep(cast(Residual, block)) for block in tracker.blocks)
        self.whole = tracker.correlations()
        self.low = self.whole[:LOW_BINS] * tracker.low_band[:LOW_BINS, None]

    def initial_state(self) -> list[Tensor]:
        """Return the pasts before the first frame."""
        return [cast(Residual, block).convolution.initial_state(1)[0].T.contiguous() for block in self.tracker.blocks]

    def push_flat(self, inputs: Sequence[Tensor], state: Sequence[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
        """Power spectra [2, 1025] -> scores [2, 146]."""
        x, after = self.tracker.entered(self.describe(inputs[0])), []
        for block, past in zip(self.blocks, state, strict=True):
            x, line = cast(ResidualStep, block).push(x, past)
            after.append(line)
        return [self.tracker.left(x)], after

    def describe(self, power: Tensor) -> Tensor:
        """Power spectra [2, 1025] -> features [2, 291]."""
        whole, energy = (power @ self.whole).split([BINS, 1], dim=-1)
        low, low_energy = (power[:, :LOW_BINS] @ self.low).split([BINS, 1], dim=-1)
        level = (torch.log10(energy + 1e-7) + 3.0) / 2.0
        return torch.cat([whole / (energy + 1e-7), low / (low_energy + 1e-7), level], dim=-1)


class PitchStream:
    """The tracker over a stream of 20 ms steps; equal to `PitchTracker.forward`."""

    delay = LOOK_AHEAD / RATE

    def __init__(self, tracker: PitchTracker, step: Step) -> None:
        self._window, self._step = tracker.window.cpu().numpy(), step
        self.reset()

    def reset(self) -> None:
        """Forget everything heard."""
        self._step.reset()
        self._samples = np.zeros(WINDOW + HOP, np.float32)
        self._is_first = True

    def push(self, samples: Array) -> Track | None:
        """Samples [320] -> pitch of the two frames whose windows are complete; None for the first step."""
        self._samples = np.concatenate([self._samples[FRAMES * HOP :], samples])
        if self._is_first:
            self._is_first = False
            return None
        return decide(self._step.run(self._power(self._samples))[0])

    def guess(self) -> Track:
        """Return the pitch of the last two frames that were pushed, as if silence came after them.

        Their windows reach 10 and 20 ms further: of speech, voicing is right in 99 and 93 % of them, and F0 differs by
        0.02 and 0.1 semitones from what `push` will say.
        """
        padded = np.concatenate([self._samples[FRAMES * HOP :], np.zeros(FRAMES * HOP, np.float32)])
        return decide(self._step.peek(self._power(padded))[0])

    def _power(self, samples: Array) -> Array:
        return power_spectra(samples, self._window, HOP, FFT_SIZE, is_centred=True)


def decide(scores: Array) -> Track:
    """`PitchTracker.decide`: scores [T, 146] -> pitch."""
    hertz = [_hertz_of(row) for row in scores[:, :BINS]]
    voicing: Array = np.reciprocal(1 + np.exp(-scores[:, BINS]))
    return Track(np.array(hertz, np.float32), voicing)


def _hertz_of(weights: Array) -> float:
    best = int(weights.argmax())
    first = max(best - NEAR, 0)
    near = np.exp(weights[first : best + NEAR + 1] - weights[best])
    step = float(near @ PLACES[first : first + len(near)] / np.add.reduce(near))
    return LOWEST_HZ * 2 ** (step / BINS_PER_OCTAVE)
