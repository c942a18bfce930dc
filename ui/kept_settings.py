"""The user's settings as the window changes them, written a moment later and beside the window."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from rtvc.config import Config, WindowConfig, load, update
from rtvc.errors import ConfigError, RtvcError
from ui.background import Background
from ui.language import translate

T = TypeVar("T")
Change = Callable[[Config], Config]
PATIENCE_MS = 800
MOST_STEPS = 50


class KeptSettings(QObject):
    """The settings in use, and the changes that wait to be written into the file.

    Only what was changed here is written, so that another program's changes to the file stay. A file that
    cannot be read is left alone: the window then works with the defaults and says so.

    What was changed until it rested is one step, which `undo` takes back. `is_new` is whether there was no file.

    Signals: `fault_found(str)`, a sentence why the settings cannot be read or kept; once for each reason;
    `steps_changed(bool)`, whether there is something to undo.
    """

    fault_found = Signal(str)
    steps_changed = Signal(bool)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self._changes: list[Change] = []
        self._background = Background("settings")
        self._told = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self.save)
        self.fault = ""
        self.is_new = not path.exists()
        self._steps: list[Config] = []
        try:
            self.config = load(path)
        except ConfigError as error:
            self.config = Config()
            self.fault = translate("rtvc", "{error}; the defaults are in use and changes are not kept").format(
                error=error
            )
        self._rested = self.config

    def change(self, section: str, **values: Any) -> None:
        """Set keys of a section, and write them soon; nothing happens where they have those values already."""
        before = getattr(self.config, section)
        if all(getattr(before, key) == value for key, value in values.items()):
            return
        self.apply(lambda config: replace(config, **{section: replace(getattr(config, section), **values)}))

    def apply(self, change: Change) -> None:
        """Make any change, and write it soon."""
        self.config = change(self.config)
        self._changes.append(change)
        self._timer.start()

    def save(self) -> None:
        """Write what waits, beside the window."""
        self._timer.stop()
        changes, self._changes = self._changes, []
        if changes:
            self._steps = [*self._steps[1 - MOST_STEPS :], self._rested]
            self._rested = self.config
            self.steps_changed.emit(True)
            self._background.run(lambda: self._write(changes), failed=self._tell)

    def undo(self) -> bool:
        """Take the last step back; whether there was one."""
        self.save()
        if not self._steps:
            return False
        before = self._steps.pop()
        self.apply(lambda config: before)
        self._rested = before
        self._settle()
        return True

    def reset(self) -> bool:
        """Set everything as it was at first, but what was learned of the talkers and where the window is; undoable."""
        self.save()

        def first(config: Config) -> Config:
            window = WindowConfig(width=config.window.width, height=config.window.height)
            return Config(talkers=config.talkers, window=window)

        self.apply(first)
        self.save()
        return True

    def _settle(self) -> None:
        """Write a step that was taken back, which is none itself."""
        self._timer.stop()
        changes, self._changes = self._changes, []
        self.steps_changed.emit(bool(self._steps))
        self._background.run(lambda: self._write(changes), failed=self._tell)

    def close(self, limit: float) -> bool:
        """Write what waits; False where that takes longer than `limit` seconds."""
        self.save()
        return self._background.close(limit)

    def _write(self, changes: list[Change]) -> None:
        def all_of(config: Config) -> Config:
            for change in changes:
                config = change(config)
            return config

        update(self.path, all_of)

    def _tell(self, error: RtvcError) -> None:
        self.fault = translate("rtvc", "{error}; changes are not kept").format(error=error)
        if self.fault != self._told:
            self._told = self.fault
            self.fault_found.emit(self.fault)


def renamed(config: Config, name: str, new: str) -> Config:
    """Return the settings after a voice has got another name, all that was set of it too."""

    def moved(kept: dict[str, T]) -> dict[str, T]:
        return {new if key == name else key: value for key, value in kept.items()}

    voice = config.voice
    chosen = new if voice.name == name else voice.name
    return replace(config, voice=replace(voice, name=chosen, params=moved(voice.params), streams=moved(voice.streams)))
