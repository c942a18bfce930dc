"""Voices come, change and go by the command line."""

import json

import pytest
import soundfile
import yaml

from rtvc.importing.checkpoint import read_checkpoint, read_weights
from rtvc.importing.torch_file import TorchFile
from tests.checkpoint_files import mark, settings, weights, write_voice
from tests.rtvc.commands.toys import make_speech, make_voice


@pytest.fixture
def clip(tmp_path):
    path = tmp_path / "clip.wav"
    soundfile.write(path, make_speech(3.0, 16000), 16000)
    return path


def test_imported_voice_is_listed_and_told(rtvc, tmp_path, clip):
    answer = rtvc("voices", "import", write_voice(tmp_path / "anna_e8_s144.pth"), "--reference", clip)

    assert (answer.code, answer.err) == (0, "")
    assert "anna is a voice now, of GPT-SoVITS v2" in answer.out
    assert "rtvc voices fetch hubert" in answer.out
    assert "anna" in rtvc("voices", "list").out
    assert "origin:\n  file: anna_e8_s144.pth" in rtvc("voices", "info", "anna").out


def test_info_says_what_a_voice_still_lacks(rtvc, tmp_path):
    rtvc("voices", "import", write_voice(tmp_path / "anna_e8_s144.pth"))
    told, facts = rtvc("voices", "info", "anna"), rtvc("voices", "info", "anna", "--json")

    lines = [line for line in told.out.splitlines() if line.startswith("not ready: ")]
    assert len(lines) == len(json.loads(facts.out)["needs"]) == 2
    assert "rtvc voices fetch hubert" in lines[0] and "rtvc voices reference anna clip.wav" in lines[1]


def test_import_is_json_for_programs(rtvc, tmp_path):
    answer = rtvc("voices", "import", "--name", "Anna B", write_voice(tmp_path / "anna.pth", "v2Pro"), "--json")

    told = json.loads(answer.out)
    assert (told["name"], told["version"], len(told["needs"])) == ("Anna B", "v2Pro", 3)


def test_refusal_is_one_sentence(rtvc, tmp_path):
    answer = rtvc("voices", "import", mark(write_voice(tmp_path / "anna.pth"), b"04"))

    assert answer.code == 1
    assert "is a LoRA of GPT-SoVITS v3 or v4" in answer.sentence


def test_exported_voice_is_what_was_imported(rtvc, tmp_path):
    rtvc("voices", "import", write_voice(tmp_path / "anna_e8_s144.pth", "v2Pro"))

    answer = rtvc("voices", "export", "anna", tmp_path / "copy.pth")

    assert answer.code == 0
    with TorchFile(tmp_path / "copy.pth") as file:
        checkpoint = read_checkpoint(file)
        found = read_weights(file, checkpoint.weights, lambda _: None)
        model, data = file.content["config"]["model"], file.content["config"]["data"]
    assert (checkpoint.version, checkpoint.epoch, checkpoint.format) == ("v2Pro", 8, "zip, header 05")
    assert all((found[name] == one).all() for name, one in weights("v2Pro").items())
    assert settings("v2Pro")["model"].items() <= model.items()
    assert data["sampling_rate"] == 32000


def test_toy_is_exported_as_a_folder_only(rtvc, tmp_path):
    assert "is no GPT-SoVITS voice" in rtvc("voices", "export", "toy", tmp_path / "toy.pth").sentence
    assert rtvc("voices", "export", "toy", tmp_path / "copy").code == 0
    assert (tmp_path / "copy" / "card.yaml").is_file()


def test_renaming_keeps_the_settings(rtvc, home, tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text("voice: {name: toy, params: {toy: {gain_db: 3}}, streams: {toy: {hop_ms: 80}}}\n")

    answer = rtvc("voices", "rename", "toy", "tin", "--config", config)

    assert answer.code == 0
    kept = yaml.safe_load(config.read_text())["voice"]
    assert (kept["name"], kept["params"]) == ("tin", {"tin": {"gain_db": 3}})
    assert list(kept["streams"]) == ["tin"] and kept["streams"]["tin"]["hop_ms"] == 80


def test_removed_voice_is_restored(rtvc, home):
    make_voice(home / "rtvc" / "voices" / "anna")

    assert "rtvc voices restore anna" in rtvc("voices", "remove", "anna").out
    assert "no voice 'anna'" in rtvc("voices", "info", "anna").sentence
    assert rtvc("voices", "restore", "anna").code == 0
    assert rtvc("voices", "info", "anna").code == 0


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (["import"], 2, "the following arguments are required: FILE"),
        (["import", "none.pth"], 1, "none.pth is not there"),
        (["import", "none.pth", "--nmae", "x"], 2, "unknown option --nmae; did you mean --name?"),
        (["reference", "toy"], 1, "voice toy takes no references"),
        (["rename", "slt", "mine"], 1, "came with the program"),
        (["fetch", "hubbert"], 2, "there is no part 'hubbert'"),
        (["fetch", "hubert", "--from", "none"], 1, "none is not there; download https://huggingface.co/lj1995"),
        (["imprt", "a.pth"], 2, "did you mean import?"),
    ],
)
def test_wrong_words_are_one_sentence(rtvc, words, code, expected):
    answer = rtvc("voices", *words)

    assert answer.code == code
    assert expected in answer.sentence


@pytest.mark.parametrize("verb", ["import", "reference", "fetch", "rename", "remove", "restore", "export"])
def test_every_verb_has_its_help(rtvc, verb):
    answer = rtvc("voices", verb, "--help")

    assert (answer.code, answer.err) == (0, "")
    assert f" {verb} " in answer.out
