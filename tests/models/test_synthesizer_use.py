"""What a synthesizer does with little, and that no way of loading or computing changes what it says."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from models.synthesizer import Synthesizer, SynthesizerConfig
from models.text_encoder import EncodedText
from models.weight_norm import folded, with_old_names
from tests.small_synthesizer import SMALL

VERIFIED = replace(SMALL, has_speaker_verification=True, speaker_channels=40)


def made(config: SynthesizerConfig = SMALL) -> Synthesizer:
    torch.manual_seed(0)
    model = Synthesizer(config, has_posterior=False).eval()
    for value in model.parameters():
        torch.nn.init.normal_(value, 0.0, value[0].numel() ** -0.5 if value.ndim > 1 else 0.1)
    model.quantizer.vq.layers[0].get_submodule("_codebook").load_state_dict(
        {
            "inited": torch.ones(1),
            "cluster_size": torch.ones(8),
            "embed": torch.randn(8, 12),
            "embed_avg": torch.randn(8, 12),
        }
    )
    return model


def said(model: Synthesizer, text: Tensor | EncodedText, frames: int = 12) -> Tensor:
    torch.manual_seed(1)
    dtype = model.ssl_proj.weight.dtype
    codes = model.codes(torch.randn(1, 12, frames, dtype=torch.double).to(dtype))
    style = model.style(torch.rand(1, 33, 30, dtype=torch.double).to(dtype))
    return model.decode(codes, text, style, torch.randn(1, 16, frames // 2 * 2, dtype=torch.double).to(dtype))


@torch.inference_mode()
@pytest.mark.parametrize("phones", [[], [3], [3, 5, 1]])
def test_any_number_of_phones_is_spoken_to(phones: list[int]) -> None:
    model, text = made(), torch.tensor([phones], dtype=torch.long)

    wav = said(model, text)

    assert wav.shape == (1, 1, 12 * 8)
    torch.testing.assert_close(said(model, model.remember(text)), wav, atol=0, rtol=0)
    if not phones:
        torch.testing.assert_close(said(model, None), wav, atol=0, rtol=0)


@torch.inference_mode()
@pytest.mark.parametrize(("frames", "codes"), [(0, 0), (1, 0), (2, 1), (3, 1), (13, 6)])
def test_an_odd_last_frame_is_dropped(frames: int, codes: int) -> None:
    model = made()

    assert model.codes(torch.randn(2, 12, frames)).shape == (2, 1, codes)
    assert said(model, None, frames).shape == (1, 1, codes * 16)


@torch.inference_mode()
def test_folded_and_renamed_weights_say_the_same() -> None:
    model, text = made(), torch.tensor([[2, 4, 4]])
    new_names = {
        key.replace("weight_g", "parametrizations.weight.original0").replace(
            "weight_v", "parametrizations.weight.original1"
        ): value
        for key, value in model.state_dict().items()
    }
    other = Synthesizer(SMALL, has_posterior=False).eval()
    other.load_state_dict(with_old_names(new_names))

    wav = said(model, text)

    assert torch.equal(said(other, text), wav)
    torch.testing.assert_close(said(folded(model), text), wav, atol=1e-6, rtol=0)


@torch.inference_mode()
def test_double_precision_says_the_same() -> None:
    model, text = made(), torch.tensor([[2, 4, 4]])
    wav = said(model, text)

    exact = said(model.double(), text)

    assert exact.dtype == torch.double
    torch.testing.assert_close(wav.double(), exact, atol=1e-4, rtol=0)


@torch.inference_mode()
def test_a_draw_is_not_the_same_twice_unless_its_scale_is_none() -> None:
    model = made()
    codes, style = torch.tensor([[[1, 2, 3]]]), model.style(torch.rand(1, 33, 30))

    assert not torch.equal(model.decode(codes, None, style), model.decode(codes, None, style))
    assert torch.equal(
        model.decode(codes, None, style, noise_scale=0.0), model.decode(codes, None, style, noise_scale=0.0)
    )


@torch.inference_mode()
def test_the_style_of_several_recordings_is_the_mean_of_theirs() -> None:
    model = made(VERIFIED)
    references = [(torch.rand(1, 33, n), torch.randn(1, 40)) for n in (20, 35)]

    mean = model.mean_style(references)

    torch.testing.assert_close(mean, (model.style(*references[0]) + model.style(*references[1])) / 2)
    assert model.text_style(mean).shape == (1, 32, 1)


def test_a_speaker_is_asked_for_where_and_only_where_it_is_verified() -> None:
    spectrogram, speaker = torch.rand(1, 33, 9), torch.randn(1, 40)

    with pytest.raises(ValueError, match="needs a speaker-verification embedding"):
        made(VERIFIED).style(spectrogram)
    with pytest.raises(ValueError, match="takes no speaker-verification embedding"):
        made().style(spectrogram, speaker)
