import hashlib

import pytest
import yaml

from rtvc.errors import VoiceError
from rtvc.library import Library

CARD = {"name": "slt", "title": "A woman", "family": "passthrough", "input_rate": 16000, "output_rate": 16000}


def make_voice(root, name="slt", weights=None, **changes):
    folder = root / name
    folder.mkdir(parents=True)
    card = {**CARD, "name": name, **changes}
    if weights is not None:
        (folder / "voice.safetensors").write_bytes(weights)
        card.setdefault("sha256", hashlib.sha256(weights).hexdigest())
    (folder / "card.yaml").write_text(yaml.safe_dump(card))
    return folder


def test_list_shows_the_voices_of_all_folders_by_name(tmp_path):
    make_voice(tmp_path / "own", "slt")
    make_voice(tmp_path / "shipped", "bdl")
    (tmp_path / "shipped" / "notes").mkdir()

    voices = Library([tmp_path / "own", tmp_path / "shipped", tmp_path / "none"]).list()

    assert [voice.name for voice in voices] == ["bdl", "slt"]


def test_first_folder_wins_where_two_voices_have_one_name(tmp_path):
    own = make_voice(tmp_path / "own", "slt")
    make_voice(tmp_path / "shipped", "slt")

    assert Library([tmp_path / "own", tmp_path / "shipped"]).get("slt").folder == own


def test_voice_knows_its_card_and_weights(tmp_path):
    folder = make_voice(tmp_path, "slt", b"weights")

    voice = Library([tmp_path]).get("slt")

    assert voice.weights == folder / "voice.safetensors"
    assert (voice.name, voice.title, voice.card["family"]) == ("slt", "A woman", "passthrough")


def test_family_without_weights_is_a_voice(tmp_path):
    make_voice(tmp_path)

    assert Library([tmp_path]).get("slt").weights is None


def test_unknown_voice_is_answered_with_the_nearest(tmp_path):
    make_voice(tmp_path)

    with pytest.raises(VoiceError, match=r"no voice 'stl'; did you mean slt\?"):
        Library([tmp_path]).get("stl")


def test_voice_can_be_named_by_the_path_of_its_folder(tmp_path):
    folder = make_voice(tmp_path / "elsewhere", "mine")

    assert Library([tmp_path]).get(str(folder)).name == "mine"


def test_tampered_weights_are_refused(tmp_path):
    folder = make_voice(tmp_path, "slt", b"weights")
    (folder / "voice.safetensors").write_bytes(b"other weights")

    with pytest.raises(VoiceError, match="is not the file that its card describes"):
        Library([tmp_path]).get("slt")


def test_missing_weights_are_named(tmp_path):
    folder = make_voice(tmp_path, "slt", b"weights")
    (folder / "voice.safetensors").unlink()

    with pytest.raises(VoiceError, match=r"voice\.safetensors is missing"):
        Library([tmp_path]).get("slt")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "holds no card"),
        ("- a list\n", "holds no card"),
        ("family: 'open\n", "is no YAML"),
        ("[" * 5000, "is no YAML"),
        ("name: slt\n", "does not say its family"),
        ("family: [live]\n", "family is ['live']"),
        ("family: live\noutput_rate: fast\n", "output_rate is 'fast'"),
        ("family: live\nsha256: 12\n", "sha256 is 12"),
    ],
)
def test_damaged_card_is_one_sentence_and_hides_no_other_voice(tmp_path, text, expected):
    make_voice(tmp_path, "bdl")
    folder = make_voice(tmp_path, "slt")
    (folder / "card.yaml").write_text(text)
    library = Library([tmp_path])

    with pytest.raises(VoiceError) as caught:
        library.get("slt")

    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert [voice.name for voice in library.list()] == ["bdl"]
    assert library.faults() == {"slt": str(caught.value)}
