"""A key with what is held beside it, as in "Ctrl+Shift+F9"."""

from dataclasses import dataclass

from rtvc.hotkeys.keys import NAMED, PAD, WITHOUT_NUM_LOCK, Key, letter_keysym

MODIFIERS = ("Meta", "Ctrl", "Alt", "Shift")
FREEING = {"Meta", "Ctrl", "Alt"}
NUM = "Num"


@dataclass(frozen=True)
class Combination:
    """Modifiers and a key; `is_pad` for a key of the number pad."""

    modifiers: frozenset[str]
    name: str
    is_pad: bool = False

    @property
    def key(self) -> Key | None:
        """The key among those with a name, None for one that writes a letter."""
        return (PAD if self.is_pad else NAMED).get(self.name)

    @property
    def keysym(self) -> int:
        """What X calls the key."""
        return self.key.keysym if self.key is not None else letter_keysym(self.name)

    @property
    def is_free(self) -> bool:
        """Whether it can be taken from all programs without keeping anybody from writing."""
        return bool(self.modifiers & FREEING) or (self.key is not None and self.key.is_free)


def read_combination(text: str) -> Combination | None:
    """Return what a text says, None where it names no key."""
    modifiers, rest, is_pad = set(), text.strip(), False
    while "+" in rest[1:]:
        word, _, rest = rest.partition("+")
        if word == NUM:
            is_pad = True
        elif word in MODIFIERS:
            modifiers.add(word)
        else:
            return None
    if is_pad:
        rest = WITHOUT_NUM_LOCK.get(rest, rest)
    is_letter = len(rest) == 1 and rest.isprintable() and not rest.isspace()
    is_lower = is_letter and len(rest.upper()) == 1
    found = Combination(frozenset(modifiers), rest.upper() if is_lower else rest, is_pad)
    return found if found.key is not None or (is_letter and not is_pad) else None
