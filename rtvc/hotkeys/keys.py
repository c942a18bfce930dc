"""The keys by the names that Qt writes them with, for X and for Windows."""

from typing import NamedTuple


class Key(NamedTuple):
    """A key's keysym (X Window System Protocol, appendix A) and its virtual-key code (Windows; 0 for none).

    `is_free` says that nobody needs it to write or to move about, so that it may be taken without Ctrl or Alt.
    """

    keysym: int
    virtual: int
    is_free: bool = False


NAMED: dict[str, Key] = {
    "Esc": Key(0xFF1B, 0x1B),
    "Tab": Key(0xFF09, 0x09),
    "Backspace": Key(0xFF08, 0x08),
    "Return": Key(0xFF0D, 0x0D),
    "Space": Key(0x20, 0x20),
    "Ins": Key(0xFF63, 0x2D),
    "Del": Key(0xFFFF, 0x2E),
    "Home": Key(0xFF50, 0x24),
    "End": Key(0xFF57, 0x23),
    "PgUp": Key(0xFF55, 0x21),
    "PgDown": Key(0xFF56, 0x22),
    "Left": Key(0xFF51, 0x25),
    "Up": Key(0xFF52, 0x26),
    "Right": Key(0xFF53, 0x27),
    "Down": Key(0xFF54, 0x28),
    "Pause": Key(0xFF13, 0x13, True),
    "ScrollLock": Key(0xFF14, 0x91, True),
    "Print": Key(0xFF61, 0x2C),
    "Menu": Key(0xFF67, 0x5D, True),
    "Volume Mute": Key(0x1008FF12, 0xAD, True),
    "Volume Down": Key(0x1008FF11, 0xAE, True),
    "Volume Up": Key(0x1008FF13, 0xAF, True),
    "Media Play": Key(0x1008FF14, 0xB3, True),
    "Media Stop": Key(0x1008FF15, 0xB2, True),
    "Media Previous": Key(0x1008FF16, 0xB1, True),
    "Media Next": Key(0x1008FF17, 0xB0, True),
    **{f"F{number}": Key(0xFFBD + number, 0x6F + number if number <= 24 else 0, True) for number in range(1, 36)},
}
PAD: dict[str, Key] = {
    **{str(number): Key(0xFFB0 + number, 0x60 + number, True) for number in range(10)},
    "*": Key(0xFFAA, 0x6A, True),
    "+": Key(0xFFAB, 0x6B, True),
    "-": Key(0xFFAD, 0x6D, True),
    ".": Key(0xFFAE, 0x6E, True),
    "/": Key(0xFFAF, 0x6F, True),
    "Enter": Key(0xFF8D, 0, True),
}
"""The number pad's own."""
WITHOUT_NUM_LOCK = dict(
    zip("Ins End Down PgDown Left Clear Right Home Up PgUp Del".split(), "0123456789.", strict=True)
)
"""Those keys by what they say while Num Lock is off."""


def letter_keysym(letter: str) -> int:
    """Return the keysym of a key that writes: Latin-1 as it is, all else as Unicode (appendix A)."""
    code = ord(letter.lower()) if len(letter.lower()) == 1 else ord(letter)
    return code if code < 0x100 else 0x01000000 + code
