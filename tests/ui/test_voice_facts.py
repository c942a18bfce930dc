import pytest
import yaml

from rtvc.errors import VoiceError
from rtvc.library import Library, Voice
from rtvc.params import COMMON_CONTROLS
from ui.voice_facts import controls_of, items_of
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
    for name, text in (("bad", "params: 3\nfamily: live\n"), ("odd", "- no card\n"), ("slt", yaml.safe_dump(CARD))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "card.yaml").write_text(text)

    voices, items = items_of(Library([tmp_path]))

    assert [one.name for one in voices] == ["slt"]
    assert items[0] == VoiceItem("slt", "SLT", "Female · live · 24 kHz", "Licence: free\nTrained on: CMU ARCTIC")
    assert {one.name: bool(one.fault) for one in items} == {"slt": False, "bad": True, "odd": True}
