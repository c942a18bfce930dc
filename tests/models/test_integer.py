"""Linear layers and attention in integers stay what they were, and are taken only where they are faster."""

import pytest
import torch
from torch import Tensor, nn

from models import integer
from models.attention import SelfAttention
from models.hubert import Hubert, HubertConfig
from models.integer import IntegerLinear, integers_pay, with_integers
from models.sovits_content import HubertContent

SMALL = HubertConfig(width=64, heads=4, layers=3, feed_forward=128, position_kernel=16, position_groups=4)


@torch.no_grad()
def error(found: Tensor, wanted: Tensor) -> float:
    return float((found - wanted).norm() / wanted.norm())


def test_layer_in_integers_is_within_a_percent() -> None:
    torch.manual_seed(0)
    layer, x = nn.Linear(256, 512), torch.randn(2, 40, 256)

    made = IntegerLinear(layer.weight, layer.bias)(x)

    assert made.shape == (2, 40, 512) and made.dtype == torch.float32
    assert error(made, layer(x)) < 0.012


def test_one_loud_step_leaves_the_others_their_accuracy() -> None:
    torch.manual_seed(0)
    layer, x = nn.Linear(256, 512), torch.randn(1, 40, 256)
    x[0, 7] *= 1000.0
    wanted = layer(x)

    made = IntegerLinear(layer.weight, layer.bias)(x)

    assert error(made[0, 8:], wanted[0, 8:]) < 0.012
    assert error(made[0, 7], wanted[0, 7]) < 0.012


def test_silence_stays_the_bias() -> None:
    layer = nn.Linear(32, 32)

    torch.testing.assert_close(IntegerLinear(layer.weight, layer.bias)(torch.zeros(1, 20, 32))[0, 0], layer.bias)


def test_attention_takes_its_three_projections_in_their_order() -> None:
    torch.manual_seed(0)
    network = nn.Sequential(SelfAttention(64, 4))
    x = torch.randn(1, 30, 64)

    assert error(with_integers(network)(x), network(x)) < 0.03


def test_twin_leaves_the_network_alone() -> None:
    network = nn.Sequential(nn.Linear(16, 16), nn.LayerNorm(16))
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}

    twin = with_integers(network)

    assert isinstance(twin[0], IntegerLinear) and isinstance(network[0], nn.Linear)
    assert all(torch.equal(before[name], tensor) for name, tensor in network.state_dict().items())


@pytest.mark.parametrize(("plain", "whole", "pays"), [(2.0, 1.0, True), (1.0, 1.0, False)])
def test_integers_must_pay(monkeypatch: pytest.MonkeyPatch, plain: float, whole: float, pays: bool) -> None:
    integers_pay.cache_clear()
    monkeypatch.setattr(integer, "_seconds", lambda layer, x: whole if isinstance(layer, IntegerLinear) else plain)

    assert integers_pay("cpu", torch.bfloat16) is pays
    integers_pay.cache_clear()


def test_other_devices_are_not_asked() -> None:
    assert integers_pay("cuda", torch.float16) is False


@pytest.mark.parametrize("integers", [True, False])
def test_hubert_streams_in_integers_where_they_are_wanted(integers: bool) -> None:
    torch.manual_seed(0)
    content = HubertContent(Hubert(SMALL).eval())
    samples = 0.1 * torch.randn(16000)
    plain, light = content.open(100), content.open(100, torch.bfloat16, integers)
    with torch.inference_mode():
        plain.push(samples)
        light.push(samples)
        wanted, made = plain.window(0, 40), light.window(0, 40)

    convolutions = [layer.conv.weight.dtype for layer in light._extractor.conv_layers]
    assert convolutions == [torch.float32, *6 * [torch.bfloat16]]
    assert content.network.feature_extractor.conv_layers[1].conv.weight.dtype == torch.float32
    assert content.precision(torch.bfloat16, integers) == ("8-bit integers" if integers else "bfloat16")
    assert 0 < error(made, wanted) < 0.05


def test_integers_that_change_the_network_are_not_taken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    torch.manual_seed(0)
    content = HubertContent(Hubert(SMALL).eval())
    monkeypatch.setattr(IntegerLinear, "forward", lambda self, x: torch.zeros(*x.shape[:-1], len(self.bias)))

    content.open(100, torch.bfloat16, integers=True)

    assert "in integers changes HuBERT" in caplog.text
    assert content.precision(torch.bfloat16, integers=True) == "bfloat16"
