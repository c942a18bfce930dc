import pytest

from rtvc.status import Load, State, Status
from ui.state_line import Mood
from ui.state_words import Shown, described

RUNNING = State.RUNNING


@pytest.mark.parametrize(
    ("status", "mood", "headline", "sentence"),
    [
        (Status(), Mood.IDLE, "Ready", "Press Start and speak."),
        (Status(State.LOADING), Mood.BUSY, "Loading SLT …", "The first sound comes in a moment."),
        (Status(RUNNING, seconds=65, input="mic", output="out"), Mood.GOOD, "Live as SLT", "1:05 · mic → out"),
        (Status(RUNNING, message="the microphone clips"), Mood.WARNING, "Live as SLT", "the microphone clips"),
        (Status(RUNNING, muted=True), Mood.WARNING, "Live, muted", "Nobody hears you."),
        (Status(RUNNING, passthrough=True), Mood.WARNING, "Live, passing through", "Your own voice is heard."),
        (Status(State.RECOVERING, "waiting for mic"), Mood.WARNING, "Interrupted – mending it", "waiting for mic"),
        (Status(State.STOPPING), Mood.BUSY, "Stopping …", "The devices are being released."),
        (Status(State.FAILED, "no output 'x'"), Mood.ERROR, "Not running", "no output 'x'"),
    ],
)
def test_state_is_told_in_words(status, mood, headline, sentence):
    assert described(status, "SLT") == (mood, headline, sentence)


@pytest.mark.parametrize(
    ("p95", "mood", "words"),
    [(0.2, Mood.GOOD, "0:00"), (0.9, Mood.WARNING, "little to spare"), (1.2, Mood.WARNING, "too slow")],
)
def test_busy_machine_is_told_before_it_is_heard(p95, mood, words):
    shown = described(Status(RUNNING, load=Load(p95=p95)), "SLT")

    assert shown.mood is mood
    assert words in shown.sentence


def test_slow_machine_and_what_else_is_wrong_are_both_told():
    shown = described(Status(RUNNING, "mended after 0.1 s", load=Load(p95=2.0)), "SLT")

    assert shown.sentence == "too slow for these settings: a longer hop stops the gaps; mended after 0.1 s"


def test_what_is_waited_for_is_told_and_is_no_failure():
    shown = described(Status(State.LOADING, "waiting for a microphone"), "SLT")

    assert shown == Shown(Mood.WARNING, "Waiting", "waiting for a microphone")
    assert described(Status(State.LOADING), "SLT").mood is Mood.BUSY


def test_other_windows_of_the_same_voice_are_no_other_voice():
    assert "nothing is interrupted" in described(Status(RUNNING), "SLT", "SLT").sentence


def test_voice_that_is_being_loaded_is_told_and_mute_comes_first():
    assert described(Status(RUNNING), "SLT", "BDL").sentence == "Loading BDL …; SLT speaks until then."
    assert described(Status(RUNNING, muted=True), "SLT", "BDL").sentence == "Nobody hears you."


def test_failure_without_a_reason_still_says_something():
    assert described(Status(State.FAILED), "SLT").sentence
