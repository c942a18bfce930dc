"""Why a foreign file is not taken."""

MOST_LETTERS = 80
"""A word out of a foreign file is cut to this length where it is shown."""


class Refusal(Exception):
    """The end of a sentence that begins with the file: "is cut off: ..."; whoever knows the file completes it."""


def shown(word: object) -> str:
    """Return a word or number out of a foreign file in a form that may stand in a sentence."""
    if isinstance(word, str):
        plain = word if word.isprintable() else ascii(word[:MOST_LETTERS])
        return plain if len(plain) <= MOST_LETTERS else f"{plain[:MOST_LETTERS]}…"
    if isinstance(word, float | bool) or word is None:
        return repr(word)
    if isinstance(word, int):
        return str(word) if word.bit_length() < 128 else "a number of many digits"
    if isinstance(word, list | tuple) and len(word) < 8 and not any(isinstance(one, list | tuple) for one in word):
        return f"[{', '.join(shown(one) for one in word)}]"
    return f"a {type(word).__name__}"
