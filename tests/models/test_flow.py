"""The flow is undone by its inverse, and a frame hears no more than it says."""

import torch
from torch import Tensor

from models.flow import Flow
from models.posterior import Posterior
from models.weight_norm import folded


def made() -> tuple[Flow, Tensor, list[Tensor]]:
    torch.manual_seed(0)
    flow = Flow(channels=8, hidden=12, kernel=5, layers=4, couplings=4, style_channels=6).double()
    for coupling in flow.couplings:
        torch.nn.init.normal_(coupling.post.weight)
    return flow, torch.randn(2, 8, 90, dtype=torch.double), flow.conditions(torch.randn(2, 6, 1, dtype=torch.double))


@torch.inference_mode()
def test_inverse_undoes_forward() -> None:
    flow, x, conditions = made()

    there = flow(x, conditions)

    assert float((there - x).abs().mean()) > 0.5
    torch.testing.assert_close(flow.inverse(there, conditions), x, atol=1e-12, rtol=0)
    torch.testing.assert_close(folded(flow)(x, conditions), there, atol=1e-12, rtol=0)


@torch.inference_mode()
def test_a_frame_is_heard_within_its_reach_and_no_farther() -> None:
    flow, x, conditions = made()
    changed = x.clone()
    changed[..., 45] += 1.0

    heard = (flow.inverse(x, conditions) - flow.inverse(changed, conditions)).abs().amax(dim=(0, 1)).nonzero().flatten()

    assert flow.reach == 32
    assert int(heard[0]) >= 45 - 32
    assert int(heard[-1]) <= 45 + 32
    assert int(heard[-1] - heard[0]) > 32


@torch.inference_mode()
def test_a_window_with_its_reach_on_both_sides_equals_the_whole() -> None:
    flow, x, conditions = made()
    whole = flow.inverse(x, conditions)

    window = flow.inverse(x[..., 8:82], conditions)

    torch.testing.assert_close(window[..., 32:42], whole[..., 40:50], atol=1e-12, rtol=0)


@torch.inference_mode()
def test_padding_changes_nothing() -> None:
    flow, x, conditions = made()
    mask = (torch.arange(90) < 60).double()[None, None]

    padded = flow.inverse(x, conditions, mask)

    torch.testing.assert_close(padded[..., :60], flow.inverse(x[..., :60], conditions), atol=1e-12, rtol=0)


@torch.inference_mode()
def test_the_posterior_draws_around_its_mean_and_ignores_padding() -> None:
    torch.manual_seed(0)
    posterior, style = Posterior(9, 4, 12, 5, 16, 6).double(), torch.randn(1, 6, 1).double()
    spectrogram, noise = torch.rand(1, 9, 50).double(), torch.randn(1, 4, 50).double()
    mask = (torch.arange(50) < 30).double()[None, None]

    drawn, mean, deviation = posterior(spectrogram, style, mask, noise)

    alone = posterior(spectrogram[..., :30], style, noise=noise[..., :30])
    assert posterior.reach == 32
    assert not drawn[..., 30:].any()
    torch.testing.assert_close(drawn, (mean + noise * deviation.exp()) * mask)
    for padded, whole in zip((drawn, mean, deviation), alone, strict=True):
        torch.testing.assert_close(padded[..., :30], whole, atol=1e-12, rtol=0)
    assert not torch.equal(posterior(spectrogram, style)[0], posterior(spectrogram, style)[0])
