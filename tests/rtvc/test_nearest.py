import pytest

from rtvc.nearest import hint, nearest


@pytest.mark.parametrize(
    ("word", "expected"), [("stl", "slt"), ("SLT", "slt"), ("speekers", "Speakers"), ("zzzz", None), ("", None)]
)
def test_nearest_name_is_found_in_any_case(word, expected):
    assert nearest(word, ["slt", "bdl", "Speakers"]) == expected


def test_hint_offers_the_nearest_name():
    assert hint("hop", ["hop_ms", "device"], "engine.") == "; did you mean engine.hop_ms?"


def test_hint_lists_what_is_known_where_nothing_is_near():
    assert hint("zzzz", ["slt", "bdl"]) == "; known: bdl, slt"


def test_hint_says_that_there_is_nothing():
    assert hint("slt", []) == "; there are none"
