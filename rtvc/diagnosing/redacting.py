"""Takes out of a text what tells who somebody is: their home, their name, where their files lie."""

import getpass
import re
import socket
from pathlib import Path

SHORTEST_NAME = 2  # letters; a shorter one is in every word
PATH = re.compile(r"(?<![\w:/\\.~])(?:[A-Za-z]:)?(?:[\\/]+[^\s\\/:*?\"'<>|,;()\[\]]+)+(?=[\\/])")
ADDRESS = re.compile(r"\b[0-9A-Fa-f]{2}(?:[:_-][0-9A-Fa-f]{2}){5}\b")  # of a device, over Bluetooth for one


class Redactor:
    """Replaces the names of one user on one machine."""

    def __init__(self, home: Path, user: str, host: str) -> None:
        homes = {str(home), str(home.resolve()), home.as_posix(), str(home).replace("\\", "\\\\")}
        self._homes = sorted((one for one in homes if len(one) > 1), key=len, reverse=True)
        self._names = [
            (re.compile(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", re.IGNORECASE), word)
            for name, word in ((user, "USER"), (host, "HOST"))
            if len(name) >= SHORTEST_NAME
        ]

    def clean(self, text: str) -> str:
        """Return a text without them; of other absolute paths only the last name is left."""
        for home in self._homes:
            text = text.replace(home, "~")
        text = PATH.sub("...", text)
        text = ADDRESS.sub("ADDRESS", text)
        for name, word in self._names:
            text = name.sub(word, text)
        return text


def this_redactor() -> Redactor:
    """Return one for the user of this process."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = ""
    return Redactor(Path.home(), user, socket.gethostname().partition(".")[0])
