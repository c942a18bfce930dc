"""What the window says of keys that work everywhere."""

from rtvc.hotkeys.bindings import MUTE, PASS_THROUGH, START, TALK, VOICES, Fault
from rtvc.hotkeys.listening import Obstacle
from ui.language import marked, translate

ACTIONS = {
    START: marked("rtvc", "Start or stop"),
    MUTE: marked("rtvc", "Mute, or be heard again"),
    PASS_THROUGH: marked("rtvc", "Your own voice, or the new one"),
    TALK: marked("rtvc", "Push to talk: silent unless held"),
}
FAULTS = {
    Fault.NO_ACTION: marked("rtvc", "There is no action of this name."),
    Fault.NO_KEY: marked("rtvc", "There is no such key."),
    Fault.WRITES: marked("rtvc", "This key is needed for writing; hold Ctrl or Alt with it."),
    Fault.TWICE: marked("rtvc", "Another action above has these keys."),
    Fault.TAKEN: marked("rtvc", "The desktop or another program has these keys, or the keyboard has not."),
}
OBSTACLES = {
    Obstacle.WAYLAND: marked(
        "rtvc",
        "Wayland lets no program hear keys that are meant for another one. In the desktop's own keyboard settings, "
        "bind keys to commands as “rtvc ctl toggle-mute”, and let other programs drive rtvc in its menu.",
    ),
    Obstacle.NO_DESKTOP: marked("rtvc", "There is no desktop here that could hand over keys."),
    Obstacle.NO_LIBRARY: marked("rtvc", "The library python-xlib, which hears the keys, is not installed."),
    Obstacle.UNSUPPORTED: marked(
        "rtvc",
        "On this system keys of other programs cannot be heard yet. A tool for keys can run commands as "
        "“rtvc ctl toggle-mute”, where the menu lets other programs drive rtvc.",
    ),
}


def action_words(action: str) -> str:
    """Return what an action does."""
    if action in VOICES:
        return translate("rtvc", "Voice {number} of the list").format(number=VOICES.index(action) + 1)
    return translate("rtvc", ACTIONS[action])
