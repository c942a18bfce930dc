"""The pitch tracker: exact streaming, a readable scale, and a talker's range that settles."""

import numpy as np
import pytest
import torch
from torch import Tensor

from models.compiled import CompiledNetwork, PlainStep
from models.known_pitch import guessed
from models.pitch import PitchTracker
from models.pitch_sizes import BINS, FFT_SIZE, HOP, LOOK_AHEAD, POWER_BINS, WINDOW
from models.pitch_step import PitchStep
from models.pitch_stream import PitchStream, Track, decide
from models.talker import TalkerPitch
from models.windows import power_spectra


def make_tracker() -> PitchTracker:
    torch.manual_seed(0)
    return PitchTracker(width=24, blocks=2).eval().requires_grad_(False)


def tone(hertz: float, frames: int) -> Tensor:
    time = torch.arange(frames * HOP) / 16000
    return 0.1 * sum(torch.sin(2 * torch.pi * hertz * k * time) / k for k in range(1, 6))[None]


def test_stream_equals_offline() -> None:
    tracker, samples = make_tracker(), tone(150, 60) + 0.01 * torch.randn(1, 60 * HOP)
    step = PitchStep(tracker)
    compiled = CompiledNetwork(step, [torch.ones(2, POWER_BINS)], step.initial_state())
    stream = PitchStream(compiled.open())

    with torch.inference_mode():
        tracks = [stream.push(piece) for piece in samples[0].numpy().reshape(-1, 2 * HOP)]
        whole = tracker.decide(tracker(samples))

    for name in ("hertz", "voicing"):
        found = torch.from_numpy(np.concatenate([getattr(track, name) for track in tracks if track is not None]))
        assert len(found) == 60 - LOOK_AHEAD // HOP
        torch.testing.assert_close(found, getattr(whole, name)[0, : len(found)], atol=1e-2, rtol=1e-4)


def test_a_guess_is_the_answer_to_a_recording_that_ends_there() -> None:
    tracker, samples = make_tracker(), tone(150, 20) + 0.01 * torch.randn(1, 20 * HOP)
    step = PitchStep(tracker)
    stream = PitchStream(PlainStep(step, step.initial_state()))

    with torch.inference_mode():
        found = []
        for piece in samples[0].numpy().reshape(-1, 2 * HOP):
            stream.push(piece)
            found.append(stream.guess())
        wanted = guessed(tracker, samples)

    for name in ("hertz", "voicing"):
        joined = torch.from_numpy(np.concatenate([getattr(track, name) for track in found]))
        torch.testing.assert_close(joined, getattr(wanted, name)[0], atol=1e-2, rtol=1e-4)


def test_step_describes_a_spectrum_as_the_tracker_does() -> None:
    tracker, samples = make_tracker(), tone(150, 60) + 0.01 * torch.randn(1, 60 * HOP)
    heard = samples[0, : WINDOW + HOP]
    power = power_spectra(heard.numpy(), tracker.window.numpy(), HOP, FFT_SIZE, is_centred=True)

    described = PitchStep(tracker).describe(torch.from_numpy(power))

    torch.testing.assert_close(described, tracker.describe(heard[None])[0], atol=1e-4, rtol=1e-4)


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

    pitch, track = make_tracker().decide(scores), decide(scores[0].numpy())

    for hertz, voicing in ((pitch.hertz[0, 0], pitch.voicing[0, 0]), (track.hertz[0], track.voicing[0])):
        assert float(hertz) == pytest.approx(50 * 2 ** (72.5 / 36), rel=1e-3)
        assert float(voicing) < 1e-6


@pytest.mark.parametrize("best", [0, 2, BINS - 1])
def test_decision_at_the_ends_of_the_scale(best: int) -> None:
    scores = torch.randn(1, 1, BINS + 1, generator=torch.manual_seed(best))
    scores[..., best] = 5.0

    wanted, found = make_tracker().decide(scores), decide(scores[0].numpy())

    assert float(found.hertz[0]) == pytest.approx(float(wanted.hertz[0, 0]), rel=1e-5)
    assert float(found.voicing[0]) == pytest.approx(float(wanted.voicing[0, 0]), rel=1e-5)


def voiced(hertz: float, frames: int, voicing: float = 1.0) -> Track:
    return Track(np.full(frames, hertz, np.float32), np.full(frames, voicing, np.float32))


def test_talker_s_range_is_learned_and_moved_onto_the_target() -> None:
    talker = TalkerPitch(target_hz=200.0)

    shift = talker.follow(voiced(100.0, 50))

    assert talker.hertz == pytest.approx(100.0)
    assert shift == [12.0] * 50


def test_a_remembered_talker_is_moved_from_the_first_frame_on() -> None:
    talker = TalkerPitch(target_hz=200.0)
    talker.reset(known_hz=141.4)

    assert talker.follow(voiced(90.0, 1, voicing=0.0)) == [6.0]


def test_the_shift_does_not_follow_every_word() -> None:
    talker = TalkerPitch(target_hz=200.0)
    talker.reset(known_hz=100.0)

    shifts = talker.follow(voiced(120.0, 40))

    assert set(shifts) == {12.0}


def test_another_talker_is_followed_in_time() -> None:
    talker = TalkerPitch(target_hz=200.0)
    talker.reset(known_hz=100.0)

    for _ in range(120):
        shifts = talker.follow(voiced(200.0, 200))

    assert abs(shifts[-1]) <= 1.0


def test_unvoiced_frames_teach_nothing() -> None:
    talker = TalkerPitch(target_hz=200.0)

    talker.follow(voiced(300.0, 30, voicing=0.2))

    assert talker.hertz == 0.0
