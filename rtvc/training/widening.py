"""A generator's weights at another rate: what a new voice takes over from one whose recordings had another bandwidth.

Only the output layer knows the rate: it has three rows (comb, phase, hiss) for every frequency of a filter. Frequencies
lie 33.3 Hz apart at every rate, and the sources are as strong per Hz, so the rows of those that both rates have are
taken over as they are, and the generator sounds as it did. At a higher rate this goes for the lower 93 % of them: above
that the old recordings were cut off by their rate. From there on rows begin as copies of one a little below, with gains
that fall as the spectra of speech do.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

from models.generator_sizes import WINDOW_FRAMES

OUTPUT_LAYER = ("leave.weight", "leave.bias")
KINDS = 3
GAINS = (0, 2)
"""Places of the comb's and the hiss's logarithms of gain among the kinds of rows."""
KEPT, MODEL = 0.93, 0.9
"""Parts of the old limit up to which rows are taken over, and where the row lies that those above are copies of."""
FALL = 2.0
"""Fall of the amplitude above that, as a power of frequency: 12 dB an octave."""


def rate_of(weights: Mapping[str, Tensor]) -> int:
    """Samples per second of the generator that has these weights."""
    bins = len(weights["leave.bias"]) // KINDS
    return 2 * (bins - 1) * 100 // WINDOW_FRAMES


def at_rate(weights: Mapping[str, Tensor], rate: int) -> dict[str, Tensor]:
    """Return the state of a generator of another `rate`, everything but its output layer unchanged."""
    bins = WINDOW_FRAMES * rate // 200 + 1
    return {
        name: _rows(value, bins, name.endswith("bias")) if name in OUTPUT_LAYER else value
        for name, value in weights.items()
    }


def _rows(value: Tensor, bins: int, is_bias: bool) -> Tensor:
    """Rows of the output layer [3 * old, ...] -> [3 * bins, ...]."""
    rows = value.unflatten(0, (KINDS, -1))
    old = rows.shape[1]
    if bins <= old:
        return rows[:, :bins].flatten(0, 1).clone()
    kept, model = round(KEPT * (old - 1)), round(MODEL * (old - 1))
    above = rows[:, model : model + 1].repeat_interleave(bins - kept, dim=1)
    if is_bias:
        above[list(GAINS)] -= FALL * torch.log(torch.arange(kept, bins) / model).to(value)
    return torch.cat([rows[:, :kept], above], dim=1).flatten(0, 1)
