import pytest

from rtvc.params import Control
from ui.words import RESERVED_LETTERS, clock, milliseconds, step_of, value_words, with_letters

PITCH = Control("pitch", "Pitch", -12.0, 12.0, 0.0, "st", 1.0)
GAIN = Control("gain", "Gain", -24.0, 24.0, 0.0, "dB", 0.5)
BOOKS = Control("books", "Books", 1.0, 8.0, 8.0, "", 1.0)
MIX = Control("mix", "Mix", 0.0, 1.0, 1.0)
SMOOTH = Control("pitch", "Pitch", -24.0, 24.0, 0.0, "semitones")
WIDE = Control("wide", "Wide", 0.0, 4000.0, 100.0, "Hz")


@pytest.mark.parametrize(
    ("control", "value", "words"),
    [
        (PITCH, 3.0, "+3 st"),
        (PITCH, -3.0, "−3 st"),
        (PITCH, 0.0, "0 st"),
        (PITCH, -0.2, "0 st"),
        (GAIN, 1.5, "+1.5 dB"),
        (GAIN, -24.0, "−24.0 dB"),
        (BOOKS, 4.0, "4"),
        (MIX, 0.25, "0.250"),
        (WIDE, 123.0, "123 Hz"),
        (SMOOTH, -2.2, "−2.2 semitones"),
    ],
)
def test_value_is_as_exact_as_its_step(control, value, words):
    assert value_words(control, value) == words


@pytest.mark.parametrize(("control", "step"), [(PITCH, 1.0), (GAIN, 0.5), (MIX, 0.005), (SMOOTH, 0.2), (WIDE, 10.0)])
def test_continuous_control_moves_by_round_steps(control, step):
    assert step_of(control) == step


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "0 ms"), (0.0015, "1.5 ms"), (0.002, "2 ms"), (0.02, "20 ms"), (0.0205, "20 ms"), (1.2, "1200 ms")],
)
def test_delay_is_in_milliseconds(seconds, words):
    assert milliseconds(seconds) == words


@pytest.mark.parametrize(("seconds", "words"), [(0, "0:00"), (59.9, "0:59"), (754, "12:34"), (3725, "1:02:05")])
def test_duration_is_a_clock(seconds, words):
    assert clock(seconds) == words


def test_every_label_gets_a_letter_of_its_own():
    marked = with_letters(["Pitch", "Gate", "Input gain", "Output gain"])

    letters = [label[label.index("&") + 1].lower() for label in marked]
    assert len(set(letters)) == 4
    assert not set(letters) & set(RESERVED_LETTERS)


def test_label_without_a_free_letter_stays_plain():
    assert with_letters(["Mmm & &", "音高"], taken="m") == ["Mmm && &&", "音高"]
