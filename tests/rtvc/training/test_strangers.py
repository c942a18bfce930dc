"""Strangers' crops come at the voice's pitch with their phones, and the encoder hears phones at every rate."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from models.content_sizes import STEP
from models.generator_sizes import VOICED
from models.live_networks import LiveNetworks, read_networks
from rtvc.library import shipped_folder
from rtvc.training.strangers import COUNT, StrangeBatches, Strangers, heard_phones_loss
from rtvc.training.views import CROP, Views, views_of

DEMO = Path(__file__).parents[3] / "rtvc" / "data" / "demo.flac"


@pytest.fixture(scope="module")
def networks() -> LiveNetworks:
    return read_networks(shipped_folder() / "slt" / "voice.safetensors")[0].eval().requires_grad_(False)


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    samples, rate = soundfile.read(DEMO, dtype="float32")
    assert rate == 16000
    found: np.ndarray = samples[: 4 * rate]
    return found


@pytest.fixture(scope="module")
def views(networks: LiveNetworks, speech: np.ndarray) -> Views:
    return views_of([speech], (networks.content, networks.quantizer, networks.pitch), count=2)


def test_strangers_come_at_the_pitch_of_the_voice(networks: LiveNetworks, views: Views) -> None:
    frames = len(views.samples) // STEP
    strangers = Strangers(views, torch.arange(frames), torch.tensor([views.mean_hz]))
    batches = StrangeBatches(strangers, networks.quantizer, 2 * views.mean_hz, seed=3)

    batch = batches.draw()

    assert batch.content.shape == (COUNT, CROP, networks.content.config.content)
    assert batch.phones.shape == (COUNT, CROP)
    for row in range(COUNT):
        start = int(batch.phones[row, 0])
        own = views.hertz[2 * start : 2 * (start + CROP)]
        voiced = views.voicing[2 * start : 2 * (start + CROP)] > VOICED
        torch.testing.assert_close(batch.hertz[row][voiced], (2 * own).clamp(60.0, 600.0)[voiced])


def test_encoder_is_asked_for_the_phones_that_were_said(networks: LiveNetworks, speech: np.ndarray) -> None:
    made = torch.from_numpy(speech[: CROP * STEP])[None]
    scores = networks.content.phones(networks.content.features(networks.content.mel(made), 4))
    said, other = scores.argmax(-1), (scores.argmax(-1) + 7) % scores.shape[-1]

    right = heard_phones_loss(networks.content, made, 16000, said)

    assert right < 1.0 < heard_phones_loss(networks.content, made, 16000, other)
    assert heard_phones_loss(networks.content, made, 16000, torch.where(said > 0, said, -1)).isfinite()


def test_a_wider_waveform_is_heard_as_its_lower_half(networks: LiveNetworks, speech: np.ndarray) -> None:
    made = torch.from_numpy(speech[: CROP * STEP])[None]
    spectrum = torch.fft.rfft(made)
    wide = 1.5 * torch.fft.irfft(
        torch.nn.functional.pad(spectrum, (0, spectrum.shape[-1] // 2)), made.shape[-1] * 3 // 2
    )
    phones = torch.ones(1, CROP, dtype=torch.long)

    narrow = heard_phones_loss(networks.content, made, 16000, phones)

    torch.testing.assert_close(heard_phones_loss(networks.content, wide, 24000, phones), narrow, atol=1e-2, rtol=1e-2)
