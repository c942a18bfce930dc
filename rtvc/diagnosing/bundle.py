"""Writes a diagnosis: one zip that can be sent to somebody."""

import os
import time
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from rtvc.diagnosing.collecting import collect
from rtvc.diagnosing.history import Row, log_folder
from rtvc.diagnosing.redacting import Redactor, this_redactor
from rtvc.errors import RtvcError


def default_name() -> str:
    """Return a name for a diagnosis of now."""
    return time.strftime("rtvc-diagnosis-%Y%m%d-%H%M%S.zip")


def write_diagnosis(
    path: Path,
    config_path: Path,
    status: Mapping[str, Any] | None = None,
    history: Sequence[Row] = (),
    folder: Path | None = None,
    redactor: Redactor | None = None,
) -> list[str]:
    """Write settings, devices, versions, the session's facts and counters and the log, without private names.

    Returns the files inside; raises RtvcError where it cannot be written. A file of that name is never replaced.
    """
    redactor = this_redactor() if redactor is None else redactor
    texts = collect(config_path, log_folder() if folder is None else folder, status, history)
    if path.exists():
        raise RtvcError(f"{path} exists; choose another name")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as bundle:
            for name, text in texts.items():
                bundle.writestr(name, redactor.clean(text))
        unfinished.replace(path)
    except OSError as error:
        raise RtvcError(f"{path} cannot be written ({error.strerror})") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return list(texts)
