from pathlib import Path

import pytest

from models import live, sovits
from rtvc.errors import RtvcError, VoiceError
from rtvc.library import Voice
from rtvc.presets import FAMILIES, LIMITS, StreamTimes, in_seconds, look_ahead_of, read_presets, stream_block

TIMES = {"hop_ms": 80, "left_ms": 1000, "right_ms": 40, "fade_ms": 10}


def voice(**card):
    return Voice("toy", {"family": "passthrough", **card}, Path(), None)


def test_voice_without_windows_offers_nothing():
    assert read_presets(voice()) is None
    assert stream_block("passthrough") == {}


@pytest.mark.parametrize(("family", "known"), [("sovits", sovits.PRESETS), ("live", live.PRESETS)])
def test_family_offers_its_presets_to_cards_that_say_nothing(family, known):
    presets = read_presets(voice(family=family))

    assert {name: in_seconds(times) for name, times in presets.choices.items()} == {
        name: StreamTimes(**vars(spec)) for name, spec in known.items()
    }
    assert presets == read_presets(voice(family=family, stream=stream_block(family)))


def test_card_of_a_family_is_a_copy_of_what_it_offers():
    stream_block("sovits")["presets"]["balanced"]["hop_ms"] = 0.0

    assert FAMILIES["sovits"]["presets"]["balanced"]["hop_ms"] == 160.0


def test_card_offers_its_own_presets():
    presets = read_presets(voice(stream={"presets": {"fast": TIMES, "slow": {**TIMES, "hop_ms": 200}}}))

    assert presets.chosen() == TIMES
    assert presets.chosen("slow")["hop_ms"] == 200


@pytest.mark.parametrize("name", ["low delay", "low-delay", "Low_Delay"])
def test_preset_may_be_written_in_several_ways(name):
    assert read_presets(voice(family="sovits")).chosen(name)["hop_ms"] == 120.0


@pytest.mark.parametrize(("hop_ms", "taken"), [(10, 40), (59, 40), (60, 80), (100, 120), (160, 160)])
def test_own_times_win_over_the_preset_and_the_hop_is_a_whole_number_of_steps(hop_ms, taken):
    times = read_presets(voice(family="sovits")).chosen("quality", {"hop_ms": hop_ms, "fade_ms": 5.0})

    assert times == {"hop_ms": taken, "left_ms": 1500.0, "right_ms": 160.0, "fade_ms": 5.0}


@pytest.mark.parametrize(("right_ms", "taken"), [(0, 0), (9, 0), (31, 40), (60, 60), (500, 80)])
def test_a_live_voice_takes_the_future_in_steps_and_no_past_or_seam(right_ms, taken):
    presets = read_presets(voice(family="live"))

    times = presets.chosen("low delay", {"right_ms": right_ms, "left_ms": 2000.0, "fade_ms": 5.0})

    assert times == {"hop_ms": 20.0, "left_ms": 0.0, "right_ms": taken, "fade_ms": 0.0}
    assert [name for name in LIMITS if presets.may_choose(name)] == ["hop_ms", "right_ms"]


@pytest.mark.parametrize(
    ("card", "seconds"), [({}, 0.0), ({"look_ahead_ms": 42}, 0.042), ({"look_ahead_ms": "x"}, 0.0)]
)
def test_a_card_says_what_the_voice_waits_for(card, seconds):
    assert look_ahead_of(voice(**card)) == seconds


def test_a_live_voice_waits_for_its_synthesis_besides_what_is_chosen():
    assert look_ahead_of(voice(family="live", look_ahead_ms=50)) == 0.010


def test_times_know_their_preset():
    presets = read_presets(voice(family="sovits"))

    assert presets.name_of(presets.chosen("quality")) == "quality"
    assert presets.name_of(presets.chosen("quality", {"fade_ms": 5.0})) is None


def test_unknown_preset_is_told_with_the_nearest():
    with pytest.raises(RtvcError, match="no preset 'qality'; did you mean quality"):
        read_presets(voice(family="sovits")).chosen("qality")


@pytest.mark.parametrize(
    ("block", "words"),
    [
        (3, "stream.presets of its card must hold presets by name"),
        ({"presets": {}}, "stream.presets of its card must hold presets by name"),
        ({"presets": {"fast": 3}}, "stream.presets.fast of its card must hold keys with values"),
        ({"presets": {"fast": {"hop_ms": 80}}}, "stream.presets.fast of its card does not say its left_ms"),
        ({"presets": {"fast": {**TIMES, "fade_ms": -1}}}, "fade_ms of its card is -1, it must be a number from 0 to"),
        ({"presets": {"fast": {**TIMES, "hop_ms": "80"}}}, "hop_ms of its card is '80'"),
        ({"presets": {"fast": TIMES}, "default": "fest"}, "default of its card is 'fest'; did you mean fast?"),
        ({"presets": {"fast": TIMES}, "step_ms": 0}, "step_ms of its card is 0"),
    ],
)
def test_wrong_card_is_one_sentence(block, words):
    with pytest.raises(VoiceError) as caught:
        read_presets(voice(stream=block))

    assert words in str(caught.value)
    assert "voice toy" in str(caught.value)
