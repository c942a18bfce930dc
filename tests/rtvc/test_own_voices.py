import hashlib

import pytest

from rtvc.errors import VoiceError
from rtvc.library import WEIGHTS, kept_folder
from rtvc.own_voices import OwnVoices, copy_voice
from rtvc.voice_names import name_of_file
from tests.rtvc.commands.toys import make_voice


@pytest.fixture
def own(tmp_path):
    make_voice(tmp_path / "home" / "voices" / "anna", title="anna")
    make_voice(tmp_path / "shipped" / "slt")
    return OwnVoices(tmp_path / "home" / "voices", tmp_path / "shipped")


def test_renamed_voice_has_its_new_name_everywhere(own):
    voice = own.rename("anna", "berta")

    assert (voice.name, voice.card["name"], voice.title) == ("berta", "berta", "berta")
    assert [one.name for one in own.library.list()] == ["berta", "slt"]


def test_title_that_is_no_name_stays(own):
    make_voice(own.folder / "clara", title="Clara, a woman")

    assert own.rename("clara", "claire").title == "Clara, a woman"


@pytest.mark.parametrize(("new", "expected"), [("slt", "such as slt-2"), ("a/b", "is no name"), ("ANNA2", None)])
def test_new_name_is_checked(own, new, expected):
    if expected is None:
        assert own.rename("anna", new).name == new
        return

    with pytest.raises(VoiceError, match=expected):
        own.rename("anna", new)

    assert own.library.get("anna").name == "anna"


def test_removed_voice_comes_back(own):
    place = own.remove("anna")
    assert [one.name for one in own.library.list()] == ["slt"]
    assert place.is_relative_to(own.trash)

    own.restore("anna")

    assert own.library.get("anna").title == "anna"


def test_what_was_made_of_a_removed_voice_is_forgotten(own, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (own.folder / "anna" / WEIGHTS).write_bytes(b"weights of anna")
    kept_folder().mkdir(parents=True)
    sums = [hashlib.sha256(weights).hexdigest() for weights in (b"weights of anna", b"other weights")]
    for one in sums:
        (kept_folder() / f"{one[:32]}-step.safetensors").touch()

    own.remove("anna")

    assert [path.name[:32] for path in kept_folder().iterdir()] == [sums[1][:32]]


def test_trash_keeps_every_voice_of_a_name(own):
    first = own.remove("anna")
    make_voice(own.folder / "anna")

    assert {first.name, own.remove("anna").name} == {"anna", "anna-2"}


@pytest.mark.parametrize("change", [lambda own: own.remove("slt"), lambda own: own.rename("slt", "mine")])
def test_shipped_voices_stay(own, change):
    with pytest.raises(VoiceError, match="came with the program and stays as it is"):
        change(own)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda own: own.remove("ana"), r"no voice 'ana'; did you mean anna\?"),
        (lambda own: own.restore("ana"), "no removed voice 'ana'"),
        (lambda own: own.remove("../voices/anna"), "is no name for a voice"),
        (lambda own: own.restore("../voices/anna"), "is no name for a voice"),
    ],
)
def test_unknown_voice_is_one_sentence(own, change, expected):
    with pytest.raises(VoiceError, match=expected):
        change(own)


def test_damaged_voice_can_be_removed(own):
    (own.folder / "anna" / "card.yaml").write_text("[")

    own.remove("anna")

    assert own.library.faults() == {}


def test_copy_is_a_voice(own, tmp_path):
    voice = own.library.get("anna")

    assert own.library.get(str(copy_voice(voice, tmp_path / "copy"))).name == "copy"
    with pytest.raises(VoiceError, match="exists already"):
        copy_voice(voice, tmp_path / "copy" / "card.yaml")


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("anna_e8_s144.pth", "anna"),
        ("anna-e8.pth", "anna"),
        ("小明_e8_s144_l32.pth", "小明"),
        ("s2G488k.pth", "s2G488k"),
        ("a:b?.pth", "a-b"),
        ("...pth", "voice"),
        ("e8_s144.pth", "e8"),
    ],
)
def test_name_of_a_file(tmp_path, file, expected):
    assert name_of_file(tmp_path / file) == expected
