"""Training of a small SoVITS: batches, start of the quantiser, losses that fall, and a voice that loads at its end."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml

from models.content import ContentEncoder
from models.content_sizes import ContentConfig
from models.registry import load_voice
from models.spectrogram import Spectrogram
from models.synthesizer import Synthesizer, SynthesizerConfig
from rtvc.errors import ConfigError, VoiceError
from rtvc.training.sovits import start_quantizer, train_sovits
from rtvc.training.sovits_config import SovitsConfig, TrainSection, read_config
from rtvc.training.sovits_data import Batches, Recordings, buckets
from rtvc.training.sovits_export import export_sovits
from rtvc.wavfile import read_audio

DEMO = Path(__file__).parents[3] / "rtvc" / "data" / "demo.flac"
HOP, CHANNELS = 320, 8
SIZES = SynthesizerConfig(
    spec_channels=513,
    reference_bins=100,
    inter_channels=16,
    hidden_channels=16,
    filter_channels=24,
    n_layers=2,
    p_dropout=0.0,
    text_vocabulary=10,
    mrte_width=16,
    mrte_heads=2,
    ssl_dim=CHANNELS,
    codebooks=2,
    codes=16,
    gin_channels=12,
    posterior_layers=2,
    flow_layers=1,
    resblock="2",
    resblock_kernel_sizes=(3,),
    resblock_dilation_sizes=((1, 2),),
    upsample_rates=(10, 8, 4),
    upsample_initial_channel=32,
    upsample_kernel_sizes=(20, 16, 8),
    segment_frames=16,
)
TRAIN = TrainSection(learning_rate=2e-3, batch_size=4, c_stft=2.0, discriminator_periods=(2,), discriminator_divisor=16)
CONFIG = SovitsConfig(TRAIN, SIZES)


@pytest.fixture(scope="module")
def recordings() -> Recordings:
    """Six pieces of real speech with content that is a smooth function of their sound."""
    samples = torch.from_numpy(read_audio(DEMO)[0])
    frames = 6 * 80
    pieces = samples[: frames * HOP].view(-1, HOP)
    levels = torch.fft.rfft(pieces).abs()[:, 1:81].view(-1, CHANNELS, 10).mean(-1)
    content = torch.log(levels + 1e-2)[None].repeat(2, 1, 1)
    return Recordings(
        content.half(), (samples[: frames * HOP] * 32767).to(torch.int16), torch.arange(0, frames + 1, 80)
    )


def test_buckets_hold_every_recording_and_only_like_lengths() -> None:
    rng = np.random.default_rng(0)
    lengths = np.array([20, 33, 100, 290, 310, 390, 450, 2500])
    batches = list(buckets(lengths, 2, rng))

    assert all(len(batch) == 2 for batch in batches)
    assert {int(i) for batch in batches for i in batch} == {1, 2, 3, 4, 5, 6}
    for batch in batches:
        assert len({int(np.searchsorted((32, 300, 400, 500), lengths[i])) for i in batch}) == 1


def test_batches_pad_to_whole_codes(recordings: Recordings) -> None:
    batches = Batches(recordings, Spectrogram(CONFIG.spectrogram), 4, 0)
    batch = batches.draw()

    assert batch.content.shape == (4, CHANNELS, 82)
    assert batch.spectrograms.shape == (4, 513, 82)
    assert batch.waveforms.shape == (4, 82 * HOP)
    assert batch.lengths.tolist() == [80] * 4
    assert float(batch.waveforms[:, 80 * HOP :].abs().max()) == 0.0
    assert batches.epoch == 1


def test_recordings_too_short_are_told(recordings: Recordings) -> None:
    short = replace(recordings, bounds=torch.arange(0, 481, 20))
    with pytest.raises(VoiceError, match="no recording is longer"):
        Batches(short, Spectrogram(CONFIG.spectrogram), 4, 0).draw()


def test_quantiser_starts_from_the_widest_directions(recordings: Recordings) -> None:
    torch.manual_seed(0)
    model = Synthesizer(SIZES)
    content = recordings.content.flatten(0, 1).float()
    left = start_quantizer(model, content, seed=0)
    pairs = content.T[None]

    codes = model.codes(pairs)
    told = model.quantizer.decode(codes.transpose(0, 1))
    wanted = model.ssl_proj(pairs).detach()
    assert left[1] < left[0] < 60.0
    assert float((told - wanted).var() / wanted.var()) == pytest.approx(left[1] / 100, abs=0.03)
    assert torch.equal(model.ssl_proj.weight.flatten(1) @ model.ssl_proj.weight.flatten(1).T > 0.99, torch.eye(8) > 0)


def test_run_goes_on_where_it_was_and_ends_in_a_voice(recordings: Recordings, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    train_sovits(recordings, tmp_path / "run", CONFIG, minutes=0.06)
    first = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["step"]
    train_sovits(recordings, tmp_path / "run", CONFIG, minutes=0.2)
    checkpoint = torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)

    assert checkpoint["step"] > first > 2
    log = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    shown = [line for line in log if "mel" in line]
    assert all({"kl", "fool", "match", "judge"} <= line.keys() for line in shown)

    encoder = ContentEncoder(ContentConfig(width=16, heads=2, feed_forward=24, blocks=2, left=8, content=CHANNELS))
    size = export_sovits(tmp_path / "run" / "checkpoint.pt", CONFIG, recordings, encoder, 1, tmp_path / "voice")
    card = yaml.safe_load((tmp_path / "voice" / "card.yaml").read_text())
    voice = load_voice(card, tmp_path / "voice" / "voice.safetensors")
    assert (voice.output_rate, card["family"]) == (16000, "sovits")
    assert 10_000 < size < 2_000_000


def test_mel_loss_falls_when_a_batch_is_learned(recordings: Recordings, tmp_path: Path) -> None:
    torch.set_num_threads(1)
    config = replace(CONFIG, train=replace(TRAIN, adversarial_from=1.1, learning_rate=4e-3))
    from rtvc.training.loop import Run
    from rtvc.training.sovits import SovitsTrainer

    run = Run(tmp_path, 60.0, warm_up=1)
    trainer = SovitsTrainer(Batches(recordings, Spectrogram(config.spectrogram), 4, 0), config, run, "cpu")
    start_quantizer(trainer.model, recordings.content.flatten(0, 1).float(), 0)
    losses = [trainer.step() for _ in range(60)]

    def mean(part: list[dict[str, float]], name: str) -> float:
        return float(np.mean([loss[name] for loss in part]))

    for name in ("mel", "stft"):
        assert mean(losses[-8:], name) < 0.8 * mean(losses[:8], name)


def test_configuration_in_the_layout_of_s2_json(tmp_path: Path) -> None:
    path = tmp_path / "s2.json"
    path.write_text(json.dumps({"train": {"batch_size": 4, "betas": [0.8, 0.99]}, "model": {"codebooks": 2}}))
    config = read_config(path)

    assert (config.train.batch_size, config.model.codebooks, config.hop) == (4, 2, 640)
    assert config.spectrogram.rate == 32000


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"train": {"batch_sise": 4}}, "batch_size"),
        ({"model": {"codebooks": "two"}}, "codebooks cannot be 'two'"),
        ({"train": 3}, "section train"),
        ([1], "no sections"),
    ],
)
def test_configuration_that_cannot_be_is_one_sentence(tmp_path: Path, facts: object, words: str) -> None:
    path = tmp_path / "s2.json"
    path.write_text(json.dumps(facts))
    with pytest.raises(ConfigError, match=words):
        read_config(path)
