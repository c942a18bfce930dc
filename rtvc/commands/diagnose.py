"""`rtvc diagnose`: one zip with what a report needs."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rtvc.control.client import ask
from rtvc.diagnosing.bundle import default_name, write_diagnosis
from rtvc.errors import ControlError

EXAMPLES = """\
examples:
  rtvc diagnose
  rtvc diagnose --output report.zip

It holds your settings, the devices, versions, how long things took, the last five minutes of a session's counters and
the end of the log: no sound, no voices, and neither your name nor where your files lie. Look into it before you send
it. A session that runs is asked where it may be (see rtvc ctl), else what the last one left is taken."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `rtvc diagnose` takes."""
    parser.epilog = EXAMPLES
    parser.add_argument("--output", metavar="FILE", type=Path, help="the zip to write (default: a new one here)")


def run(args: argparse.Namespace) -> int:
    """Write it and say what is inside; raises RtvcError."""
    path = args.output or Path(default_name())
    status, history = _running()
    names = write_diagnosis(path, args.config, status, history)
    print(f"{path}: {', '.join(names)}")
    return 0


def _running() -> tuple[Mapping[str, Any] | None, list[Mapping[str, Any]]]:
    """What a running rtvc tells of itself, where one can be asked."""
    try:
        return ask({"do": "status"})["status"], ask({"do": "history"})["history"]
    except ControlError:
        return None, []
