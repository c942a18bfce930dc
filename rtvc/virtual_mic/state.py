"""How things stand with a virtual microphone on this machine, for a window or a command."""

import sys
from dataclasses import dataclass

from rtvc.devices import is_served, list_devices
from rtvc.errors import DeviceError
from rtvc.virtual_mic.cables import explanation, find_cable
from rtvc.virtual_mic.owning import is_there
from rtvc.virtual_mic.server import MICROPHONE_WORDS, SINK, SOURCE


@dataclass(frozen=True)
class VirtualState:
    """What rtvc is to play to (`output`) and what the other program is to record, empty where there is nothing.

    `can_make` where one can be made here; `words` say in a sentence what there is or what to do.
    """

    is_there: bool
    can_make: bool
    output: str
    microphone: str
    words: str


def virtual_state() -> VirtualState:
    """Return how things stand; asks the sound server, or looks for the cables of others where there is none."""
    if is_served():
        return _at_server(is_there())
    try:
        cable = find_cable(list_devices())
    except DeviceError as error:
        return VirtualState(False, False, "", "", str(error))
    if cable is None:
        return VirtualState(False, False, "", "", explanation(None, sys.platform))
    return VirtualState(True, False, cable.output, cable.microphone, explanation(cable, sys.platform))


def _at_server(exists: bool) -> VirtualState:
    if not exists:
        return VirtualState(False, True, "", "", "there is no virtual microphone; make one with: rtvc virtual-mic make")
    words = f"there is one: choose {MICROPHONE_WORDS!r} as the other program's microphone and {SINK} as rtvc's output"
    return VirtualState(True, True, SINK, SOURCE, words)
