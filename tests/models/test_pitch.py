"""The pitch tracker: exact streaming, a readable scale, and a talker's range that settles."""

import pytest
import torch
from torch import Tensor

from models.compiled import CompiledNetwork
from models.pitch import BINS, FEATURES, HOP, LOOK_AHEAD, Pitch, PitchStep, PitchStream, PitchTracker
from models.talker import TalkerPitch


def make_tracker() -> PitchTracker:
    torch.manual_seed(0)
    return PitchTracker(width=24, blocks=2).eval().requires_grad_(False)


def tone(hertz: float, frames: int) -> Tensor:
    time = torch.arange(frames * HOP) / 16000
    return 0.1 * sum(torch.sin(2 * torch.pi * hertz * k * time) / k for k in range(1, 6))[None]


@pytest.mark.parametrize("steps", [1, 2, 5, 10])
def test_stream_equals_offline(steps: int) -> None:
    tracker, samples = make_tracker(), tone(150, 60) + 0.01 * torch.randn(1, 60 * HOP)
    step = PitchStep(tracker)
    compiled = CompiledNetwork(step, [torch.zeros(1, 2, FEATURES)], step.initial_state())
    stream = PitchStream(tracker, compiled.open())

    with torch.inference_mode():
        pieces = [stream.push(piece) for piece in samples.split(2 * steps * HOP, dim=-1)]
        whole = tracker.decide(tracker(samples))

    hertz = torch.cat([piece.hertz for piece in pieces], dim=1)
    assert hertz.shape[1] == 60 - LOOK_AHEAD // HOP
    torch.testing.assert_close(hertz, whole.hertz[:, : hertz.shape[1]], atol=1e-2, rtol=1e-4)


@pytest.mark.parametrize("hertz", [80.0, 131.0, 220.0, 410.0])
def test_correlation_has_its_peak_at_the_period(hertz: float) -> None:
    features = make_tracker().describe(tone(hertz, 20))[0, 5, :BINS]

    octaves = features.argmax().item() / 36
    found = 50 * 2**octaves
    assert min(abs(found / hertz - 1), abs(2 * found / hertz - 1), abs(3 * found / hertz - 1)) < 0.03


def test_decision_is_the_mean_of_the_candidates_near_the_best() -> None:
    scores = torch.full((1, 1, BINS + 1), -20.0)
    scores[0, 0, 72] = scores[0, 0, 73] = 10.0
    scores[0, 0, 120] = 9.0  # another octave must not pull

    pitch = make_tracker().decide(scores)

    assert float(pitch.hertz[0, 0]) == pytest.approx(50 * 2 ** (72.5 / 36), rel=1e-3)
    assert float(pitch.voicing[0, 0]) < 1e-6


def voiced(hertz: float, frames: int) -> Pitch:
    return Pitch(torch.full((1, frames), hertz), torch.ones(1, frames))


def test_talker_s_range_is_learned_and_moved_onto_the_target() -> None:
    talker = TalkerPitch(target_hz=200.0)

    shift = talker.follow(voiced(100.0, 50))

    assert talker.hertz == pytest.approx(100.0)
    assert shift.tolist() == [[12.0] * 50]


def test_a_remembered_talker_is_moved_from_the_first_frame_on() -> None:
    talker = TalkerPitch(target_hz=200.0)
    talker.reset(known_hz=141.4)

    assert talker.follow(Pitch(torch.full((1, 1), 90.0), torch.zeros(1, 1))).tolist() == [[6.0]]


def test_the_shift_does_not_follow_every_word() -> None:
    talker = TalkerPitch(target_hz=200.0)
    talker.reset(known_hz=100.0)

    shifts = talker.follow(voiced(120.0, 40))

    assert set(shifts[0].tolist()) == {12.0}


def test_another_talker_is_followed_in_time() -> None:
    talker = TalkerPitch(target_hz=200.0)
    talker.reset(known_hz=100.0)

    for _ in range(120):
        shifts = talker.follow(voiced(200.0, 200))

    assert abs(float(shifts[0, -1])) <= 1.0


def test_unvoiced_frames_teach_nothing() -> None:
    talker = TalkerPitch(target_hz=200.0)

    talker.follow(Pitch(torch.full((1, 30), 300.0), torch.full((1, 30), 0.2)))

    assert talker.hertz == 0.0
