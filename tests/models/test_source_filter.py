"""The source-filter generator: pulses that obey F0, noise by absolute frame, and exact streaming."""

from collections import deque
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from models.compiled import CompiledNetwork
from models.generator_sizes import RATES, GeneratorConfig
from models.known_pitch import known, speak
from models.pitch import Pitch
from models.pitch_stream import Track
from models.source_filter import Generator, fill, pulse_train, white_noise
from models.source_filter_step import GeneratorStep
from models.source_filter_stream import GeneratorStream, NoiseStream

CONFIG = GeneratorConfig(content=8, width=24, feed_forward=32, slow_blocks=2, fast_blocks=2)
FRAMES = 40
RATE = CONFIG.rate
HOP = CONFIG.hop


def make_generator(rate: int = RATE) -> Generator:
    torch.manual_seed(0)
    return Generator(replace(CONFIG, rate=rate)).eval().requires_grad_(False)


def make_speech() -> tuple[Tensor, Pitch]:
    """Content [1, T, 8] and a wandering pitch with gaps [1, 2 T]."""
    generator = torch.Generator().manual_seed(1)
    content = torch.randn(1, FRAMES, 8, generator=generator)
    hertz = 150 + 40 * torch.rand(1, 2 * FRAMES, generator=generator)
    voicing = (torch.arange(2 * FRAMES) % 17 > 4).float()[None]
    return content, Pitch(hertz, voicing)


def make_guesses(pitch: Pitch) -> Pitch:
    """What might have been guessed of a pitch: a little else, and where voice sets in nothing."""
    return Pitch(pitch.hertz * 1.05, pitch.voicing.roll(1))


def offline(generator: Generator, content: Tensor, pitch: Pitch, look_ahead: int) -> Tensor:
    noise = torch.from_numpy(white_noise(0, 0, 2 * FRAMES, generator.config.rate))[None]
    return speak(generator, content, pitch, make_guesses(pitch), noise, look_ahead)


@pytest.mark.parametrize(
    ("look_ahead", "rate"), [(0, 16000), (1, 16000), (2, 16000), (4, 16000), (1, 24000), (2, 32000), (0, 48000)]
)
def test_stream_equals_offline(look_ahead: int, rate: int) -> None:
    generator = make_generator(rate)
    content, pitch = make_speech()
    step = GeneratorStep(generator)
    compiled = CompiledNetwork(step, [content[0, :1], torch.zeros(2, 3)], step.initial_state())
    stream = GeneratorStream(generator.config, compiled.open())
    tracks, guesses = (
        [Track(*(x[0, i : i + 2].numpy() for x in (one.hertz, one.voicing))) for i in range(0, 2 * FRAMES, 2)]
        for one in (pitch, make_guesses(pitch))
    )
    waiting, pieces = deque(content[0].numpy()), []

    for i in range(FRAMES):
        if i > 0:
            stream.hear(tracks[i - 1])  # the tracker tells a frame's pitch a step late
        stream.guess(guesses[i])
        if i >= look_ahead:
            pieces.append(stream.push(waiting.popleft()))
    with torch.inference_mode():
        whole = offline(generator, content, pitch, look_ahead)

    joined = torch.from_numpy(np.concatenate(pieces))[None]
    hop = rate // 100
    assert stream.delay == 0.01
    assert joined.shape[1] == 2 * hop * (FRAMES - look_ahead) - round(stream.delay * rate)
    settled = joined.shape[1] - 2 * hop  # the last frames hear a future that a stream does not have yet
    torch.testing.assert_close(joined[:, :settled], whole[:, :settled], atol=1e-5, rtol=0)


def test_with_two_frames_of_look_ahead_nothing_is_guessed() -> None:
    generator = make_generator()
    content, pitch = make_speech()
    filled = fill(pitch.hertz, pitch.voicing, torch.full((1, 1), CONFIG.mean_hz))
    noise = torch.from_numpy(white_noise(0, 0, 2 * FRAMES, RATE))[None]
    pulses = pulse_train(filled, pitch.voicing, RATE)

    plain = generator.render(generator.filters(content, filled, pitch.voicing), pulses, noise)

    torch.testing.assert_close(offline(generator, content, pitch, 2), plain, atol=1e-5, rtol=0)


def test_pitch_that_is_not_known_yet_is_guessed_or_the_last_guess() -> None:
    nothing, one = known(8, 0), known(8, 1)

    assert nothing.own[:6].tolist() == [8 + i for i in range(6)]
    assert nothing.source[:6].tolist() == [8, 9, 9, 11, 11, 13]
    assert nothing.following[:6].tolist() == [9, 9, 9, 11, 11, 13]
    assert one.own[:6].tolist() == [0, 1, 2, 3, 4, 5]
    assert one.source[:6].tolist() == [0, 1, 10, 3, 12, 5]
    assert one.following[:6].tolist() == [1, 10, 11, 12, 13, 14]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hertz", [80.0, 175.0, 333.0])
def test_pulses_have_the_wanted_pitch_up_to_half_the_rate_and_unit_power_below_8_khz(hertz: float, rate: int) -> None:
    pulses = pulse_train(torch.full((1, 100), hertz), torch.ones(1, 100), rate)[0]

    power = torch.fft.rfft(pulses).abs().square() / len(pulses) ** 2 * 2  # 1 Hz apart
    strongest = float(power.argmax())
    assert strongest % hertz == pytest.approx(0, abs=1.5) or strongest % hertz == pytest.approx(hertz, abs=1.5)
    assert float(power[:8000].sum()) == pytest.approx(1.0, abs=0.1)
    highest = float(torch.nonzero(power > 0.1 * power.max()).max())
    assert 0.49 * rate - hertz - 2 <= highest <= 0.49 * rate + 2


@pytest.mark.parametrize("rate", RATES[1:])
def test_the_same_filters_sound_the_same_at_every_rate(rate: int) -> None:
    low, high = make_generator(), make_generator(rate)
    hertz, voicing = torch.full((1, 60), 150.0), torch.ones(1, 60)
    torch.manual_seed(2)
    filters = torch.randn(1, 60, 3, low.config.bins)
    filters[:, :, 2] = -30.0  # no noise: it is drawn anew at every rate
    wider = F.pad(filters, (0, high.config.bins - low.config.bins))
    wider[:, :, 0, low.config.bins :] = -30.0

    made = []
    for generator, one in ((low, filters), (high, wider)):
        pulses = pulse_train(hertz, voicing, generator.config.rate)
        made.append(generator.render(one, pulses, torch.zeros_like(pulses))[0])

    spectra = [torch.fft.rfft(x)[:4000] * (RATE / len(x)) for x in made]
    error = (spectra[0].abs() - spectra[1].abs()).square().sum()
    assert float(error) < 1e-3 * float(spectra[0].abs().square().sum())


def test_phase_starts_anew_where_voice_sets_in() -> None:
    voicing = torch.ones(1, 30)
    voicing[:, 10:15] = 0
    hertz = torch.full((1, 30), 137.0)

    pulses = pulse_train(hertz, voicing, RATE)[0]

    torch.testing.assert_close(pulses[15 * HOP : 20 * HOP], pulses[: 5 * HOP], atol=1e-4, rtol=0)


def test_unvoiced_frames_keep_the_last_pitch() -> None:
    hertz = torch.tensor([[300.0, 100.0, 310.0, 120.0, 320.0]])
    voicing = torch.tensor([[0.0, 1.0, 0.1, 0.9, 0.2]])

    assert fill(hertz, voicing, torch.tensor([[77.0]])).tolist() == [[77.0, 100.0, 100.0, 120.0, 120.0]]


@pytest.mark.parametrize("rate", RATES)
def test_noise_depends_on_seed_and_absolute_frame_alone(rate: int) -> None:
    stream, hop = NoiseStream(4, rate), rate // 100
    np.testing.assert_array_equal(np.concatenate([stream.push(2), stream.push(3)]), white_noise(4, 0, 5, rate))
    np.testing.assert_array_equal(white_noise(4, 100, 3, rate)[hop:], white_noise(4, 101, 2, rate))
    assert not np.array_equal(white_noise(5, 100, 1, rate), white_noise(4, 100, 1, rate))
    noise = white_noise(0, 0, 400, rate)
    assert abs(float(noise.mean())) < 0.02
    assert float(noise.var()) == pytest.approx(rate / 16000, rel=0.02)  # as strong per Hz at every rate
    spectrum = np.abs(np.fft.rfft(noise)) ** 2
    likeness = np.fft.irfft(spectrum)[1:2000] / np.fft.irfft(spectrum)[0]
    assert np.abs(likeness).max() < 0.03  # no frame is a shifted copy of another
