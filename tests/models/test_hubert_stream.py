"""HuBERT over a stream: frames computed once equal those of the whole, statistics hear only speech."""

import pytest
import torch
from torch import Tensor

from models.hubert import Hubert, HubertConfig
from models.hubert_stream import FRAME, HubertStream, SpeechGate

SMALL = HubertConfig(
    conv_channels=32, width=24, feed_forward=48, layers=2, heads=2, position_kernel=16, position_groups=4
)


@pytest.fixture(scope="module")
def hubert() -> Hubert:
    torch.manual_seed(3)
    return Hubert(SMALL).eval().requires_grad_(False)


def sound(frames: int, seed: int = 0) -> Tensor:
    """Noise whose level changes slowly, as a syllable's does."""
    generator = torch.Generator().manual_seed(seed)
    samples = torch.randn(FRAME * frames + 80, generator=generator)
    return 0.1 * samples * (1.2 + torch.sin(torch.arange(len(samples)) / 3000)) / 2


def cut(samples: Tensor, sizes: list[int]) -> list[Tensor]:
    pieces: list[Tensor] = []
    start = 0
    while start < len(samples):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(samples[start : start + size])
        start += size
    return pieces


@pytest.mark.parametrize("sizes", [[640], [1, 7, 333, 2000], [5000]])
def test_frames_with_frozen_statistics_are_those_of_the_whole(hubert: Hubert, sizes: list[int]) -> None:
    samples = sound(60)
    statistics = hubert.statistics(samples[None])
    stream = HubertStream(hubert, keep=1000, frozen=statistics)
    for piece in cut(samples, sizes):
        stream.push(piece)

    whole = hubert(samples[None], statistics=statistics)
    assert stream.frames == whole.shape[-1]
    torch.testing.assert_close(stream.window(0, stream.frames), whole, atol=1e-5, rtol=1e-5)


def test_window_is_described_as_if_nothing_else_had_been_said(hubert: Hubert) -> None:
    samples = sound(60)
    statistics = hubert.statistics(samples[None])
    stream = HubertStream(hubert, keep=40, frozen=statistics)
    for piece in cut(samples, [1280]):
        stream.push(piece)

    alone = hubert(samples[None, FRAME * 24 : FRAME * 49 + 400], statistics=statistics)
    torch.testing.assert_close(stream.window(24, 50), alone, atol=1e-5, rtol=1e-5)


def test_frames_that_are_not_there_are_refused(hubert: Hubert) -> None:
    stream = HubertStream(hubert, keep=10)
    stream.push(sound(30))

    for first, end in ((5, 12), (25, 31), (28, 27)):
        with pytest.raises(ValueError, match="cannot be described"):
            stream.window(first, end)


def test_statistics_come_near_those_of_all_the_speech(hubert: Hubert) -> None:
    samples = sound(250)
    stream = HubertStream(hubert, keep=10)
    for piece in cut(samples, [640]):
        stream.push(piece)

    found, whole = stream._statistics.current, hubert.statistics(samples[None])
    assert found is not None
    error = (10 * torch.log10(found.variance / whole.variance)).abs()
    assert float(error.mean()) < 1.0


def test_pauses_do_not_move_the_statistics(hubert: Hubert) -> None:
    stream = HubertStream(hubert, keep=10)
    stream.push(sound(100))
    before = stream._statistics.current
    stream.push(1e-4 * torch.randn(FRAME * 200, generator=torch.Generator().manual_seed(1)))
    after = stream._statistics.current

    assert before is not None and after is not None
    assert float((after.variance / before.variance - 1).abs().max()) < 0.2


def test_newest_frame_is_described_before_its_end_has_come_and_then_anew(hubert: Hubert) -> None:
    samples = sound(30)
    statistics = hubert.statistics(samples[None])
    stream = HubertStream(hubert, keep=100, frozen=statistics)
    stream.push(samples[: FRAME * 20])
    early, whole = stream.window(0, 20), hubert(samples[None, : FRAME * 20 + 80], statistics=statistics)
    stream.push(samples[FRAME * 20 :])
    late = stream.window(0, 20)

    assert not torch.allclose(early, whole, atol=1e-4)
    assert float((early - whole).norm() / whole.norm()) < 0.3
    torch.testing.assert_close(late, whole, atol=1e-5, rtol=1e-5)


def test_reset_gives_the_same_again(hubert: Hubert) -> None:
    stream, samples = HubertStream(hubert, keep=100), sound(40)
    stream.push(samples)
    first = stream.window(0, 40)
    stream.push(sound(20, seed=1))
    stream.reset()
    stream.push(samples)

    assert torch.equal(stream.window(0, 40), first)


def test_gate_passes_speech_at_any_level_and_no_hiss() -> None:
    for gain in (1.0, 0.05):
        gate = SpeechGate()
        loud = gain * sound(50)[: FRAME * 50]
        assert float(gate.push(loud).float().mean()) > 0.8
        assert not gate.push(loud * 0.005).any()
    assert not SpeechGate().push(1e-5 * torch.randn(FRAME * 20)).any()
