import json

import pytest

from rtvc.params import COMMON_CONTROLS
from tests.rtvc.commands.toys import make_voice


def test_list_shows_every_voice_and_marks_the_chosen_one(rtvc, tmp_path):
    (tmp_path / "config.yaml").write_text("voice: {name: toy}\n")

    answer = rtvc("voices", "--config", tmp_path / "config.yaml")

    (row,) = [line for line in answer.out.splitlines() if line.startswith("toy")]
    assert row.split()[1] == "*"


def test_list_is_json_for_programs(rtvc, home):
    answer = rtvc("voices", "--json")

    (toy,) = [voice for voice in json.loads(answer.out) if voice["name"] == "toy"]
    assert (toy["family"], toy["bytes"], toy["chosen"]) == ("passthrough", None, False)
    assert toy["folder"] == str(home / "rtvc" / "voices" / "toy")


def test_damaged_voice_is_told_beside_the_list(rtvc, home):
    (make_voice(home / "rtvc" / "voices" / "bad") / "card.yaml").write_text("family: [")

    answer = rtvc("voices", "list")

    assert answer.code == 1
    assert "voice bad:" in answer.sentence
    assert "toy" in answer.out


def test_info_tells_the_card_and_the_controls(rtvc, home):
    control = {"name": "pitch", "label": "Pitch", "low": -12, "high": 12, "default": 0, "unit": "semitones"}
    make_voice(home / "rtvc" / "voices" / "mine", licence="CC0", quality={"wer": 4.2}, params=[control])

    plain, found = rtvc("voices", "info", "mine"), rtvc("voices", "info", "mine", "--json")

    assert "licence: CC0" in plain.out and "wer: 4.2" in plain.out and "pitch" in plain.out
    names = [one["name"] for one in json.loads(found.out)["controls"]]
    assert names == ["pitch", *(control.name for control in COMMON_CONTROLS)]


def test_unknown_voice_is_answered_with_the_nearest(rtvc):
    answer = rtvc("voices", "info", "tou")

    assert answer.code == 1
    assert answer.sentence == "rtvc: no voice 'tou'; did you mean toy?"


@pytest.mark.parametrize("words", [["info"], ["info", "a", "b"], ["shwo", "toy"]])
def test_wrong_words_are_exit_code_2(rtvc, words):
    answer = rtvc("voices", *words)

    assert answer.code == 2
    assert "info and the name of one voice" in answer.sentence


def test_name_alone_is_info(rtvc):
    assert rtvc("voices", "toy").out == rtvc("voices", "info", "toy").out
