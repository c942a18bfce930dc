"""Joins the window in which sentences are read to a microphone in another process."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from rtvc.making.home import recordings_of
from ui.chore import Chore, MakeErrand
from ui.language import translate
from ui.reading_dialog import ReadingDialog


class ReadingRoom(QObject):
    """Leads through the sentences that were not read yet.

    Signals: `use_asked(object)`, the folder of what was read.
    """

    use_asked = Signal(object)

    def __init__(self, dialog: ReadingDialog, microphone: Callable[[], str | None], make: MakeErrand) -> None:
        super().__init__()
        self._dialog, self._microphone = dialog, microphone
        self._folder = Path()
        self._sentences: tuple[str, ...] = ()
        self._number: int | None = None
        self._chore = Chore("reading", make)
        self._chore.told.connect(self._on_told)
        self._chore.failed.connect(self._on_failed)
        dialog.begun.connect(self._begin)
        dialog.record_asked.connect(self._record)
        dialog.finish_asked.connect(lambda: self._chore.ask("finish"))
        dialog.skip_asked.connect(self._go_on)
        dialog.use_asked.connect(self._use)
        dialog.left.connect(self._chore.cancel)

    def open(self) -> None:
        """Show the dialog."""
        self._dialog.show_recording(False)
        self._dialog.show_nothing()
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()
        self._dialog.name.setFocus()

    def close(self, limit: float) -> bool:
        """End what goes on; False where that takes longer than `limit` seconds."""
        return self._chore.close(limit)

    def _begin(self, name: str) -> None:
        self._folder = recordings_of(name)
        self._chore.run("rtvc.errands.reading:read", self._folder, self._microphone())

    def _record(self) -> None:
        self._dialog.show_recording(True)
        self._chore.ask("record", self._number)

    def _go_on(self) -> None:
        """Go to the next sentence; those behind this one may have been read on another day."""
        number = (self._number or 0) + 1
        self._show(number if number <= len(self._sentences) else None)

    def _use(self) -> None:
        self._dialog.close()
        self.use_asked.emit((self._folder,))

    def _show(self, number: int | None) -> None:
        self._number = number
        if number is None:
            self._dialog.show_end()
        else:
            self._dialog.show_sentence(number, len(self._sentences), self._sentences[number - 1])

    def _on_told(self, message: tuple[Any, ...]) -> None:
        kind, *rest = message
        if kind == "level":
            self._dialog.level.show_level(rest[0], time.monotonic())
        elif kind == "sentences":
            self._sentences, first, read = rest
            self._dialog.show_verdict(
                translate("rtvc", "{read} were read before.").format(read=read)
                if read
                else self._dialog.verdict.text(),
                read,
            )
            self._show(first)
        elif kind == "take":
            self._on_take(*rest)

    def _on_take(self, number: int, fault: str, seconds: float, read: int) -> None:
        self._dialog.show_recording(False)
        self._dialog.level.show_level(0.0, time.monotonic())
        self._dialog.show_verdict(
            translate("rtvc", "{fault}; read it again.").format(fault=fault)
            if fault
            else translate("rtvc", "Good, {seconds:.1f} s.").format(seconds=seconds),
            read,
        )
        if not fault:
            self._go_on()

    def _on_failed(self, words: str) -> None:
        self._dialog.show_recording(False)
        self._dialog.show_nothing()
        self._dialog.show_verdict(words, 0)
