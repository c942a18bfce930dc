"""What is written in the settings, and what is wrong with it."""

import pytest

from rtvc.hotkeys.bindings import ACTIONS, Fault, read_bindings
from rtvc.hotkeys.combination import Combination, read_combination
from rtvc.hotkeys.keys import letter_keysym


def combination(name: str, *modifiers: str, is_pad: bool = False) -> Combination:
    return Combination(frozenset(modifiers), name, is_pad)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F9", combination("F9")),
        ("Ctrl+Shift+F10", combination("F10", "Ctrl", "Shift")),
        ("Meta+Alt+m", combination("M", "Meta", "Alt")),
        ("Ctrl++", combination("+", "Ctrl")),
        ("Num+0", combination("0", is_pad=True)),
        ("Num+PgUp", combination("9", is_pad=True)),
        ("Ctrl+Num++", combination("+", "Ctrl", is_pad=True)),
        ("Alt+PgUp", combination("PgUp", "Alt")),
        ("Volume Mute", combination("Volume Mute")),
        ("Ctrl+ß", combination("ß", "Ctrl")),
        ("Ctrl+", None),
        ("Ctrl", None),
        ("Strg+A", None),
        ("F36", None),
        ("Num+A", None),
        ("Ctrl+Shift", None),
        ("", None),
    ],
)
def test_text_says_which_keys(text: str, expected: Combination | None) -> None:
    assert read_combination(text) == expected


@pytest.mark.parametrize(
    ("text", "is_free"),
    [
        ("F9", True), ("Shift+F9", True), ("Pause", True), ("Num+5", True), ("Media Play", True), ("Ctrl+A", True),
        ("Meta+1", True), ("A", False), ("Shift+A", False), ("Return", False), ("Shift+Tab", False), ("1", False),
    ],
)  # fmt: skip
def test_keys_for_writing_need_another_one_beside_them(text: str, is_free: bool) -> None:
    found = read_combination(text)

    assert found is not None and found.is_free is is_free


@pytest.mark.parametrize(("letter", "keysym"), [("A", 0x61), ("Ö", 0xF6), ("ß", 0xDF), ("1", 0x31), ("Ж", 0x01000436)])
def test_letters_have_the_keysyms_of_x(letter: str, keysym: int) -> None:
    assert letter_keysym(letter) == keysym


def test_each_action_gets_its_keys_or_says_why_not() -> None:
    found = read_bindings({
        "voice_1": "Ctrl+F8", "mute": "Ctrl+F9", "pass_through": "ctrl+f9", "start": "Ctrl+F9", "push_to_talk": "V",
        "voice_2": "", "sing": "F5",
    })  # fmt: skip

    assert found.keys == {"start": combination("F9", "Ctrl"), "voice_1": combination("F8", "Ctrl")}
    assert found.faults == {
        "mute": Fault.TWICE,
        "pass_through": Fault.NO_KEY,
        "push_to_talk": Fault.WRITES,
        "sing": Fault.NO_ACTION,
    }


def test_there_are_nine_voices() -> None:
    assert [name for name in ACTIONS if name.startswith("voice")] == [f"voice_{number}" for number in range(1, 10)]
