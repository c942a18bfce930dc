"""HuBERT and the speaker-verification network out of the files in which people have them."""

import json
from dataclasses import replace

import pytest
import safetensors.torch
import torch

from models.hubert import Hubert, HubertConfig
from models.hubert_names import MASK_VECTOR
from models.sovits import read_content
from models.speaker import SpeakerConfig, SpeakerNetwork, Stage
from rtvc.errors import VoiceError
from rtvc.importing.hubert_files import read_hubert, read_speaker
from rtvc.parts import HUBERT, Parts
from tests.checkpoint_files import new_names
from tests.filling import fill

SMALL = replace(HubertConfig(), conv_channels=16, width=64, feed_forward=64, layers=2, heads=1, position_groups=4)
SMALL_SPEAKER = SpeakerConfig(
    channels=8,
    base_width=26,
    scale=2,
    stages=(Stage(8, 1, 1, False), Stage(16, 1, 2, False), Stage(16, 1, 2, True), Stage(32, 1, 2, True)),
)


def network():
    model = Hubert(SMALL)
    fill(model)
    return model.eval()


def write_folder(folder, tensors=None, file="pytorch_model.bin", **settings):
    folder.mkdir()
    tensors = tensors or {name: one.half() for name, one in network().state_dict().items()}
    (folder / "config.json").write_text(json.dumps({"model_type": "hubert", "num_attention_heads": 12, **settings}))
    if file.endswith(".bin"):
        torch.save(tensors, folder / file)
    else:
        safetensors.torch.save_file({name: one.contiguous() for name, one in tensors.items()}, folder / file)
    return folder


def read(path):
    return read_hubert(path, lambda _: None, SMALL)


@pytest.mark.parametrize("file", ["pytorch_model.bin", "model.safetensors"])
def test_folder_of_hugging_face_is_read(tmp_path, file):
    found = read(write_folder(tmp_path / "chinese-hubert-base", file=file))

    assert found.origin["file"] == file
    for name, one in network().state_dict().items():
        assert torch.equal(found.tensors[name], one.half())


def test_names_of_torchaudio_and_newer_norms_are_read(tmp_path):
    tensors = {name: one for name, one in network().state_dict().items() if name != MASK_VECTOR}

    def renamed(name):
        return name.replace("encoder.", "encoder.transformer.").replace("feature_pro", "encoder.feature_pro")

    theirs = {renamed(name): one for name, one in new_names(tensors).items()}
    torch.save({**theirs, "aux.weight": torch.zeros(3, 3)}, tmp_path / "hubert.pth")

    found = read(tmp_path / "hubert.pth").tensors

    assert torch.equal(found[MASK_VECTOR], torch.zeros(64))
    assert all(torch.equal(found[name], one) for name, one in tensors.items())


def test_part_is_what_a_voice_loads(tmp_path):
    found = read(write_folder(tmp_path / "chinese-hubert-base"))

    part = Parts(tmp_path / "parts").store(HUBERT, found.tensors, found.config, found.origin)

    assert part.id == "chinese-hubert-base"
    samples = torch.randn(4000, generator=torch.Generator().manual_seed(0))
    content = read_content(part.weights).whole(samples)
    torch.testing.assert_close(content, network()(samples[None]), atol=0.02, rtol=0.02)


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda folder: (folder / "config.json").write_text(json.dumps({"hidden_act": "relu"})), "has hidden_act relu"),
        (lambda folder: (folder / "config.json").write_text("{ no"), "is no JSON"),
        (lambda folder: (folder / "config.json").unlink(), "config.json is not there"),
        (lambda folder: (folder / "pytorch_model.bin").unlink(), "holds no HuBERT"),
        (lambda folder: torch.save({"a": torch.zeros(3)}, folder / "pytorch_model.bin"), "is no HuBERT"),
        (lambda folder: (folder / "pytorch_model.bin").write_text("a letter"), "is a text"),
        (
            lambda folder: torch.save(Hubert(replace(SMALL, layers=3)).state_dict(), folder / "pytorch_model.bin"),
            "is a HuBERT of 3 layers of 64 channels",
        ),
    ],
)
def test_what_is_no_base_model_is_one_sentence(tmp_path, damage, expected):
    folder = write_folder(tmp_path / "chinese-hubert-base")
    damage(folder)

    with pytest.raises(VoiceError) as caught:
        read(folder)

    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("is_legacy", [False, True])
def test_speaker_network_is_read(tmp_path, is_legacy):
    model = SpeakerNetwork(SMALL_SPEAKER)
    fill(model)
    path = tmp_path / "sv.ckpt"
    torch.save(model.state_dict(), path, _use_new_zipfile_serialization=not is_legacy)

    found = read_speaker(path, lambda _: None, model)

    assert all(torch.equal(found.tensors[name], one) for name, one in model.state_dict().items())


def test_other_weights_are_no_speaker_network(tmp_path):
    torch.save(network().state_dict(), tmp_path / "sv.ckpt")

    with pytest.raises(VoiceError, match="is not whole: for the speaker-verification network it lacks"):
        read_speaker(tmp_path / "sv.ckpt", lambda _: None)
