"""`rtvc` and `rtvc window`: opens the window."""

import argparse
import importlib
import os
import sys
from collections.abc import Mapping

from rtvc.errors import RtvcError

ENTRY = "ui.app"  # named and not imported: the window knows the program, never the other way round
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The window takes its settings from the settings file and needs no arguments."""


def run(args: argparse.Namespace) -> int:
    """Open the window and return its exit code when it is closed; raises RtvcError where there is no display."""
    if not has_display(os.environ):
        raise RtvcError("there is no display for the window; `rtvc run` and `rtvc demo` need none")
    try:
        entry = importlib.import_module(ENTRY)
    except ImportError as error:
        raise RtvcError(f"the window cannot be opened ({error}); `rtvc run` converts without one") from error
    return int(entry.main(["--config", str(args.config)]))


def has_display(environment: Mapping[str, str]) -> bool:
    """Tell whether a window can be shown: elsewhere than on Linux always, there if a variable names a display."""
    return not sys.platform.startswith("linux") or any(environment.get(name) for name in DISPLAYS)
