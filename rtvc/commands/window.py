"""`rtvc` and `rtvc window`: opens the window."""

import argparse
import importlib

from rtvc.errors import RtvcError

ENTRY = "ui.app"  # named and not imported: the window knows the program, never the other way round


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The window takes everything from the settings file."""
    parser.epilog = "example:\n  rtvc window --config try.yaml       open the window with settings of its own"


def run(args: argparse.Namespace) -> int:
    """Open the window and return its exit code when it is closed; raises RtvcError where it is not installed."""
    try:
        entry = importlib.import_module(ENTRY)
    except ImportError as error:
        raise RtvcError(f"the window cannot be opened ({error}); `rtvc run` converts without one") from error
    return int(entry.main(["--config", str(args.config)]))
