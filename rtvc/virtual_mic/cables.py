"""Virtual cables that other makers offer, found by the names of their two ends: for systems where we make none."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rtvc.devices import Device


class Cable(NamedTuple):
    """What rtvc plays into, and what another program records: exact names of devices."""

    maker: str
    output: str
    microphone: str


class Kind(NamedTuple):
    """Names of a product's two ends as its devices begin; systems cut names short, at 31 letters for one."""

    maker: str
    output: str
    microphone: str


KINDS = (
    Kind("VB-Cable", r"CABLE Input", r"CABLE Output"),
    Kind("VB-Cable", r"CABLE-[A-D] Input", r"CABLE-[A-D] Output"),
    Kind("VB-Cable", r"Hi-Fi Cable Input", r"Hi-Fi Cable Output"),
    Kind("VB-Cable", r"VB-Cable", r"VB-Cable"),
    Kind("VoiceMeeter", r"VoiceMeeter (Aux |VAIO3 )?Input", r"VoiceMeeter (Aux |VAIO3 )?Out"),
    Kind("Virtual Audio Cable", r"Line \d+ \(Virtual Audio Cable", r"Line \d+ \(Virtual Audio Cable"),
    Kind("BlackHole", r"BlackHole (2|16|64)ch", r"BlackHole (2|16|64)ch"),
    Kind("Loopback", r"Loopback Audio", r"Loopback Audio"),
    Kind("Soundflower", r"Soundflower \((2|64)ch\)", r"Soundflower \((2|64)ch\)"),
)
PREFERRED = "WASAPI"  # of a system's ways to a device the one with whole names and the shortest delay
ADVICE = {
    "win32": "there is no virtual cable on this machine; install VB-Cable (vb-audio.com/Cable), then choose CABLE "
    "Input as rtvc's output and CABLE Output as the other program's microphone",
    "darwin": "there is no virtual cable on this machine; install BlackHole 2ch (existential.audio/blackhole), then "
    "choose it as rtvc's output and as the other program's microphone",
}


def find_cable(devices: Sequence[Device]) -> Cable | None:
    """Return the first cable both of whose ends are there, or None."""
    for kind in KINDS:
        outputs = _named(kind.output, [one for one in devices if one.is_output])
        microphones = _named(kind.microphone, [one for one in devices if one.is_input and not one.is_monitor])
        if outputs and microphones:
            return Cable(kind.maker, outputs[0], microphones[0])
    return None


def explanation(cable: Cable | None, platform: str) -> str:
    """Return in one sentence what to choose where, or what to install; `platform` as `sys.platform` says."""
    if cable is None:
        return ADVICE.get(platform, "there is no sound server to make a virtual microphone at")
    return (
        f"{cable.maker} is there: choose {cable.output} as rtvc's output and {cable.microphone} as the other "
        "program's microphone"
    )


def _named(pattern: str, devices: Sequence[Device]) -> list[str]:
    found = [one.name for one in devices if re.match(pattern, one.name, re.IGNORECASE)]
    return sorted(found, key=lambda name: PREFERRED not in name)
