"""Which keys are for what, as written in the settings, and what is wrong with them."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from rtvc.hotkeys.combination import Combination, read_combination

START, MUTE, PASS_THROUGH, TALK = "start", "mute", "pass_through", "push_to_talk"
VOICES = tuple(f"voice_{number}" for number in range(1, 10))
ACTIONS = (START, MUTE, PASS_THROUGH, TALK, *VOICES)


class Fault(Enum):
    """Why a key is not heard."""

    NO_ACTION = "nothing of that name can be done"
    NO_KEY = "there is no such key"
    WRITES = "the key is needed for writing"
    TWICE = "another action has it"
    TAKEN = "another program has it"


class Bindings(NamedTuple):
    """Combinations by action, and faults by action; nothing is in both."""

    keys: dict[str, Combination]
    faults: dict[str, Fault]


def read_bindings(written: Mapping[str, str]) -> Bindings:
    """Return what can be listened for; of two actions with the same keys the first one of ACTIONS has them."""
    found = Bindings({}, dict.fromkeys((name for name in written if name not in ACTIONS), Fault.NO_ACTION))
    for action in ACTIONS:
        text = written.get(action, "").strip()
        if not text:
            continue
        combination = read_combination(text)
        if combination is None:
            found.faults[action] = Fault.NO_KEY
        elif not combination.is_free:
            found.faults[action] = Fault.WRITES
        elif combination in found.keys.values():
            found.faults[action] = Fault.TWICE
        else:
            found.keys[action] = combination
    return found
