"""The synthesizer computes what the reference computes, in all four versions and at every stage."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from models.checkpoint import load_strictly, read_tensors, write_tensors
from models.construction import unfilled
from models.synthesizer import VERSIONS, Synthesizer
from tests.filling import fill

DATA = Path(__file__).resolve().parents[1] / "data"


class Case(NamedTuple):
    model: Synthesizer
    given: dict[str, Tensor]
    wanted: dict[str, Tensor]
    references: list[tuple[Tensor, Tensor | None]]


def read(name: str) -> dict[str, Tensor]:
    with np.load(DATA / name) as file:
        return {key: torch.from_numpy(file[key]) for key in file}


@pytest.fixture(scope="module", params=list(VERSIONS))
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    model, given = unfilled(Synthesizer, VERSIONS[request.param]), read("synthesizer_inputs.npz")
    fill(model.eval())
    verified = model.config.has_speaker_verification
    references = [(given[f"spec{i}"][None], given[f"sv{i}"][None] if verified else None) for i in range(2)]
    with torch.inference_mode():
        yield Case(model, given, read(f"synthesizer_{request.param}.npz"), references)


def close(found: Tensor, wanted: Tensor, tolerance: float) -> None:
    torch.testing.assert_close(found, wanted, atol=tolerance, rtol=0)


def test_codes(case: Case) -> None:
    assert torch.equal(case.model.codes(case.given["ssl"][None]), case.given["codes_out"])


def test_style_of_references(case: Case) -> None:
    model, bins = case.model, case.model.config.reference_bins
    styles = [model.ref_enc(spectrogram[:, :bins]) for spectrogram, _ in case.references]
    mean = model.mean_style(case.references)

    close(styles[0], case.wanted["ref_enc0"], 1e-5)
    close(styles[1], case.wanted["ref_enc1"], 1e-5)
    close(mean, case.wanted["ge"], 1e-5)
    close(model.text_style(mean), case.wanted["ge_mrte"], 1e-5)


def test_every_stage_of_the_prior(case: Case) -> None:
    model, wanted, text = case.model, case.wanted, case.given["text"][None]
    quantised = model.quantised(case.given["codes_in"][None, None])
    encoder = model.enc_p

    content = encoder.encoder_ssl(encoder.ssl_proj(quantised))
    joined = encoder.mrte(content, model.remember(text), wanted["ge_mrte"])

    close(content, case.given["encoder_ssl"], 2e-5)
    close(model.encode_text(text), case.given["encoder_text"], 2e-5)
    close(joined, wanted["mrte"], 2e-5)
    close(encoder.encoder2(joined), wanted["enc_y"], 2e-5)
    mean, deviation = model.prior(quantised, text, wanted["ge_mrte"])
    close(mean, wanted["m_p"], 2e-5)
    close(deviation, wanted["logs_p"], 2e-5)


def test_prior_of_faster_speech(case: Case) -> None:
    quantised = case.model.quantised(case.given["codes_in"][None, None])

    mean, deviation = case.model.prior(quantised, case.given["text"][None], case.wanted["ge_mrte"], speed=1.3)

    assert mean.shape == (1, 192, 19)
    close(mean, case.wanted["m_p_speed13"], 2e-5)
    close(deviation, case.wanted["logs_p_speed13"], 2e-5)


def test_latents_and_speech(case: Case) -> None:
    model, given, wanted = case.model, case.given, case.wanted
    style, noise = model.mean_style(case.references), given["noise"][None]
    drawn = wanted["m_p"] + 0.5 * noise * wanted["logs_p"].exp()

    wav = model.decode(given["codes_in"][None, None], given["text"][None], style, noise)

    close(model.flow.inverse(drawn, model.flow.conditions(wanted["ge"])), wanted["z"], 2e-4)
    assert wav.shape == (1, 1, 15360)
    close(wav, wanted["audio"], 1e-5)


def test_posterior_and_flow(case: Case) -> None:
    model, wanted = case.model, case.wanted
    assert model.enc_q is not None
    conditions = model.flow.conditions(wanted["ge"])

    _, mean, deviation = model.enc_q(case.references[0][0], wanted["ge"])
    there = model.flow(wanted["m_q"], conditions)

    close(mean, wanted["m_q"], 1e-4)
    close(deviation, wanted["logs_q"], 1e-4)
    close(there, wanted["flow_fwd_m_q"], 1e-4)
    close(model.flow.inverse(there, conditions), wanted["m_q"], 1e-5)


@pytest.mark.parametrize("case", ["v2"], indirect=True)
def test_half_precision_on_disk_is_hardly_heard(case: Case, tmp_path: Path) -> None:
    model, given = case.model, case.given
    style, noise = model.mean_style(case.references), given["noise"][None]
    write_tensors(tmp_path / "voice.safetensors", {k: v.half() for k, v in speaking(model).items()}, {})

    read_back = unfilled(Synthesizer, model.config, has_posterior=False).eval()
    load_strictly(read_back, read_tensors(tmp_path / "voice.safetensors")[0], source="the voice")
    wav = read_back.decode(given["codes_in"][None, None], given["text"][None], style, noise)

    error = (wav - case.wanted["audio"]).square().mean()
    assert float(10 * torch.log10(case.wanted["audio"].square().mean() / error)) > 40.0


def speaking(model: Synthesizer) -> dict[str, Tensor]:
    return {key: value for key, value in model.state_dict().items() if not key.startswith("enc_q.")}
