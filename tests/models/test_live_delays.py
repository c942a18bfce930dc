"""The family `live` at every look-ahead: delays that are true, and a step compiled for each."""

import pytest
import torch

from models.base import StreamSpec
from models.content_sizes import STEP
from models.live import PRESETS, LiveVoice
from tests.small_live import VALUES, make_voice, steps_of, streamed, sung


@pytest.fixture(scope="module")
def voice() -> LiveVoice:
    return make_voice(is_quantized=True)


@pytest.mark.parametrize(("spec", "delay"), list(zip(PRESETS.values(), (0.03, 0.05, 0.07, 0.11), strict=True)))
def test_delay_is_what_the_stage_says(voice: LiveVoice, spec: StreamSpec, delay: float) -> None:
    wav = sung()
    stage = voice.open(spec, VALUES)[0]

    heard = streamed(voice, wav, 1, spec=spec)

    assert (wav.shape[-1] - heard.shape[-1]) / voice.input_rate == pytest.approx(stage.delay)
    assert STEP / voice.input_rate + stage.delay == pytest.approx(delay)


def test_a_voice_streams_at_every_look_ahead_as_one_that_is_used_to_it(voice: LiveVoice) -> None:
    wav = sung()

    for look_ahead in (0, 1, 4):
        used_to_it = streamed(make_voice(look_ahead, is_quantized=True), wav, 1)
        told = streamed(voice, wav, 1, spec=StreamSpec(right=0.02 * look_ahead))
        torch.testing.assert_close(told, used_to_it, atol=0, rtol=0)
    longest = streamed(voice, wav, 1, spec=StreamSpec(right=9.0))
    torch.testing.assert_close(longest, streamed(voice, wav, 1, spec=PRESETS["quality"]), atol=0, rtol=0)


def test_a_step_of_the_encoder_is_compiled_once_for_each_look_ahead(voice: LiveVoice) -> None:
    assert steps_of(voice).content_at(2) is steps_of(voice).content_at(2)
    assert steps_of(voice).content_at(1) is steps_of(voice).content_at(1) is not steps_of(voice).content_at(2)
    assert steps_of(voice).content_at(1).is_compiled


@pytest.mark.parametrize("spec", PRESETS.values(), ids=PRESETS)
def test_a_click_changes_nothing_that_was_due_before_it(voice: LiveVoice, spec: StreamSpec) -> None:
    wav, at = sung(), 40 * STEP
    clicked = wav.clone()
    clicked[..., at:] += 0.3 * torch.randn(wav.shape[-1] - at, generator=torch.manual_seed(1))
    stage = voice.open(spec, VALUES)[0]
    ahead = round(stage.delay * voice.input_rate)

    difference = (streamed(voice, wav, 1, spec=spec) - streamed(voice, clicked, 1, spec=spec)).abs()[0, 0]

    assert float(difference[: at - ahead].max()) == 0.0
    assert float(difference[at - ahead : at + 4 * STEP].max()) > 1e-3
