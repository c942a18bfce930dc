from dataclasses import replace
from pathlib import Path

import pytest

from rtvc.config import AudioConfig, Config, EngineConfig, StreamConfig, VoiceConfig, load, save, update
from rtvc.errors import ConfigError
from rtvc.settings import write_settings

PROJECT = Path(__file__).resolve().parents[2]
CHANGED = Config(
    audio=AudioConfig(input="Mikrofon: 2 # Küche", output="null", monitor="yes", block_ms=5.0),
    engine=EngineConfig(device="cpu", threads=2, hop_ms=40.0, margin_ms=0.0),
    voice=VoiceConfig(
        name="bdl",
        params={"bdl": {"gate_db": -50.0, "pitch": 1.5}, "slt": {}},
        streams={
            "mine": StreamConfig("quality", right_ms=0.0),
            "other": StreamConfig(hop_ms=80.0),
            "plain": StreamConfig(),
        },
    ),
    talkers={"Mikrofon: 2 # Küche": 118.25},
)
MISTAKES = [
    ("engine:\n  hop: 20\n", "line 2: unknown key engine.hop; did you mean engine.hop_ms?"),
    ("voices:\n  name: slt\n", "line 1: unknown key voices; did you mean voice?"),
    ("engine: {hop_ms: fast}\n", "line 1: engine.hop_ms is 'fast', it must be a number"),
    ("engine: {hop_ms: 1}\n", "engine.hop_ms is 1.0, it must be from 10 to 1000"),
    ("engine: {hop_ms: .nan}\n", "engine.hop_ms is nan, it must be a number"),
    ("engine: {threads: 1.5}\n", "engine.threads is 1.5, it must be a whole number"),
    ("engine: {threads: true}\n", "engine.threads is true, it must be a whole number"),
    ("engine: {threads: }\n", "engine.threads is empty, it must be a whole number"),
    ("engine: {device: gpu}\n", "engine.device is 'gpu', it must be one of auto, cpu, cuda"),
    ("engine: {device: [cpu]}\n", "engine.device is ['cpu'], it must be one of auto, cpu, cuda"),
    ("voice: {name: 12}\n", "voice.name is 12, it must be a text"),
    ("voice: {params: {slt: {gate_db: loud}}}\n", "voice.params.slt.gate_db is 'loud', it must be a number"),
    ("voice: {params: {slt: 3}}\n", "voice.params.slt must hold keys with values"),
    (
        "voice: {streams: {mine: {presets: fast}}}\n",
        "key voice.streams.mine.presets; did you mean voice.streams.mine.pre",
    ),
    ("voice: {streams: {mine: {left: 5}}}\n", "key voice.streams.mine.left; did you mean voice.streams.mine.left_ms?"),
    ("voice: {streams: {mine: {hop_ms: 5}}}\n", "voice.streams.mine.hop_ms is 5.0, it must be from 10 to 1000"),
    ("voice: {streams: {mine: 3}}\n", "voice.streams.mine must hold keys with values"),
    ("talkers: {mic: 5}\n", "talkers.mic is 5.0, it must be from 40 to 600"),
    ("audio: [mic]\n", "audio must hold keys with values"),
    ("just words\n", "the file must hold keys with values"),
    ("engine:\n  threads: 1\n  threads: 2\n", "line 3: engine.threads is written twice"),
    ("1: 2\n", "a key in the file must be a text, not 1; put it in quotes"),
    ("audio:\n  input: 'open\n", "this is no YAML"),
    ("audio: !!python/object/apply:os.system [ls]\n", "audio must hold keys with values"),
    ("voice: {name: !!python/object/apply:os.system [ls]}\n", "line 1: a value cannot be read"),
    ("version: 2\n", "the file has version 2 and this program knows version 1"),
]


def test_missing_file_gives_the_defaults(tmp_path):
    assert load(tmp_path / "none.yaml") == Config()


@pytest.mark.parametrize("text", ["", "# only words\n", "audio:\nvoice:\n  params:\n", "version: 1\n"])
def test_what_is_not_written_keeps_its_default(tmp_path, text):
    path = tmp_path / "config.yaml"
    path.write_text(text)

    assert load(path) == Config()


def test_config_survives_the_file(tmp_path):
    path = tmp_path / "deep" / "config.yaml"

    save(CHANGED, path)

    assert load(path) == CHANGED


def test_whole_number_is_taken_where_a_number_is_wanted(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("engine: {hop_ms: 40}\n")

    assert load(path).engine.hop_ms == 40.0


@pytest.mark.parametrize(("text", "expected"), MISTAKES)
def test_mistake_is_one_sentence_and_leaves_the_file_alone(tmp_path, text, expected):
    path = tmp_path / "config.yaml"
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        load(path)
    with pytest.raises(ConfigError):
        save(CHANGED, path)

    assert expected in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_text() == text
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"audio: {input: \x00}", b"[" * 5000])
def test_file_that_is_no_text_is_refused(tmp_path, content):
    path = tmp_path / "config.yaml"
    path.write_bytes(content)

    with pytest.raises(ConfigError, match=r"config\.yaml"):
        load(path)

    assert path.read_bytes() == content


def test_hand_written_file_is_kept_beside_the_saved_one(tmp_path):
    path = tmp_path / "config.yaml"
    written_by_hand = "# my notes\nvoice: {name: bdl}\n"
    path.write_text(written_by_hand)

    save(CHANGED, path)
    save(replace(CHANGED, talkers={}), path)

    assert (tmp_path / "config.yaml.bak").read_text() == written_by_hand
    assert load(path) == replace(CHANGED, talkers={})
    assert sorted(file.name for file in tmp_path.iterdir()) == ["config.yaml", "config.yaml.bak"]


def test_file_that_says_the_same_is_not_written_again(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("# my notes\nvoice: {name: bdl}\n")

    save(Config(voice=VoiceConfig(name="bdl")), path)

    assert path.read_text().startswith("# my notes")


def test_linked_file_stays_a_link(tmp_path):
    real, link = tmp_path / "real.yaml", tmp_path / "config.yaml"
    real.write_text("voice: {name: bdl}\n")
    link.symlink_to(real)

    save(CHANGED, link)

    assert link.is_symlink()
    assert load(real) == CHANGED


def test_folder_that_cannot_be_written_is_one_sentence():
    with pytest.raises(ConfigError, match="settings cannot be saved"):
        save(CHANGED, Path("/proc/rtvc/config.yaml"))


def test_update_changes_what_is_in_the_file(tmp_path):
    path = tmp_path / "config.yaml"
    save(CHANGED, path)

    update(path, lambda config: replace(config, talkers={**config.talkers, "other": 200.0}))

    assert load(path) == replace(CHANGED, talkers={**CHANGED.talkers, "other": 200.0})


def test_example_file_holds_every_key_with_its_default():
    example = PROJECT / "config.yaml"

    assert example.read_text(encoding="utf-8") == write_settings(Config())
    assert load(example) == Config()
