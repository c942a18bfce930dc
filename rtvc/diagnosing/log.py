"""The program's log: a file of bounded size beside the report of the last mistake."""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from rtvc.diagnosing.history import log_folder

NAME = "rtvc.log"
MOST_BYTES = 256_000  # of the file and of the one before it
FORM = "%(asctime)s %(levelname)s %(message)s"


def log_to_file(folder: Path | None = None) -> None:
    """Let what the program logs go to its file from now on; where that cannot be, there is none."""
    folder = log_folder() if folder is None else folder
    logger = logging.getLogger("rtvc")
    if any(isinstance(one, RotatingFileHandler) for one in logger.handlers):
        return
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / NAME, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter(FORM))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
