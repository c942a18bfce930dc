"""Masked prediction: units of clean speech, spans that are hidden, and an encoder that learns to guess them."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from torch import Tensor

from models.content import ContentEncoder
from models.content_sizes import ContentConfig
from rtvc.training.content_batches import Batch
from rtvc.training.content_lesson import OBJECTIVES, Lesson
from rtvc.training.masked import SPAN, Units, cepstra, draw_spans, guessed, hide, layers, units_in

DEMO = Path(__file__).parents[3] / "rtvc" / "data" / "demo.flac"


@pytest.fixture(scope="module")
def speech() -> Tensor:
    """Log-mel of four crops of a second and a half [4, 150, 80]."""
    samples = torch.from_numpy(soundfile.read(DEMO, dtype="float32")[0])[: 4 * 24000]
    return ContentEncoder().mel(samples.view(4, 24000))


def test_spans_cover_the_share_that_is_asked_for() -> None:
    hidden = draw_spans(400, 150, 0.4, np.random.default_rng(0))

    assert hidden.shape == (400, 150)
    assert float(hidden.float().mean()) == pytest.approx(0.4, abs=0.02)
    assert float(hidden[:, 0].float().mean()) == pytest.approx(0.4, abs=0.08), "the first frame is hidden as often"
    inner = torch.diff(hidden[:, 1:-1].int(), dim=1)
    row, start = (inner == 1).nonzero()[0].tolist()
    assert hidden[row, start + 2 : start + 2 + SPAN].all()


def test_a_hidden_frame_reaches_the_encoder_only_through_others(speech: Tensor) -> None:
    encoder, other = ContentEncoder().eval(), speech.clone()
    hidden = torch.zeros(4, 75, dtype=torch.bool)
    hidden[:, 30:40] = True
    other[:, 60:80] = other[:, 60:80].flip(1)

    seen, same = hide(speech, hidden), hide(other, hidden)

    torch.testing.assert_close(seen, same)
    torch.testing.assert_close(seen[:, :60], speech[:, :60])
    with torch.no_grad():
        heard = [encoder.features(mel, 0) for mel in (speech, other)]
    first = (heard[0] - heard[1]).abs().amax((0, 2)).gt(1e-4).nonzero()[0]
    assert int(first) == 30, "frame 30 is the first that hears mel frames 60 and 61"


def test_the_last_layer_is_what_the_encoder_describes(speech: Tensor) -> None:
    encoder = ContentEncoder().eval()

    outputs = list(layers(encoder, speech, 3))

    assert len(outputs) == encoder.config.blocks
    torch.testing.assert_close(encoder.described(outputs[-1]), encoder.features(speech, 3))


def test_units_change_where_the_sound_changes() -> None:
    mel = torch.randn(1, 1, 80).expand(1, 100, 80).clone()
    mel[:, 40:] = torch.randn(1, 1, 80)
    units = Units()
    torch.manual_seed(0)

    assert cepstra(mel).shape == (1, 50, 39)
    units.fit([mel + 0.01 * torch.randn(8, 100, 80)])
    found = units(mel)[0]

    assert units.count == 100 and found.shape == (50,)
    assert len(set(found[:17].tolist())) == 1 and len(set(found[24:].tolist())) == 1
    assert found[0] != found[-1]


def test_units_of_a_layer_are_kept_with_their_listener(speech: Tensor, tmp_path: Path) -> None:
    torch.save({"parts": {"teacher": ContentEncoder(ContentConfig()).state_dict()}}, tmp_path / "checkpoint.pt")

    made = units_in(tmp_path / "units.pt", [speech], tmp_path / "checkpoint.pt")
    again = units_in(tmp_path / "units.pt", [], None)

    assert made.count == 200 and made.listener is not None
    assert torch.equal(made(speech), again(speech)) and made(speech).shape == (4, 75)
    assert len(made(speech).unique()) > 20


def test_only_hidden_frames_are_asked_and_silenced_ones_do_not_count() -> None:
    units = torch.tensor([[0, 1, 2, 3]])
    scores = torch.nn.functional.one_hot(torch.tensor([[0, 0, 2, 0]]), 4).float() * 40
    hidden, closed = torch.tensor([[False, False, True, True]]), torch.tensor([[False, False, False, True]])

    loss, right = guessed(scores, units, hidden, closed)

    assert float(right) == 1.0
    assert float(loss) == pytest.approx(0.1 * 40 / 1.2, rel=1e-3), "of the heard frames one is wrong, at its weight"


def test_masked_prediction_learns(speech: Tensor) -> None:
    torch.manual_seed(0)
    units = Units()
    units.fit([speech])
    lesson = Lesson(ContentEncoder(), OBJECTIVES["masked"], units)
    none = torch.zeros(4, 75, dtype=torch.bool)
    batch = Batch(speech, speech, torch.full((4, 75), -1), none)
    rng, values = np.random.default_rng(0), []

    for _ in range(25):
        losses = lesson.losses(batch, draw_spans(4, 75, 0.5, rng), 2)
        lesson.learn(losses, 1e-3, 0.99)
        values.append(float(losses["units"][1].detach()))

    assert np.mean(values[-5:]) < 0.8 * np.mean(values[:3])
    assert "head" in lesson.parts and set(losses) == {"units", "right"}
