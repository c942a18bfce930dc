"""A voice that hears at 16 kHz and speaks at another rate, through the engine between devices of any rates."""

import numpy as np
import pytest
import torch

from models.base import StreamSpec
from models.content_sizes import ContentConfig
from models.generator_sizes import GeneratorConfig
from models.live import LiveVoice
from models.live_networks import LiveNetworks, compiled_voice
from rtvc.engine import Engine
from rtvc.resample import Samples

CONTENT = ContentConfig(width=48, heads=2, feed_forward=64, blocks=3, kernel=5, left=8, content=16)
DEVICES = [(48000, 48000), (44100, 48000), (16000, 24000)]
VALUES = {"talker_hz": 120.0, "gate_db": -90.0}


@pytest.fixture(scope="module", params=[24000, 48000])
def voice(request: pytest.FixtureRequest) -> LiveVoice:
    torch.manual_seed(3)
    sizes = GeneratorConfig(content=16, width=32, feed_forward=48, slow_blocks=2, fast_blocks=2, rate=request.param)
    networks = LiveNetworks(CONTENT, sizes)
    for layer in networks.quantizer.vq.layers:
        layer._codebook.embed.normal_()
        layer._codebook.inited.fill_(1.0)
    return compiled_voice(networks, look_ahead=1)


def hummed(rate: int) -> Samples:
    time = np.arange(rate) / rate
    return (0.1 * sum(np.sin(2 * np.pi * 120 * k * time) / k for k in range(1, 9))).astype(np.float32)


def converted(voice: LiveVoice, rates: tuple[int, int], piece: int) -> Samples:
    engine, samples = Engine(voice, *rates, StreamSpec(), VALUES), hummed(rates[0])
    made = [engine.process(samples[i : i + piece]) for i in range(0, len(samples), piece)]
    return np.concatenate([*made, engine.flush()])


@pytest.mark.parametrize("rates", DEVICES)
def test_what_comes_out_is_as_long_and_the_same_however_it_is_cut(voice: LiveVoice, rates: tuple[int, int]) -> None:
    whole, cut = converted(voice, rates, 10**6), converted(voice, rates, 777)

    assert len(whole) == rates[1]
    assert np.abs(whole).max() > 1e-4
    np.testing.assert_array_equal(whole, cut)


def test_a_gap_in_the_numbers_keeps_what_follows_where_it_belongs(voice: LiveVoice) -> None:
    engine, samples = Engine(voice, 16000, voice.output_rate, StreamSpec(), VALUES), hummed(16000)
    wanted = converted(voice, (16000, voice.output_rate), 10**6)
    begin = engine._chain._stages[0]
    push, calls = begin.push, []

    def fail_once(x: torch.Tensor) -> torch.Tensor:
        calls.append(1)
        made = push(x)
        return made * float("nan") if len(calls) == 20 else made

    begin.push = fail_once  # type: ignore[method-assign]

    heard = np.concatenate([engine.process(samples), engine.flush()])

    assert engine.nan_count == 1 and len(heard) == len(wanted)
    assert np.isfinite(heard).all()
    start = round(0.36 * voice.output_rate)  # 19 steps, less the delay of the stages
    assert np.abs(heard[: start - voice.output_rate // 10]).max() > 1e-4
    np.testing.assert_array_equal(heard[: start - voice.output_rate // 10], wanted[: start - voice.output_rate // 10])
