"""Two frames of the pitch tracker."""

from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.frames import as_matrix, unfolded
from models.pitch import PitchTracker, Residual
from models.pitch_sizes import BINS, FRAMES, LOW_BINS


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
