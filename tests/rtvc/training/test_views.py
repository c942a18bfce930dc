"""Views of recordings: each hears as far ahead as a stream may, and the first is the recording as it is."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import torch

from models.content import ContentEncoder
from models.content_sizes import STEP, ContentConfig
from models.pitch import PitchTracker
from models.rvq import ResidualVectorQuantizer
from rtvc.demo import RECORDING
from rtvc.training.views import (
    LOOK_AHEAD_SHARES,
    LOOK_AHEADS,
    Batches,
    Frozen,
    Take,
    draw_look_aheads,
    load_views,
    save_views,
    views_of,
)

SPEECH = soundfile.read(RECORDING, dtype="float32")[0][: 2 * 16000]
SMALL = ContentConfig(width=24, heads=2, feed_forward=32, blocks=4, kernel=5, left=8, content=8)


@pytest.fixture(scope="module")
def frozen() -> Frozen:
    torch.manual_seed(0)
    quantizer = ResidualVectorQuantizer(dimension=SMALL.content, n_q=2, bins=64)
    for layer in quantizer.vq.layers:
        layer._codebook.embed.normal_()
        layer._codebook.inited.fill_(1.0)
    return ContentEncoder(SMALL).eval(), quantizer.eval(), PitchTracker(16, 1).eval()


def codes_of(frozen: Frozen, look_ahead: int) -> torch.Tensor:
    whole = torch.from_numpy(SPEECH[: len(SPEECH) // STEP * STEP])[None]
    with torch.inference_mode():
        return frozen[1].encode(frozen[0](whole, look_ahead).transpose(1, 2))[:, 0]


@pytest.mark.parametrize("look_ahead", LOOK_AHEADS)
def test_a_told_look_ahead_is_that_of_the_encoder(frozen: Frozen, look_ahead: int) -> None:
    views = views_of([SPEECH], frozen, look_ahead, count=2)

    assert (views.codes[0] == codes_of(frozen, look_ahead)).float().mean() > 0.99


def test_views_hear_ahead_as_far_as_was_drawn_for_each(frozen: Frozen) -> None:
    possible = [codes_of(frozen, look_ahead) for look_ahead in LOOK_AHEADS]
    assert not any(a.equal(b) for i, a in enumerate(possible) for b in possible[:i])

    firsts = [views_of([SPEECH], frozen, count=2, seed=seed).codes[0] for seed in range(12)]

    heard = [max(range(4), key=lambda k: float((one == possible[k]).float().mean())) for one in firsts]
    assert len(set(heard)) > 1
    assert all((one == possible[k]).float().mean() > 0.99 for one, k in zip(firsts, heard, strict=True))


@pytest.mark.parametrize(("rate", "short_by"), [(24000, 0), (48000, 5)])
def test_the_sound_to_be_made_may_have_a_rate_of_its_own(
    frozen: Frozen, tmp_path: Path, rate: int, short_by: int
) -> None:
    wide = soxr.resample(SPEECH, 16000, rate).astype(np.float32)

    save_views(views_of([Take(SPEECH, wide[: len(wide) - short_by])], frozen, 2, count=2, rate=rate), tmp_path / "v.pt")

    views, narrow = load_views(tmp_path / "v.pt"), views_of([SPEECH], frozen, 2, count=2)
    frames = len(SPEECH) // STEP
    assert (views.rate, views.step, len(views.samples)) == (rate, rate // 50, frames * rate // 50)
    assert views.codes[0].equal(narrow.codes[0]) and views.hertz.equal(narrow.hertz)
    np.testing.assert_array_equal(views.samples[: len(wide) - 960], wide[: frames * rate // 50][: len(wide) - 960])
    content, hertz, _, wav = Batches(views, frozen[1], 0).draw()
    assert hertz.shape[1] == 2 * content.shape[1] and wav.shape[1] == content.shape[1] * rate // 50


def test_views_from_before_there_were_rates_are_at_16_khz(frozen: Frozen, tmp_path: Path) -> None:
    views = views_of([SPEECH], frozen, 2, count=2)
    stored = vars(views) | {"bounds": torch.from_numpy(views.bounds)}
    del stored["rate"]
    torch.save(stored, tmp_path / "v.pt")

    assert load_views(tmp_path / "v.pt").rate == 16000


def test_look_aheads_come_in_their_shares() -> None:
    drawn = draw_look_aheads(np.random.default_rng(0), 4000)

    shares = [drawn.count(look_ahead) / len(drawn) for look_ahead in LOOK_AHEADS]
    assert shares == pytest.approx(LOOK_AHEAD_SHARES, abs=0.03)
