"""Cables of other makers are found by their names, cut short or not."""

import pytest

from rtvc.devices import Device
from rtvc.virtual_mic.cables import explanation, find_cable


def device(name: str, is_input: bool) -> Device:
    return Device(name, name, is_input, not is_input, False, 48_000)


@pytest.mark.parametrize(
    ("output", "microphone", "maker"),
    [
        ("CABLE Input (VB-Audio Virtual C, MME", "CABLE Output (VB-Audio Virtual , MME", "VB-Cable"),
        ("Line 1 (Virtual Audio Cable), Windows WASAPI", "Line 1 (Virtual Audio Cable), MME", "Virtual Audio Cable"),
        ("BlackHole 2ch, Core Audio", "BlackHole 2ch, Core Audio", "BlackHole"),
        ("VoiceMeeter Input (VB-Audio VoiceMeeter VAIO)", "VoiceMeeter Output (VB-Audio)", "VoiceMeeter"),
    ],
)
def test_both_ends_of_a_cable_are_found(output: str, microphone: str, maker: str) -> None:
    cable = find_cable([device("Speakers", False), device(microphone, True), device(output, False)])

    assert cable == (maker, output, microphone)
    assert output in explanation(cable, "win32") and microphone in explanation(cable, "win32")


def test_the_way_with_whole_names_is_preferred() -> None:
    names = ("CABLE Input (VB-Audio Virtual C, MME", "CABLE Input (VB-Audio Virtual Cable), Windows WASAPI")

    cable = find_cable([*(device(name, False) for name in names), device("CABLE Output (VB-Audio, MME", True)])

    assert cable is not None and cable.output == names[1]


@pytest.mark.parametrize(("platform", "word"), [("win32", "VB-Cable"), ("darwin", "BlackHole"), ("linux", "server")])
def test_without_one_the_sentence_says_what_to_install(platform: str, word: str) -> None:
    assert find_cable([device("CABLE Output (VB-Audio Virtual Cable)", True)]) is None
    assert word in explanation(None, platform)
