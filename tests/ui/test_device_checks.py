"""Test tone and "say something", by clicks; what they would do with a device is recorded."""

import pytest

from rtvc.config import AudioConfig, Config
from rtvc.saying import Verdict
from rtvc.status import State
from ui.device_checks import DeviceChecks

LISTEN, TONE = ":listen", ":play_tone"


@pytest.fixture
def sound(desk):
    return desk.window.sound


def said(desk, words):
    desk.qtbot.waitUntil(lambda: desk.window.sound.notice.words.text() == words)


def test_tone_is_played_on_the_chosen_output_without_a_session(desk, sound):
    desk.window.output.choose("ear")

    desk.click(sound.tone)

    assert desk.errand(TONE).arguments == ("ear",)
    assert desk.session.said == []


def test_tone_ends_with_a_second_click(desk, sound):
    desk.click(sound.tone)
    desk.errand(TONE)
    desk.click(sound.tone)

    desk.qtbot.waitUntil(lambda: not desk.controller._sound._checks._tone.is_busy)
    assert sound.notice.isHidden()


def test_output_that_fails_is_told_in_its_own_words(desk, sound):
    desk.click(sound.tone)

    desk.errand(TONE).fail("output out cannot be opened: it is busy")

    said(desk, "Output out cannot be opened: it is busy")
    assert sound.notice.property("mood") == "warning"


@pytest.mark.parametrize(
    ("verdict", "words", "mood"),
    [
        (Verdict.HEARD, "Heard you.", ""),
        (Verdict.QUIET, "Very quiet: come closer, or turn the microphone up.", "warning"),
        (Verdict.CLIPPING, "Clipping: turn the microphone down, or go further away.", "warning"),
        (Verdict.NOTHING, "Nothing arrives: it may be muted, another one, or closed to this program.", "warning"),
    ],
)
def test_microphone_is_listened_to_and_judged(desk, sound, verdict, words, mood):
    desk.click(sound.say)
    errand = desk.errand(LISTEN)
    said(desk, "Say something …")
    errand.tell("level", 0.5)
    desk.qtbot.waitUntil(lambda: sound.level_in.value() > sound.level_in.minimum())
    errand.tell("reach", "listening", 0.5)
    desk.qtbot.waitUntil(lambda: sound.notice.progress.value() == 500)

    errand.end(verdict)

    said(desk, words)
    assert sound.notice.property("mood") == mood
    assert errand.arguments == (None,)
    desk.qtbot.waitUntil(lambda: desk.controller._sound._checks.level is None)


def test_listening_can_be_cancelled(desk, sound):
    desk.click(sound.say)
    desk.errand(LISTEN)
    said(desk, "Say something …")

    desk.click(sound.notice.action)

    desk.qtbot.waitUntil(lambda: not desk.controller._sound._checks._ear.is_busy)
    assert sound.notice.isHidden()


def test_microphone_that_cannot_be_opened_is_told(desk, sound):
    desk.click(sound.say)

    desk.errand(LISTEN).fail("microphone mic cannot be opened: it is busy")

    said(desk, "Microphone mic cannot be opened: it is busy")


def test_start_takes_the_devices_over(desk, sound):
    desk.click(sound.say)
    desk.errand(LISTEN)

    desk.start()

    desk.qtbot.waitUntil(lambda: not desk.controller._sound._checks._ear.is_busy)
    assert sound.notice.isHidden()


def test_running_session_is_listened_to_where_it_is(desk, sound, monkeypatch):
    monkeypatch.setattr("ui.device_checks.LISTENED", 0.4)
    desk.start()
    desk.show(state=State.RUNNING, level_in=0.3)

    desk.click(sound.say)

    said(desk, "Heard you.")
    assert desk.errands == []


def test_recording_in_the_microphone_s_place_needs_no_ear(open_desk, tmp_path):
    desk = open_desk(Config(audio=AudioConfig(str(tmp_path / "spoken.wav"))))

    assert not desk.window.sound.say.isEnabled()
    assert isinstance(desk.controller._sound._checks, DeviceChecks)
