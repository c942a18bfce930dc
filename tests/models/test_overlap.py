"""Spectra give their signal back, and seams are neither heard nor felt."""

import pytest
import torch

from models.overlap import SeamFade, StreamingISTFT, StreamingSTFT, crossfade, fade_in
from models.streaming import Streamed


@torch.inference_mode()
@pytest.mark.parametrize(
    ("size", "hop", "look_ahead"), [(480, 160, 0), (480, 160, 160), (320, 160, 160), (640, 160, 80)]
)
def test_unchanged_spectra_give_the_signal_back_with_the_stated_delay(size: int, hop: int, look_ahead: int) -> None:
    rate, signal = 16000, torch.randn(1, 20 * hop)
    analysis = Streamed(StreamingSTFT(size, hop, look_ahead), rate)
    synthesis = Streamed(StreamingISTFT(size, hop, look_ahead), rate / hop)

    back = torch.cat([synthesis.push(analysis.push(piece)) for piece in signal.split(hop, dim=-1)], dim=-1)

    assert (analysis.delay + synthesis.delay) * rate == pytest.approx(size - hop)
    assert back.shape[1] >= signal.shape[1] - (size - hop) - hop
    expected = signal[:, : back.shape[1]]
    torch.testing.assert_close(back[:, look_ahead:], expected[:, look_ahead:], atol=1e-5, rtol=0)


def test_spectra_are_those_of_torch() -> None:
    signal = torch.randn(2, 1600)

    ours = StreamingSTFT(480, 160)(signal)

    padded = torch.nn.functional.pad(signal, (320, 0))
    theirs = torch.stft(padded, 480, 160, window=torch.hann_window(480), center=False, return_complex=True)
    torch.testing.assert_close(ours, theirs.transpose(1, 2), atol=1e-4, rtol=0)


def test_fade_and_its_mirror_image_add_up_to_one() -> None:
    fade = fade_in(320)

    torch.testing.assert_close(fade + fade.flip(0), torch.ones(320))
    assert bool((fade.diff() > 0).all())


def test_crossfade_goes_from_one_signal_to_the_other() -> None:
    faded = crossfade(torch.zeros(1, 1, 400), torch.ones(1, 1, 400))

    torch.testing.assert_close(faded[0, 0], fade_in(400))


@pytest.mark.parametrize("fade", [0, 5, 10])
def test_seams_between_blocks_of_one_signal_leave_it_as_it_is(fade: int) -> None:
    signal, stage = torch.randn(1, 1, 100 + fade), SeamFade(fade)

    joined = torch.cat([stage.push(signal[..., i : i + 20 + fade]) for i in range(0, 100, 20)], dim=-1)

    torch.testing.assert_close(joined, signal[..., :100])


def test_a_step_between_blocks_becomes_a_ramp() -> None:
    stage = SeamFade(10)
    stage.push(torch.zeros(1, 1, 30))

    joined = stage.push(torch.ones(1, 1, 30))

    assert joined.shape[-1] == 20
    assert float(joined.diff().abs().max()) < 0.2
    assert float(joined[0, 0, 0]) < 0.01
    torch.testing.assert_close(joined[..., 10:], torch.ones(1, 1, 10))


def test_reset_forgets_the_tail_of_a_seam() -> None:
    stage = SeamFade(10)
    stage.push(torch.zeros(1, 1, 30))

    stage.reset()

    assert torch.equal(stage.push(torch.ones(1, 1, 30)), torch.ones(1, 1, 20))


def test_a_block_shorter_than_two_fades_is_refused() -> None:
    with pytest.raises(ValueError, match="too short"):
        SeamFade(10).push(torch.zeros(1, 1, 19))
