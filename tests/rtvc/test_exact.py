"""`rtvc convert --exact`: a voice on disk, converted whole, is the networks' own decoding."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from torch import Tensor

from models.checkpoint import write_tensors
from models.hubert import Hubert, HubertConfig
from models.sovits import read_content, read_synthesizer, write_content, write_synthesizer
from models.sovits_content import HubertContent
from models.synthesizer import Synthesizer
from rtvc.cli import main
from rtvc.demo import RECORDING
from rtvc.library import Voice
from rtvc.loading import load_model
from rtvc.wavfile import read_audio
from tests.small_synthesizer import SMALL

SIZES = replace(
    SMALL,
    upsample_rates=(10, 8, 2, 2, 2),
    upsample_kernel_sizes=(16, 16, 8, 2, 2),
    upsample_initial_channel=32,
)


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Voice:
    """A small voice of the family, with a content network of its own."""
    folder = tmp_path_factory.mktemp("voices") / "anna"
    folder.mkdir()
    torch.manual_seed(2)
    model = Synthesizer(SIZES, has_posterior=False)
    for name, buffer in model.quantizer.named_buffers():
        if name.endswith(("embed", "inited")):
            buffer.copy_(torch.randn_like(buffer) if name.endswith("embed") else torch.ones_like(buffer))
    sizes = HubertConfig(
        conv_channels=16, width=SIZES.ssl_dim, feed_forward=32, layers=2, heads=2, position_kernel=16, position_groups=2
    )
    write_synthesizer(folder / "voice.safetensors", model)
    write_content(folder / "content.safetensors", HubertContent(Hubert(sizes)))
    write_tensors(folder / "style.safetensors", {"ge": torch.randn(1, SIZES.gin_channels, 1)}, {})
    card = {"name": "anna", "family": "sovits", "input_rate": 16000, "output_rate": 32000, "content": "somewhere"}
    (folder / "card.yaml").write_text(yaml.safe_dump(card))
    return Voice("anna", card, folder, folder / "voice.safetensors")


def decoded(voice: Voice, ids: list[int]) -> Tensor:
    """The recording by the networks alone, in double precision."""
    from safetensors.torch import load_file

    model = read_synthesizer(voice.folder / "voice.safetensors").double()
    content = read_content(voice.folder / "content.safetensors")
    assert isinstance(content, HubertContent)
    style = load_file(voice.folder / "style.safetensors")["ge"].double()
    samples = torch.from_numpy(read_audio(RECORDING)[0]).double()
    with torch.inference_mode():
        codes = model.codes(content.network.double()(samples[None]))
        return model.decode(codes, torch.tensor([ids]), style, noise_scale=0.0)[0, 0]


@pytest.mark.parametrize(("options", "ids"), [([], [1]), (["--text-ids", "2,5,3"], [2, 5, 3])])
def test_file_is_the_decoding_of_its_codes(
    voice: Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], ids: list[int]
) -> None:
    monkeypatch.setattr("rtvc.commands.convert.chosen_voice", lambda args, config: voice)
    target = tmp_path / "out.wav"

    code = main(["convert", str(RECORDING), str(target), "--voice", "anna", "--exact", "--noise-scale", "0", *options])

    found, rate = read_audio(target)
    wanted = decoded(voice, ids).numpy()
    assert (code, rate, len(found)) == (0, 32000, len(wanted))
    assert len(found) == 1280 * ((len(read_audio(RECORDING)[0]) - 400) // 320 + 1 >> 1)
    assert float(np.abs(found - wanted).max()) < 1e-4
    assert float(np.abs(wanted).max()) > 1e-3


def test_voice_is_the_same_each_time_it_is_loaded(voice: Voice) -> None:
    samples = torch.from_numpy(read_audio(RECORDING)[0][:32000])
    first, second = (load_model(voice, "cpu", 1).convert_whole(samples) for _ in range(2))  # type: ignore[attr-defined]

    assert torch.equal(first, second)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--exact", "--text-ids", "99999"], "text id 99999"),
        (["--exact", "--text-mode", "mean"], "calibrate"),
        (["--exact", "--text-mode", "phones"], "--text-ids"),
        (["--exact", "--rate", "16000"], "32000 Hz"),
        (["--text-mode", "none"], "--text-mode goes with --exact"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    voice: Voice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    words: str,
) -> None:
    monkeypatch.setattr("rtvc.commands.convert.chosen_voice", lambda args, config: voice)

    assert main(["convert", str(RECORDING), str(tmp_path / "out.wav"), "--voice", "anna", *options]) == 1
    said = capsys.readouterr().err.strip()
    assert words in said and "\n" not in said
    assert not (tmp_path / "out.wav").exists()


def test_other_families_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", str(RECORDING), str(tmp_path / "out.wav"), "--voice", "slt", "--exact"]) == 1
    assert "family sovits" in capsys.readouterr().err
