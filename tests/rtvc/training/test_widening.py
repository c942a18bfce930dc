"""A generator goes on at another rate with all it has learned."""

from dataclasses import replace

import pytest
import torch

from models.generator_sizes import RATES, GeneratorConfig
from models.source_filter import Generator, pulse_train
from rtvc.training.widening import at_rate, rate_of

SMALL = GeneratorConfig(content=8, width=24, feed_forward=32, slow_blocks=1, fast_blocks=1)


def make_generator(rate: int = 16000) -> Generator:
    torch.manual_seed(0)
    generator = Generator(replace(SMALL, rate=rate)).eval().requires_grad_(False)
    generator.leave.bias.copy_(torch.randn(len(generator.leave.bias)))
    return generator


def moved(generator: Generator, rate: int) -> Generator:
    made = Generator(replace(generator.config, rate=rate)).eval().requires_grad_(False)
    made.load_state_dict(at_rate(generator.state_dict(), rate))
    return made


@pytest.mark.parametrize("rate", RATES)
def test_the_rate_is_seen_from_the_weights(rate: int) -> None:
    assert rate_of(make_generator(rate).state_dict()) == rate


@pytest.mark.parametrize("rate", RATES)
def test_frequencies_of_both_rates_keep_their_rows_and_all_other_layers_their_weights(rate: int) -> None:
    old = make_generator()

    new = moved(old, rate)

    bins = old.config.bins if rate == 16000 else 223  # to 7.4 kHz; above, recordings at 16 kHz are cut off
    for name in ("weight", "bias"):
        before, after = (getattr(one.leave, name).unflatten(0, (3, -1)) for one in (old, new))
        assert after[:, :bins].equal(before[:, :bins])
    others = [name for name in old.state_dict() if not name.startswith("leave")]
    assert all(old.state_dict()[name].equal(new.state_dict()[name]) for name in others)


def test_a_narrower_rate_and_back_leaves_what_both_have() -> None:
    wide = make_generator(48000)

    narrow = moved(wide, 24000)

    assert narrow.leave.weight.unflatten(0, (3, -1)).equal(wide.leave.weight.unflatten(0, (3, -1))[:, :361])


def test_new_frequencies_begin_quieter_the_higher_they_are() -> None:
    torch.manual_seed(1)
    content, hertz, voicing = torch.randn(1, 20, 8), torch.full((1, 40), 150.0), torch.ones(1, 40)

    filters = moved(make_generator(), 48000).filters(content, hertz, voicing)

    model = filters[..., 216:217]
    assert filters[..., 1, 223:].allclose(model[..., 1, :].expand(-1, -1, 721 - 223), atol=1e-5)
    for gain in (0, 2):
        above = filters[..., gain, 223:] - model[..., gain, :]
        assert bool((above.diff() < 0).all())
        assert above[0, 0, [0, -1]].tolist() == pytest.approx([-0.0638, -2.4079], abs=1e-3)  # 12 dB an octave


def test_below_its_old_limit_it_sounds_as_it_did() -> None:
    torch.manual_seed(1)
    content, hertz, voicing = torch.randn(1, 30, 8), torch.full((1, 60), 150.0), torch.ones(1, 60)
    spectra = []
    for generator in (make_generator(), moved(make_generator(), 24000)):
        filters, pulses = generator.filters(content, hertz, voicing), pulse_train(hertz, voicing, generator.config.rate)
        made = generator.render(filters, pulses, torch.zeros_like(pulses))[0]
        spectra.append(torch.fft.rfft(made)[:4200].abs() / len(made))  # to 7 kHz

    assert float((spectra[0] - spectra[1]).square().sum()) < 1e-2 * float(spectra[0].square().sum())
