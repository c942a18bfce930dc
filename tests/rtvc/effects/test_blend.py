"""The talker's own sound under the voice is in step with it, from whenever it is wanted."""

import numpy as np
import pytest

from models.base import StreamSpec
from models.passthrough import PassthroughModel
from rtvc.effects.blend import Blend
from rtvc.engine import Engine
from rtvc.resample import Resampler, Samples

RATES = [(48_000, 48_000), (44_100, 48_000), (48_000, 16_000), (16_000, 44_100)]


def sine(rate: int, seconds: float = 1.0) -> Samples:
    return (0.5 * np.sin(2 * np.pi * 200 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_it_is_in_step_however_late_it_is_switched_on(rate_in: int, rate_out: int, share: float) -> None:
    blend, resampler = Blend(rate_in, rate_out), Resampler(rate_in, rate_out)
    samples, heard = sine(rate_in), []

    for place in range(0, rate_in, 441):
        piece = samples[place : place + 441]
        wanted = share if place > rate_in // 3 else 0.0
        blend.hear(piece, wanted)
        heard.append(blend.mix(-0.5 * resampler.push(piece), wanted))

    joined = np.concatenate(heard)
    dry = sine(rate_out, 2.0)[: len(joined)]
    part = slice(rate_out // 2, -rate_out // 50)
    np.testing.assert_allclose(joined[part], (share * dry - (1 - share) * 0.5 * dry)[part], atol=5e-3)
    assert np.abs(np.diff(joined[50:])).max() < 2 * 0.5 * 2 * np.pi * 200 / rate_out


def test_with_no_share_it_touches_nothing() -> None:
    blend, samples = Blend(48_000, 48_000), sine(48_000)
    blend.hear(samples, 0.0)

    assert blend.mix(samples, 0.0) is samples


def test_switched_off_it_lets_go_of_all_it_kept() -> None:
    blend, samples = Blend(48_000, 48_000), sine(48_000, 0.1)
    for share in (0.5, 0.5, 0.0, 0.0):
        blend.hear(samples, share)
        heard = blend.mix(samples, share)

    assert heard is samples


@pytest.mark.parametrize(("rate_in", "rate_out"), RATES)
def test_half_of_a_voice_that_changes_nothing_changes_nothing(rate_in: int, rate_out: int) -> None:
    """The voice's delay of 50 ms, its resamplers and its hop are the dry sound's too."""
    values = {"gate_db": -90.0}
    plain = Engine(PassthroughModel(look_ahead=800), rate_in, rate_out, StreamSpec(), values)
    mixed = Engine(PassthroughModel(look_ahead=800), rate_in, rate_out, StreamSpec(), {**values, "voice_share": 50.0})

    heard = [
        np.concatenate([*(engine.process(piece) for piece in np.array_split(sine(rate_in), 70)), engine.flush()])
        for engine in (plain, mixed)
    ]

    inner = slice(rate_out // 10, -rate_out // 10)
    np.testing.assert_allclose(heard[1][inner], heard[0][inner], atol=5e-3)
