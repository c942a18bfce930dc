"""`rtvc train` on a corpus of a few seconds: every step runs, goes on where it was, and ends in a voice that loads."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
import torch
import yaml

from models.base import StreamSpec
from models.live_networks import read_networks
from models.registry import load_voice
from rtvc.cli import main
from rtvc.library import Library
from rtvc.training.corpus import PHONES, Corpus
from rtvc.training.widening import rate_of

DEMO = Path(__file__).parents[3] / "rtvc" / "data" / "demo.flac"
SETS = [
    ("train", "arctic", "anna", True),
    ("train", "libri_long", "ben", True),
    ("train", "libri_tc100", "cleo", True),
    ("unlabelled", "crowd_intents", "dora", False),
    ("dev", "arctic", "anna", True),
]


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of recordings cut from real speech, with made-up phones."""
    folder = tmp_path_factory.mktemp("speech")
    samples, rate = soundfile.read(DEMO, dtype="float32")
    with open(folder / "manifest.tsv", "w", newline="") as file, open(folder / "phones.jsonl", "w") as phones:
        rows = csv.writer(file, delimiter="\t")
        rows.writerow(["split", "set", "speaker", "path"])
        for i, (split, group, speaker, labelled) in enumerate(SETS):
            path = f"{i}.wav"
            soundfile.write(folder / path, np.roll(samples, i * rate)[: 4 * rate], rate)
            rows.writerow([split, group, speaker, path])
            if labelled:
                spans = [[PHONES[k % len(PHONES)], 8 * k, 8] for k in range(45)]
                phones.write(json.dumps({"path": path, "phones": spans}) + "\n")
    return folder


@pytest.fixture(scope="module")
def work(speech: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work folder in which every step has run for a moment."""
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("work")
    assert main(["train", "corpus", "--work", str(folder), "--speech", str(speech)]) == 0
    for step in ("pitch", "content"):
        assert main(["train", step, "--work", str(folder), "--minutes", "0.02"]) == 0
    assert main(["train", "books", "--work", str(folder)]) == 0
    assert main(["train", "voice", "--work", str(folder), "--speaker", "anna", "--minutes", "0.06"]) == 0
    return folder


def steps_of(checkpoint: Path) -> int:
    return int(torch.load(checkpoint, weights_only=True)["step"])


def test_corpus_holds_every_recording_and_its_phones(work: Path) -> None:
    corpus = Corpus(work / "corpus")

    assert [(u.split, u.set, u.speaker, u.labelled) for u in corpus.utterances] == SETS
    labels = corpus.labels(corpus.utterances[1])
    assert labels[:8].tolist() == [0] * 8 and labels[8:16].tolist() == [1] * 8
    assert set(corpus.labels(corpus.utterances[3]).tolist()) == {-1}


def test_training_goes_on_where_it_was(work: Path) -> None:
    checkpoint = work / "content" / "checkpoint.pt"
    before = steps_of(checkpoint)

    assert main(["train", "content", "--work", str(work), "--minutes", "0.05"]) == 0

    assert steps_of(checkpoint) > before > 0


def test_masked_prediction_comes_first_and_phones_go_on_with_it(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "corpus").symlink_to(work / "corpus")
    words = ["train", "content", "--work", str(tmp_path), "--minutes", "0.02", "--objective"]

    assert main([*words, "masked"]) == 0
    first, second = (tmp_path / "masked" / part / "checkpoint.pt" for part in ("first", "second"))
    assert str(second) in capsys.readouterr().out and steps_of(first) > 0 < steps_of(second)
    assert main([*words, "mixed", "--start-from", str(second)]) == 0
    assert main([*words, "taught"]) == 1 and "another kind of training" in capsys.readouterr().err


def test_books_leave_less_and_less(work: Path) -> None:
    left = json.loads((work / "books" / "log.json").read_text())["variance_left_percent"]

    assert len(left) == 8 and left == sorted(left, reverse=True) and left[0] < 100


def test_voice_learns_in_both_phases(work: Path) -> None:
    state = torch.load(work / "voices" / "anna" / "checkpoint.pt", weights_only=True)["parts"]

    assert set(state) == {"generator", "average", "discriminators", "maker", "judge"}
    assert state["judge"]["state"], "the discriminators never took a step"


def test_exported_voice_is_listed_verified_and_speaks(work: Path, tmp_path: Path) -> None:
    target = tmp_path / "anna"
    target.mkdir()
    (target / "card.yaml").write_text("name: anna\ntitle: Anna\nlicence: CC0\n")

    code = main(["train", "export", "--work", str(work), "--speaker", "anna", "--output", str(target)])

    assert code == 0
    voice = Library([tmp_path]).get("anna")
    voice.verify()
    assert voice.title == "Anna" and voice.card["family"] == "live"
    assert (target / "voice.safetensors").stat().st_size < 20e6
    model = load_voice(voice.card, voice.weights)
    stage = model.open(StreamSpec(), {})[0]
    heard = stage.push(0.1 * torch.randn(1, 1, 20 * model.hop).numpy())
    assert heard.shape[-1] > 10 * model.hop and bool(np.isfinite(heard).all())
    assert yaml.safe_load((target / "card.yaml").read_text())["params"][0]["name"] == "pitch"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["corpus"], "needs --speech"),
        (["voice", "--speaker", "nobody"], "run `rtvc train books` first"),
        (["pitch"], "run `rtvc train corpus"),
        (["export", "--speaker", "anna"], "run `rtvc train voice"),
    ],
)
def test_a_step_that_lacks_something_says_what_to_do(
    arguments: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["train", *arguments, "--work", str(tmp_path)])

    said = capsys.readouterr().err
    assert code == 1 and sentence in said and said.count("\n") == 1 and "Traceback" not in said


def test_a_voice_of_wider_recordings_than_the_corpus_has_their_rate(
    work: Path, speech: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "speech"
    own.mkdir()
    for path in speech.glob("*.wav"):  # as they are in the corpus, with a band above it
        samples, rate = soundfile.read(path)
        noise = np.random.default_rng(0).standard_normal(3 * len(samples) // 2) * np.repeat(
            np.abs(samples).reshape(-1, 640).mean(1) > 0.01, 960
        )
        high = np.fft.irfft(np.fft.rfft(noise) * (np.arange(len(noise) // 2 + 1) > len(noise) / 3))
        soundfile.write(own / path.name, soxr.resample(samples, rate, 24000) + 0.02 * high, 24000)
    for part in ("corpus", "books", "pitch"):
        (tmp_path / part).symlink_to(work / part)
    words = ["train", "voice", "--work", str(tmp_path), "--speaker", "anna", "--minutes"]
    begun = ["--start-from", str(work / "voices" / "anna" / "checkpoint.pt")]

    codes = [main([*words, "0.02", "--speech", str(own), *begun]), main([*words, "0.04"])]

    checkpoint = tmp_path / "voices" / "anna" / "checkpoint.pt"
    assert codes == [0, 0] and "anna: 24000 Hz" in capsys.readouterr().out
    assert rate_of(torch.load(checkpoint, weights_only=True)["parts"]["average"]) == 24000
    assert main([*words, "0.05", "--rate", "48000"]) == 1 and "holds a voice at 24000 Hz" in capsys.readouterr().err
    assert main([*words[:4], "--speaker", "ben", "--rate", "24000"]) == 1 and "--speech" in capsys.readouterr().err
    target = tmp_path / "out"
    assert main(["train", "export", "--work", str(tmp_path), "--speaker", "anna", "--output", str(target)]) == 0
    assert yaml.safe_load((target / "card.yaml").read_text())["output_rate"] == 24000


def test_unknown_speaker_is_named(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["train", "voice", "--work", str(work), "--speaker", "zoe"])

    assert code == 1 and "zoe" in capsys.readouterr().err


def test_folder_without_manifest_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["train", "corpus", "--work", str(tmp_path / "work"), "--speech", str(tmp_path)])

    said = capsys.readouterr().err
    assert code == 1 and "manifest.tsv" in said and said.count("\n") == 1


def test_strangers_go_on_with_the_voice_and_are_what_is_exported(work: Path, tmp_path: Path) -> None:
    words = ["--work", str(work), "--speaker", "anna"]
    before = torch.load(work / "voices" / "anna" / "checkpoint.pt", weights_only=True)["parts"]["average"]
    assert main(["train", "strangers", *words, "--minutes", "0.06"]) == 0

    checkpoint = work / "strangers" / "anna" / "checkpoint.pt"
    after = torch.load(checkpoint, weights_only=True)["parts"]["average"]
    assert any(not torch.equal(before[name], tensor) for name, tensor in after.items())
    assert main(["train", "export", *words, "--output", str(tmp_path / "anna")]) == 0
    checkpoint.unlink()
    networks, _ = read_networks(tmp_path / "anna" / "voice.safetensors")
    for name, tensor in networks.generator.state_dict().items():
        torch.testing.assert_close(tensor, after[name], atol=1e-2, rtol=1e-3)
