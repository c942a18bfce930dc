"""What the content encoder learns from: known phones, a mean teacher, masked units, each with its weight.

Recordings without phones teach too, by a mean teacher (Tarvainen and Valpola 2017): the slowly averaged encoder
hears each crop as it is and with the longest look-ahead, and the encoder, which hears it through another vocal
tract, room, microphone and noise, is drawn to the teacher's phones and, on all recordings, to its content.
Masked prediction is another way to learn without phones, before or beside them.
"""

import copy
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models.content import ContentEncoder
from rtvc.training.content_batches import Batch
from rtvc.training.loop import follow
from rtvc.training.masked import Units, guessed, hide, layers

PEAK_RATE = 1.2e-3
LOOK_AHEADS = (0, 1, 2, 3, 4)
TAUGHT_PHONES_WEIGHT, TAUGHT_CONTENT_WEIGHT = 0.25, 0.3


class Objective(NamedTuple):
    """What the encoder learns from: the weights of its losses, and the share of the frames hidden from it."""

    phones: float = 0.0
    teacher: float = 0.0
    units: float = 0.0
    hidden: float = 0.0


OBJECTIVES = {
    "taught": Objective(phones=1.0, teacher=1.0),
    "phones": Objective(phones=1.0),
    "mixed": Objective(phones=1.0, units=0.3, hidden=0.25),
    "masked": Objective(units=1.0, hidden=0.5),
}


class Lesson:
    """The encoder with all that teaches it; `parts` are to be saved."""

    def __init__(self, encoder: ContentEncoder, objective: Objective, units: Units | None) -> None:
        self.encoder, self.objective, self.units = encoder, objective, units
        self.teacher = copy.deepcopy(encoder).requires_grad_(False)
        self.parts: dict[str, Any] = {"encoder": encoder, "teacher": self.teacher}
        if units:
            self.head = nn.Linear(encoder.config.width, units.count, device=encoder.norm.weight.device)
            self.parts["head"] = self.head
        self.optimisers = make_optimisers(encoder, self.parts.get("head"))
        self.parts |= self.optimisers

    def losses(self, batch: Batch, hidden: Tensor, look_ahead: int) -> dict[str, tuple[float, Tensor]]:
        """Weight and value of each loss by its name; frames in `hidden` [B, T] are guessed unheard."""
        aim = self.objective
        found: dict[str, tuple[float, Tensor]] = {}
        with torch.autocast(batch.mel.device.type, torch.bfloat16):
            *_, last = layers(self.encoder, hide(batch.mel, hidden), look_ahead)
            content = self.encoder.described(last)
            scores = self.encoder.phones(content)
            if aim.phones:
                found["loss"] = aim.phones, _unlikely(scores, batch.labels.masked_fill(hidden, -1))
            if aim.teacher:
                phones, distance = taught(scores, content, self.teacher, batch)
                found["phones"] = aim.teacher * TAUGHT_PHONES_WEIGHT, phones
                found["distance"] = aim.teacher * TAUGHT_CONTENT_WEIGHT, distance
            if self.units:
                guesses = self.head(self.encoder.norm(last))
                units, right = guessed(guesses, self.units(batch.clean), hidden, batch.closed)
                found |= {"units": (aim.units, units), "right": (0.0, right)}
        return found

    def learn(self, losses: dict[str, tuple[float, Tensor]], rate: float, keep: float) -> None:
        """Take one step down the weighted losses, and let the teacher follow."""
        for optimiser in self.optimisers.values():
            optimiser.zero_grad()
        torch.stack([weight * value for weight, value in losses.values()]).sum().backward()
        torch.nn.utils.clip_grad_norm_(self.encoder.parameters(), 1.0)
        for optimiser in self.optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
        follow(self.teacher, self.encoder, keep)


def _unlikely(scores: Tensor, labels: Tensor) -> Tensor:
    """Mean cross entropy of scores [B, T, P] with labels [B, T] where they are known."""
    total = F.cross_entropy(scores.flatten(0, 1).float(), labels.flatten(), ignore_index=-1, reduction="sum")
    return total / (labels >= 0).sum().clamp(min=1)


def taught(scores: Tensor, content: Tensor, teacher: ContentEncoder, batch: Batch) -> tuple[Tensor, Tensor]:
    """What the teacher asks for: cross entropy with its phones where none are known, and the distance to its content.

    scores [B, T, P] and content [B, T, C] are the encoder's; a frame counts as much as the teacher is sure of it.
    """
    with torch.no_grad():
        wanted = teacher.features(batch.clean, max(LOOK_AHEADS))
        phones = teacher.phones(wanted).float().softmax(-1)
    sure = phones.amax(-1)
    unknown = (batch.labels == -1) & ~batch.closed
    unlikely = -(phones * scores.float().log_softmax(-1)).sum(-1)
    distance = (content.float() - wanted.float()).square().mean(-1)
    heard = ~batch.closed
    return (
        (unlikely * sure * unknown).sum() / unknown.sum().clamp(min=1),
        (distance * sure * heard).sum() / heard.sum().clamp(min=1),
    )


def make_optimisers(encoder: ContentEncoder, head: nn.Module | None = None) -> dict[str, torch.optim.Optimizer]:
    """Muon (Jordan et al. 2024) for the encoder's matrices, AdamW for the rest.

    From the same checkpoint Muon's loss was 1.465 after 50 steps where AdamW's stayed at 1.52.
    """
    matrices = [p for p in encoder.parameters() if p.ndim == 2 and min(p.shape) > 8]
    others = [p for p in encoder.parameters() if not (p.ndim == 2 and min(p.shape) > 8)]
    others += list(head.parameters()) if head else []
    return {
        "muon": torch.optim.Muon(matrices, lr=PEAK_RATE, weight_decay=0.01, adjust_lr_fn="match_rms_adamw"),
        "adamw": torch.optim.AdamW(others, lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01),
    }
