"""What trains a HuBERT: masked prediction of clusters (Hsu et al. 2021) and recognition with CTC (Graves et al. 2006).

The features that go in are those of `Hubert.hidden_states` after the last layer, [B, T, C].
"""

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SPAN = 10
"""Frames of one masked span."""
MASKED_SHARE = 0.8
"""Frames of all spans over those of the recording; as spans overlap, about half of the frames are masked."""
TEMPERATURE = 0.1
BLANK = 0
IGNORED = -100


def masked_frames(rows: int, frames: int, share: float = MASKED_SHARE, span: int = SPAN) -> Tensor:
    """Draw which frames are hidden from the encoder, as many in every row: [rows, frames], True where hidden."""
    count = int(share * frames / span + float(torch.rand(())))
    if frames <= span or count == 0:
        return torch.zeros(rows, frames, dtype=torch.bool)
    starts = torch.stack([torch.randperm(frames - span)[:count] for _ in range(rows)])
    places = (starts[..., None] + torch.arange(span)).flatten(1)
    masked = torch.zeros(rows, frames, dtype=torch.bool).scatter_(1, places, value=True)
    fewest = int(masked.sum(dim=1).min())
    lottery = torch.rand(rows, frames).masked_fill(~masked, -1.0)
    return torch.zeros_like(masked).scatter_(1, lottery.topk(fewest, dim=1).indices, value=True)


class PredictionHead(nn.Module):
    """How near a frame is to the vector of each cluster."""

    def __init__(self, width: int, clusters: int, inner: int = 256) -> None:
        super().__init__()
        self.final_proj = nn.Linear(width, inner)
        self.label_embeddings = nn.Parameter(torch.rand(clusters, inner))

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, C] -> logits [B, T, K], cosines over a temperature."""
        return F.normalize(self.final_proj(x), dim=-1) @ F.normalize(self.label_embeddings, dim=-1).T / TEMPERATURE


def prediction_loss(logits: Tensor, clusters: Tensor, masked: Tensor) -> Tensor:
    """Sum of cross-entropies over the masked frames: logits [B, T, K], clusters and mask [B, T] -> scalar."""
    return F.cross_entropy(logits[masked].float(), clusters[masked], reduction="sum")


class CtcHead(nn.Module):
    """Symbols of a text for every frame; symbol 0 is the blank."""

    def __init__(self, width: int, symbols: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.lm_head = nn.Linear(width, symbols)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, C] -> logarithms of probabilities [B, T, V], in single precision."""
        return cast(Tensor, self.lm_head(self.dropout(x))).float().log_softmax(dim=-1)


def ctc_loss(log_probabilities: Tensor, lengths: Tensor, labels: Tensor) -> Tensor:
    """Sum over rows of the negative logarithm of all ways to say the labels.

    [B, T, V], how many frames of each row count [B], and labels [B, S], of which those that are -100 do not count.
    """
    counts = (labels != IGNORED).sum(dim=1)
    return F.ctc_loss(
        log_probabilities.transpose(0, 1),
        labels.clamp(min=0),
        lengths,
        counts,
        blank=BLANK,
        reduction="sum",
        zero_infinity=True,
    )


def collapse(symbols: Tensor) -> list[int]:
    """The text that a path of symbols [T] stands for: repeats become one, then blanks go."""
    return [int(s) for s in symbols.unique_consecutive() if int(s) != BLANK]
