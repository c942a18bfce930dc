"""The content encoder: its stream equals its offline self for every look-ahead."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from models.compiled import CompiledNetwork
from models.content import ContentEncoder, LogMel, mel_bands
from models.content_sizes import POWER_BINS, STEP, ContentConfig, spread
from models.content_step import ContentStep
from models.content_stream import ContentStream
from models.rvq import ResidualVectorQuantizer

CONFIG = ContentConfig(width=32, heads=2, feed_forward=48, blocks=3, kernel=5, left=6, content=12)
SILENCE = 120


def make_encoder() -> ContentEncoder:
    torch.manual_seed(0)
    return ContentEncoder(CONFIG).eval().requires_grad_(False)


def pushed(encoder: ContentEncoder, samples: Tensor, steps: int, look_ahead: int) -> Tensor:
    state, found = encoder.empty_state(look_ahead), []
    for mel in encoder.mel(samples).split(2 * steps, dim=1):
        content, state = encoder.push(mel, state)
        found.append(content)
    return torch.cat(found, dim=1)


@pytest.mark.parametrize("steps", [1, 2, 5, 10])
@pytest.mark.parametrize("look_ahead", [0, 1, 2, 5])
def test_stream_equals_offline(steps: int, look_ahead: int) -> None:
    encoder, samples = make_encoder(), 0.1 * torch.randn(1, 40 * STEP)

    joined = pushed(encoder, samples, steps, look_ahead)

    assert joined.shape[1] == 40 - look_ahead
    torch.testing.assert_close(joined, encoder(samples, look_ahead)[:, : joined.shape[1]], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("look_ahead", [0, 2, 3])
def test_compiled_stream_equals_offline_after_silence(look_ahead: int) -> None:
    encoder, samples = make_encoder(), 0.1 * torch.randn(1, 30 * STEP)
    quantizer = ResidualVectorQuantizer(dimension=CONFIG.content, n_q=3, bins=16, kmeans_init=False).eval()
    step = ContentStep(encoder, quantizer, look_ahead)
    compiled = CompiledNetwork(step, [torch.ones(2, POWER_BINS)], step.initial_state())
    stream = ContentStream(compiled.open(), look_ahead)

    with torch.inference_mode():
        told = [stream.push(piece, 3) for piece in samples[0].numpy().reshape(-1, STEP)]
        joined = torch.from_numpy(np.stack([frame for frame in told if frame is not None]))[None]
        whole = encoder(F.pad(samples, (SILENCE * STEP, 0)), look_ahead)[:, SILENCE:]
        coded = quantizer.decode(quantizer.encode(whole.transpose(1, 2))).transpose(1, 2)

    assert compiled.is_compiled
    assert joined.shape[1] == 30 - look_ahead
    torch.testing.assert_close(joined, coded[:, : joined.shape[1]], atol=1e-4, rtol=1e-4)


def test_future_beyond_the_look_ahead_is_not_heard() -> None:
    encoder, samples = make_encoder(), 0.1 * torch.randn(1, 30 * STEP)
    changed = samples.clone()
    changed[:, 20 * STEP :] = 0.1 * torch.randn(1, 10 * STEP)

    before, after = encoder(samples, 2), encoder(changed, 2)

    torch.testing.assert_close(after[:, :18], before[:, :18], atol=1e-6, rtol=0)
    assert not torch.allclose(after[:, 18], before[:, 18], atol=1e-4)


def test_content_vectors_have_zero_mean_and_unit_variance() -> None:
    content = make_encoder()(0.1 * torch.randn(1, 20 * STEP), 1)

    torch.testing.assert_close(content.mean(-1), torch.zeros(1, 20), atol=1e-5, rtol=0)
    torch.testing.assert_close(content.var(-1, unbiased=False), torch.ones(1, 20), atol=1e-3, rtol=0)


@pytest.mark.parametrize(("look_ahead", "rights"), [(0, (0, 0, 0)), (2, (1, 1, 0)), (5, (2, 2, 1)), (6, (2, 2, 2))])
def test_look_ahead_is_spread_over_the_blocks(look_ahead: int, rights: tuple[int, ...]) -> None:
    assert spread(look_ahead, 3) == rights


def test_mel_frame_ends_with_its_samples() -> None:
    mel, samples = LogMel(), torch.zeros(1, 3200)
    samples[0, 1580:1600] = 1.0

    energy = mel(samples)[0].mean(-1)

    silent = float(energy[19])
    assert [float(x) > silent + 0.1 for x in energy[7:14]] == [False, False, True, True, True, False, False]


def test_warped_mel_filters_move_their_peaks() -> None:
    peaks = mel_bands().argmax(dim=1).float()
    warped = mel_bands(1.2).argmax(dim=1).float()

    torch.testing.assert_close(warped[40:70], 1.2 * peaks[40:70], atol=1.0, rtol=0.02)
