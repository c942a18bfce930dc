"""The window as a program."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rtvc.config import default_path
from rtvc.control.one_window import OneWindow
from rtvc.errors import ControlError
from ui.display import complaint

if TYPE_CHECKING:
    from ui.runner import LiveSession

CLOSING_LIMIT = 5.0  # seconds


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window and return 0 when it is closed, 1 where it cannot be opened, with one sentence on stderr.

    Where it is open already that window comes to the front, a sentence says so, and 0 is returned at once.
    """
    path = _arguments(argv).config
    trouble = complaint()
    if not trouble:
        one = OneWindow(path)
        try:
            if one.claim():
                return _show(path, one)
            print("rtvc is open already; its window is in front now")
            return 0
        except ControlError as error:
            print(f"rtvc: {error}", file=sys.stderr)
            return 1
        except ImportError as error:
            trouble = f"the window cannot be opened ({error})"
        finally:
            one.close()
    print(f"rtvc: {trouble}; `rtvc run` converts without a window", file=sys.stderr)
    return 1


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="rtvc", description="Open the window of rtvc.", allow_abbrev=False)
    parser.add_argument("--config", metavar="FILE", type=Path, default=default_path(), help="settings file to use")
    return parser.parse_args(argv)


def _show(path: Path, one: OneWindow) -> int:
    from PySide6.QtWidgets import QApplication

    from rtvc.devices import list_devices
    from rtvc.own_voices import default_own_voices
    from ui.controller import Controller
    from ui.kept_settings import KeptSettings
    from ui.language import use_language
    from ui.quit_signals import QuitSignals
    from ui.state_line import Mood
    from ui.tray import state_icon
    from ui.window import Window

    app = QApplication(sys.argv[:1])
    app.setApplicationName("rtvc")
    app.setStyle("Fusion")
    signals = QuitSignals()
    settings = KeptSettings(path)
    use_language(app, settings.config.window.language)
    window = Window()
    controller = Controller(window, settings, default_own_voices(), _make_session, list_devices)
    signals.asked.connect(window.close)
    app.setWindowIcon(state_icon(Mood.BUSY))
    controller.control.follow()
    controller.control.answer_later_starts(one.place)
    controller.open()
    app.exec()
    controller.control.close()
    signals.close()
    if not controller.close(CLOSING_LIMIT):
        _leave_at_once()
    return 0


def _make_session() -> LiveSession:
    from rtvc.session import Session  # beside the window: it loads more than the window itself

    return Session()


def _leave_at_once() -> None:
    """End without waiting for what does not answer; a normal exit would wait for every child."""
    from multiprocessing import active_children

    for child in active_children():
        child.kill()
    sys.stderr.flush()
    os._exit(0)
