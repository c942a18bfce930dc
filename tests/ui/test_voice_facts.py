import pytest
import yaml

from rtvc.errors import VoiceError
from rtvc.library import Voice
from rtvc.own_voices import OwnVoices
from rtvc.params import COMMON_CONTROLS
from ui.voice_facts import controls_of, items_of, quality_words
from ui.voice_list import VoiceItem

PITCH = {"name": "pitch", "label": "Pitch", "low": -12, "high": 12, "default": 0, "unit": "st", "step": 1}
CARD = {
    "family": "live",
    "title": "SLT",
    "sex": "female",
    "output_rate": 24000,
    "licence": "free",
    "training_data": "CMU ARCTIC",
    "params": [PITCH],
}


def voice(**card):
    return Voice("slt", CARD | card, None, None)


def test_own_controls_come_before_the_common_ones():
    controls = controls_of(voice())

    assert controls[0].name == "pitch"
    assert controls[1:] == COMMON_CONTROLS


def test_without_a_voice_there_are_the_common_controls():
    assert controls_of(None) == COMMON_CONTROLS


def test_wrong_card_is_refused():
    with pytest.raises(VoiceError):
        controls_of(voice(params="pitch"))


def test_list_shows_usable_voices_first_and_why_others_are_not(tmp_path):
    own = OwnVoices(tmp_path, tmp_path / "shipped")
    for name, text in (("bad", "params: 3\nfamily: live\n"), ("odd", "- no card\n"), ("slt", yaml.safe_dump(CARD))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "card.yaml").write_text(text)

    voices, items = items_of(own, lambda voice: 0.12)

    assert [one.name for one in voices] == ["slt"]
    detail, notice = "120 ms · Female · live · 24 kHz", "Licence: free\nTrained on: CMU ARCTIC"
    assert items[0] == VoiceItem("slt", "SLT", detail, notice, is_own=True)
    assert {one.name: bool(one.fault) for one in items} == {"slt": False, "bad": True, "odd": True}


@pytest.mark.parametrize(
    ("quality", "words"),
    [
        ([{"similarity": 0.89, "word_error_percent": 1}, {"similarity": 0.91}], "Very like, clear words"),
        ([{"similarity": 0.8, "word_error_percent": 30}], "Like, rough words"),
        ([{"likeness": 0.6, "phones": 0.66, "melody": 0.9}], "Like, mostly clear words"),
        ([{"word_error_percent": 12}], "Mostly clear words"),
        ([], ""),
        ("good", ""),
        (None, ""),
    ],
)
def test_quality_is_told_in_words(quality, words):
    assert quality_words({"quality": quality}) == words


def test_imported_voice_that_has_heard_nobody_says_so(tmp_path):
    own = OwnVoices(tmp_path / "voices", tmp_path / "shipped")
    folder = tmp_path / "voices" / "anna"
    folder.mkdir(parents=True)
    (folder / "card.yaml").write_text("{family: sovits, version: v2}")

    (item,) = items_of(own, lambda voice: 0.5)[1]

    assert (item.quality, item.detail) == ("Has not heard its speaker yet", "500 ms · GPT-SoVITS v2")
    assert item.takes_references
