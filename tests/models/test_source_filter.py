"""The source-filter generator: pulses that obey F0, noise by absolute frame, and exact streaming."""

from collections import deque

import numpy as np
import pytest
import torch
from torch import Tensor

from models.compiled import CompiledNetwork
from models.pitch import Pitch
from models.pitch_stream import Track
from models.source_filter import (
    HOP,
    OVERHANG,
    RATE,
    SOURCE_AHEAD,
    Generator,
    GeneratorConfig,
    fill,
    pulse_train,
    white_noise,
)
from models.source_filter_stream import GeneratorStep, GeneratorStream, NoiseStream

CONFIG = GeneratorConfig(content=8, width=24, feed_forward=32, slow_blocks=2, fast_blocks=2)
FRAMES = 40


def make_generator() -> Generator:
    torch.manual_seed(0)
    return Generator(CONFIG).eval().requires_grad_(False)


def make_speech() -> tuple[Tensor, Pitch]:
    """Content [1, T, 8] and a wandering pitch with gaps [1, 2 T]."""
    generator = torch.Generator().manual_seed(1)
    content = torch.randn(1, FRAMES, 8, generator=generator)
    hertz = 150 + 40 * torch.rand(1, 2 * FRAMES, generator=generator)
    voicing = (torch.arange(2 * FRAMES) % 17 > 4).float()[None]
    return content, Pitch(hertz, voicing)


def offline(generator: Generator, content: Tensor, pitch: Pitch) -> Tensor:
    filled = fill(pitch.hertz, pitch.voicing, torch.full((1, 1), CONFIG.mean_hz))
    noise = torch.from_numpy(white_noise(0, 0, 2 * FRAMES))[None]
    filters = generator.filters(content, filled, pitch.voicing)
    return generator.render(filters, pulse_train(filled, pitch.voicing), noise)


@pytest.mark.parametrize("early", [0, 1, 3])
def test_stream_equals_offline(early: int) -> None:
    generator = make_generator()
    content, pitch = make_speech()
    step = GeneratorStep(generator)
    compiled = CompiledNetwork(step, [content[0, :1], torch.zeros(2, 3)], step.initial_state())
    stream = GeneratorStream(generator, compiled.open())
    tracks = [Track(*(x[0, i : i + 2].numpy() for x in (pitch.hertz, pitch.voicing))) for i in range(0, 2 * FRAMES, 2)]
    waiting, pieces = deque(content[0].numpy()), []

    for i, track in enumerate(tracks):  # the pitch is `early` frames ahead of the content
        stream.hear(track)
        if stream.is_ready and i >= early:
            pieces.append(stream.push(waiting.popleft()))
    while stream.is_ready:
        pieces.append(stream.push(waiting.popleft()))
    with torch.inference_mode():
        whole = offline(generator, content, pitch)

    joined = torch.from_numpy(np.concatenate(pieces))[None]
    assert joined.shape[1] == 2 * HOP * FRAMES - SOURCE_AHEAD * HOP - OVERHANG
    torch.testing.assert_close(joined, whole[:, : joined.shape[1]], atol=1e-5, rtol=0)


@pytest.mark.parametrize("hertz", [80.0, 175.0, 333.0])
def test_pulses_have_the_wanted_pitch_and_unit_power(hertz: float) -> None:
    pulses = pulse_train(torch.full((1, 100), hertz), torch.ones(1, 100))[0]

    spectrum = torch.fft.rfft(pulses).abs()
    strongest = float(spectrum.argmax()) * RATE / len(pulses)
    assert strongest % hertz == pytest.approx(0, abs=1.5) or strongest % hertz == pytest.approx(hertz, abs=1.5)
    assert float(pulses.square().mean()) == pytest.approx(1.0, abs=0.1)


def test_phase_starts_anew_where_voice_sets_in() -> None:
    voicing = torch.ones(1, 30)
    voicing[:, 10:15] = 0
    hertz = torch.full((1, 30), 137.0)

    pulses = pulse_train(hertz, voicing)[0]

    torch.testing.assert_close(pulses[15 * HOP : 20 * HOP], pulses[: 5 * HOP], atol=1e-4, rtol=0)


def test_unvoiced_frames_keep_the_last_pitch() -> None:
    hertz = torch.tensor([[300.0, 100.0, 310.0, 120.0, 320.0]])
    voicing = torch.tensor([[0.0, 1.0, 0.1, 0.9, 0.2]])

    assert fill(hertz, voicing, torch.tensor([[77.0]])).tolist() == [[77.0, 100.0, 100.0, 120.0, 120.0]]


def test_noise_depends_on_seed_and_absolute_frame_alone() -> None:
    stream = NoiseStream(4)
    np.testing.assert_array_equal(np.concatenate([stream.push(2), stream.push(3)]), white_noise(4, 0, 5))
    np.testing.assert_array_equal(white_noise(4, 100, 3)[HOP:], white_noise(4, 101, 2))
    assert not np.array_equal(white_noise(5, 100, 1), white_noise(4, 100, 1))
    noise = white_noise(0, 0, 400)
    assert abs(float(noise.mean())) < 0.02
    assert float(noise.var()) == pytest.approx(1.0, abs=0.02)
    spectrum = np.abs(np.fft.rfft(noise)) ** 2
    likeness = np.fft.irfft(spectrum)[1:2000] / np.fft.irfft(spectrum)[0]
    assert np.abs(likeness).max() < 0.03  # no frame is a shifted copy of another
