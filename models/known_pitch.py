"""What a stream knows of the pitch in time, and what stands for the rest; the same over whole recordings.

A stream makes the sound of a content frame of 20 ms as soon as its look-ahead is complete. The tracker is a step later
than that, and the source under the synthesis window reaches past the frame. With less than two frames of look-ahead
the newest frames are therefore guessed (`PitchStream.guess`), and beyond them the last guess is held. What was made
stays made, so each frame of the source has one pitch for ever.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from models.content_sizes import STEP
from models.generator_sizes import VOICED
from models.pitch import Pitch, PitchTracker
from models.pitch_sizes import FRAMES
from models.source_filter import Generator, fill, pulse_train


class Known(NamedTuple):
    """For each of T pitch frames what stands for it [T]: a frame from 0 on, or T more for the guess of a frame.

    `own` is what the generator is told of a frame, `source` what its pulses follow, and `following` what these take
    for the pitch of the frame after it.
    """

    own: Tensor
    source: Tensor
    following: Tensor


def known(frames: int, look_ahead: int) -> Known:
    """Return what a stream knows of `frames` pitch frames when its content looks `look_ahead` frames of 20 ms ahead.

    The pulses of a frame are made with the content frame that its predecessor belongs to, whose window needs them.
    """
    frame = torch.arange(frames)
    told_at = frame // FRAMES + look_ahead
    made_at = (frame - 1).clamp(min=0) // FRAMES + look_ahead
    return Known(_found(frame, told_at, frames), _found(frame, made_at, frames), _found(frame + 1, made_at, frames))


def guessed(tracker: PitchTracker, samples: Tensor) -> Pitch:
    """Return the guess of every frame of samples [1, 320 T] in the step that it belongs to: [1, 2 T].

    Each step's is the tracker's answer to a recording that ends with it, so this takes the square of the time.
    """
    ends = range(STEP, samples.shape[-1] + 1, STEP)
    scores = torch.cat([tracker(samples[:, :end])[:, -FRAMES:] for end in ends], dim=1)
    return tracker.decide(scores)


def speak(
    generator: Generator, content: Tensor, pitch: Pitch, guesses: Pitch, noise: Tensor, look_ahead: int
) -> Tensor:
    """Return what a stream makes of whole recordings, but for its last step, whose future no stream has.

    Content [B, T, 96], tracked and guessed pitch [B, 2 T] and noise [B, N] -> waveform [B, N].
    """
    start = torch.full_like(pitch.hertz[:, :1], generator.config.mean_hz)
    filled = fill(pitch.hertz, pitch.voicing, start)
    hertz = torch.cat([filled, _filled(guesses, torch.cat([start, filled], dim=1))], dim=1)
    voicing = torch.cat([pitch.voicing, guesses.voicing], dim=1)
    own, source, following = known(filled.shape[1], look_ahead)
    filters = generator.filters(content, hertz[:, own], voicing[:, own])
    pulses = pulse_train(hertz[:, source], voicing[:, source], generator.config.rate, hertz[:, following])
    return generator.render(filters, pulses, noise)


def _found(frame: Tensor, step: Tensor, frames: int) -> Tensor:
    """What is known of a frame in a step: itself before the step, else its guess or that of the step's last frame."""
    guess = frame.minimum(FRAMES * step + FRAMES - 1).clamp(max=frames - 1) + frames
    return torch.where(frame < FRAMES * step, frame.clamp(max=frames - 1), guess)


def _filled(guesses: Pitch, before: Tensor) -> Tensor:
    """Guesses with unvoiced ones set to what precedes them: the frame before the step, in `before` [B, 1 + 2 T]."""
    first, second = guesses.hertz[:, ::FRAMES], guesses.hertz[:, 1::FRAMES]
    voiced = guesses.voicing > VOICED
    first = torch.where(voiced[:, ::FRAMES], first, before[:, :-1:FRAMES])
    second = torch.where(voiced[:, 1::FRAMES], second, first)
    return torch.stack([first, second], dim=-1).flatten(1)
