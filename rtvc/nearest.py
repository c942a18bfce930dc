"""What to say about a name that does not exist."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name that looks most like `word`, upper and lower case alike, or None."""
    plain = {name.casefold(): name for name in known}
    found = get_close_matches(word.casefold(), plain, n=1, cutoff=0.5)
    return plain[found[0]] if found else None


def hint(word: str, known: Iterable[str], prefix: str = "") -> str:
    """Return the end of an error's sentence: the nearest match, else everything that is known."""
    names = sorted(known)
    near = nearest(word, names)
    if near is not None:
        return f"; did you mean {prefix}{near}?"
    if not names:
        return "; there are none"
    return f"; known: {', '.join(prefix + name for name in names)}"
