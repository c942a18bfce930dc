"""Which frame's pitch stands for another's that a stream cannot know yet.

A stream makes the sound of a content frame of 20 ms as soon as its look-ahead is complete. The tracker is a step later
than that, and the source under the synthesis window reaches past the frame: with less than two frames of look-ahead
the newest pitch that is known is held. What was made stays made, so each frame of the source has one pitch for ever.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from models.source_filter import Generator, fill, pulse_train

FRAMES = 2
"""Pitch frames in a content frame."""
TRACKER_STEPS = 1
"""Content frames after which the tracker knows the pitch of one."""


class Known(NamedTuple):
    """For each pitch frame the one that stands for it [T], -1 for the one before the stream.

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
    last_told = _last_known(frame // FRAMES, look_ahead)
    last_made = _last_known((frame - 1).clamp(min=0) // FRAMES, look_ahead)
    return Known(frame.minimum(last_told), frame.minimum(last_made), (frame + 1).minimum(last_made))


def speak(
    generator: Generator, content: Tensor, hertz: Tensor, voicing: Tensor, noise: Tensor, look_ahead: int
) -> Tensor:
    """Return what a stream makes of whole recordings, but for its last step, whose future no stream has.

    Content [B, T, 96], tracked F0 and voicing [B, 2 T] and noise [B, N] -> waveform [B, N].
    """
    start = torch.full_like(hertz[:, :1], generator.config.mean_hz)
    filled = torch.cat([start, fill(hertz, voicing, start), hertz[:, -1:]], dim=1)
    voices = torch.cat([torch.zeros_like(start), voicing, voicing[:, -1:]], dim=1)
    own, source, following = (x + 1 for x in known(hertz.shape[1], look_ahead))
    filters = generator.filters(content, filled[:, own], voices[:, own])
    pulses = pulse_train(filled[:, source], voices[:, source], generator.config.rate, filled[:, following])
    return generator.render(filters, pulses, noise)


def _last_known(step: Tensor, look_ahead: int) -> Tensor:
    """The last pitch frame that is known when the sound of a content frame is made."""
    return FRAMES * (step + look_ahead - TRACKER_STEPS + 1) - 1
