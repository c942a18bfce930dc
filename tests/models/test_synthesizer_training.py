"""A step of training computes what the reference computes, and what is frozen does not learn."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from models.construction import unfilled
from models.synthesis_losses import divergence
from models.synthesizer import VERSIONS, Synthesizer, SynthesizerConfig, TrainingOutput, slices
from tests.filling import fill
from tests.small_synthesizer import SMALL

DATA = Path(__file__).resolve().parents[1] / "data"


def read(name: str) -> dict[str, Tensor]:
    with np.load(DATA / name) as file:
        return {key: torch.from_numpy(file[key]) for key in file}


@torch.inference_mode()
@pytest.mark.parametrize("version", ["v2", "v2Pro"])
def test_training_forward_is_that_of_the_reference(version: str) -> None:
    given, wanted = read("training_inputs.npz"), read(f"training_{version}.npz")
    model = unfilled(Synthesizer, VERSIONS[version]).eval()
    fill(model)

    out = model(
        given["ssl"],
        given["spec"],
        given["spec_lengths"],
        given["text"],
        given["text_lengths"],
        speaker=given["sv"] if model.config.has_speaker_verification else None,
        noise=given["noise_q"],
        draws=torch.tensor([0.5, 0.2]),
    )

    assert torch.equal(out.starts, given["ids"])
    assert torch.equal(out.mask, given["mask"])
    assert float(out.commitment) == 0.0
    torch.testing.assert_close(out.quantised.repeat_interleave(2, dim=-1)[:, 0], given["quantized_first_channel"])
    torch.testing.assert_close(out.wav, wanted["o"], atol=2e-4, rtol=0)
    for name in ("z", "z_p", "m_p", "logs_p", "m_q", "logs_q"):
        torch.testing.assert_close(getattr(out, name)[:, ::6], wanted[name], atol=2e-4, rtol=0, msg=name)
    loss = divergence(out.z_p, out.logs_q, out.m_p, out.logs_p, out.mask)
    torch.testing.assert_close(loss, wanted["kl"], atol=0, rtol=1e-4)


def step(config: SynthesizerConfig) -> tuple[Synthesizer, TrainingOutput]:
    torch.manual_seed(0)
    model, ssl = Synthesizer(config).train(), torch.randn(2, config.ssl_dim, 20)
    spectrogram, lengths = torch.rand(2, 33, 20), torch.tensor([20, 14])
    out = model(ssl, spectrogram, lengths, torch.randint(10, (2, 5)), torch.tensor([5, 3]))
    kl = divergence(out.z_p, out.logs_q, out.m_p, out.logs_p, out.mask)
    (out.wav.square().mean() + kl + out.commitment).backward()
    return model, out


def test_all_but_the_frozen_quantiser_learns() -> None:
    model, out = step(SMALL)

    idle = {name for name, value in model.named_parameters() if value.grad is None}
    assert idle == {"ssl_proj.weight", "ssl_proj.bias"}
    assert not model.quantizer.training
    assert model.enc_p.training
    assert out.wav.shape == (2, 1, 64)


def test_a_quantiser_that_is_not_frozen_learns_too() -> None:
    model, out = step(replace(SMALL, freeze_quantizer=False))

    assert all(value.grad is not None for value in model.parameters())
    assert float(out.commitment.detach()) > 0.0
    assert float(model.quantizer.state_dict()["vq.layers.0._codebook.inited"]) == 1.0


def test_pieces_lie_within_the_speech() -> None:
    model, lengths = Synthesizer(SMALL), torch.tensor([8, 9, 30])

    starts = model._starts(lengths, torch.full((3,), 0.9999))

    assert starts.tolist() == [0, 1, 22]
    ramp = torch.arange(60.0).view(1, 2, 30)
    assert torch.equal(slices(ramp, torch.tensor([3]), 4), ramp[:, :, 3:7])


def test_a_synthesizer_without_posterior_is_not_trained() -> None:
    model = Synthesizer(SMALL, has_posterior=False)

    with pytest.raises(ValueError, match="without its posterior encoder"):
        model(*[torch.zeros(0)] * 5)
