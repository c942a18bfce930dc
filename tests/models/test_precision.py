"""Half precision is taken where it pays and where the result stays what it was."""

import pytest
import torch
from torch import Tensor, nn

from models import precision
from models.precision import Between, fastest_dtype, halved


def run(network: nn.Linear, dtype: torch.dtype) -> Tensor:
    made: Tensor = network(torch.linspace(-1, 1, 64).view(8, 8).to(dtype))
    return made


def test_twin_computes_the_same_in_half_the_bits() -> None:
    network = nn.Linear(8, 8)
    twin = halved(network, torch.bfloat16, run)

    assert twin.weight.dtype == torch.bfloat16 and network.weight.dtype == torch.float32
    torch.testing.assert_close(run(twin, torch.bfloat16).float(), run(network, torch.float32), atol=0.03, rtol=0.03)


def test_network_that_overflows_in_half_precision_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    network = nn.Linear(8, 8)
    with torch.no_grad():
        network.weight.fill_(1e6)  # float16 ends at 65504

    assert halved(network, torch.float16, run) is network
    assert "not used" in caplog.text


def test_single_precision_is_the_network_itself() -> None:
    network = nn.Linear(8, 8)

    assert halved(network, torch.float32, run) is network


@pytest.mark.parametrize(("single", "half", "wanted"), [(2.0, 1.0, torch.bfloat16), (1.0, 0.9, torch.float32)])
def test_half_precision_must_pay(
    monkeypatch: pytest.MonkeyPatch, single: float, half: float, wanted: torch.dtype
) -> None:
    fastest_dtype.cache_clear()
    monkeypatch.setattr(precision, "_seconds", lambda device, dtype: single if dtype == torch.float32 else half)

    assert fastest_dtype("cpu") == wanted
    fastest_dtype.cache_clear()


def test_device_without_half_precision_computes_in_single(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(device: str, dtype: torch.dtype) -> float:
        raise RuntimeError("not implemented for 'BFloat16'")

    fastest_dtype.cache_clear()
    monkeypatch.setattr(precision, "_seconds", refuse)

    assert fastest_dtype("cpu") == torch.float32
    fastest_dtype.cache_clear()


def test_this_machine_has_an_answer() -> None:
    fastest_dtype.cache_clear()
    assert fastest_dtype("cpu") in (torch.float32, torch.bfloat16)


def test_network_between_others_takes_and_gives_their_precision() -> None:
    network = Between(nn.Linear(8, 8), torch.bfloat16)

    assert network(torch.ones(2, 8)).dtype == torch.float32
    assert network.to("cpu", torch.float32)(torch.ones(2, 8, dtype=torch.float64)).dtype == torch.float64
