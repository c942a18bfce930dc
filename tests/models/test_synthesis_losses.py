"""Losses are those of the reference."""

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models.synthesis_losses import adversarial_loss, discriminator_loss, divergence, matching_loss, mel_loss

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture(scope="module")
def golden() -> dict[str, Tensor]:
    with np.load(DATA / "losses.npz") as file:
        return {key: torch.from_numpy(file[key]) for key in file}


def close(found: Tensor, wanted: Tensor) -> None:
    torch.testing.assert_close(found, wanted, atol=0, rtol=1e-5)


def test_every_loss_is_that_of_the_reference(golden: dict[str, Tensor]) -> None:
    true, made = (
        [
            (golden[f"d{side}0"], [golden[f"f{side}00"], golden[f"f{side}01"]]),
            (golden[f"d{side}1"], [golden[f"f{side}10"]]),
        ]
        for side in "rg"
    )
    latents = [golden[key] for key in ("z_p", "logs_q", "m_p", "logs_p", "mask")]

    close(discriminator_loss(true, made), golden["d_loss"])
    close(adversarial_loss(made), golden["g_loss"])
    close(matching_loss(true, made), golden["fm"])
    close(divergence(*latents), golden["kl"])


def test_recordings_are_not_learned_from() -> None:
    true, made = torch.rand(2, 3, requires_grad=True), torch.rand(2, 3, requires_grad=True)

    matching_loss([(true, [true])], [(made, [made])]).backward()

    assert true.grad is None
    assert made.grad is not None


def test_half_precision_is_summed_in_single() -> None:
    true, made = torch.zeros(1, 128, 32), torch.full((1, 128, 32), 3.0)

    loss = mel_loss(true.half(), made.half())

    assert loss.dtype == torch.float32
    close(loss, torch.tensor(135.0))
