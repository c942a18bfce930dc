"""One window for each settings file: a second start brings the first one's window to the front."""

import hashlib
import os
from pathlib import Path
from time import monotonic, sleep

from rtvc.control.client import ask
from rtvc.control.place import Place
from rtvc.errors import ControlError
from rtvc.lock import Lock

ACTIONS = ("show",)
LONGEST_PATH = 100  # bytes that every system takes for a Unix socket
DIGEST_LENGTH = 12
PATIENCE, PERIOD = 10.0, 0.1  # seconds: the other one may still be starting, or already ending


class OneWindow:
    """The right to be the window of a settings file; it ends with the process that has it.

    `place` is where the window that has it listens to those who come later, and takes no more than ACTIONS.
    """

    def __init__(self, config: Path, folder: Path | None = None) -> None:
        digest = hashlib.sha256(os.fsencode(config.absolute().resolve())).hexdigest()[:DIGEST_LENGTH]
        self.place = Place(folder, name=f"window-{digest}")
        if len(os.fsencode(self.place.folder)) + len(f"/window-{digest}.sock") > LONGEST_PATH:
            self.place = Place(folder, has_unix=False, name=f"window-{digest}")
        self._lock = Lock(self.place.folder / f"one-{digest}.lock")

    def claim(self, patience: float = PATIENCE) -> bool:
        """Be the window, or go on being it; where another one is, bring that to the front and return False.

        Raises ControlError where the other one is there and does not answer. Where the user has no folder for a
        lock nobody can be found, and everybody is the first.
        """
        try:
            self.place.make_folder()
        except ControlError:
            return True
        deadline = monotonic() + patience
        while not self._lock.take():
            try:
                ask({"do": "show"}, self.place)
                return False
            except ControlError as error:
                if monotonic() > deadline:
                    raise ControlError(
                        f"rtvc is open already and does not answer ({self._lock.path} is held); end it first"
                    ) from error
            sleep(PERIOD)
        return True

    def close(self) -> None:
        """Leave the right to others; safe to call again."""
        self._lock.release()
