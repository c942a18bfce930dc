"""Joins the window in which voices are made to the work, which is done in another process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from rtvc.making.home import Wish, absolute, begun_wishes, making_of
from rtvc.own_voices import OwnVoices
from ui.background import Background
from ui.chore import Chore, MakeErrand
from ui.language import translate
from ui.making_dialog import MakingDialog
from ui.making_progress import Stage

if TYPE_CHECKING:
    from rtvc.errands.making import Judged

WORK = "rtvc.errands.making"


class Workshop(QObject):
    """One voice in the making at a time; it goes on while the dialog is closed, and pauses with the program.

    Signals: `made(str)`, the name of a new voice.
    """

    made = Signal(str)

    def __init__(
        self, dialog: MakingDialog, own: OwnVoices, output: Callable[[], str | None], make: MakeErrand
    ) -> None:
        super().__init__()
        self._dialog, self._own, self._output = dialog, own, output
        self._recordings: tuple[Path, ...] = ()
        self._wish: Wish | None = None
        self._unfinished: Wish | None = None
        self._first_loss = 0.0
        self._disk = Background("makings")
        self._checking, self._making, self._hearing = (Chore(name, make) for name in ("checking", "making", "hearing"))
        self._connect()

    def open(self, recordings: tuple[Path, ...] = ()) -> None:
        """Show the dialog: what goes on, else a beginning with these recordings, or without any."""
        dialog = self._dialog
        if not self._making.is_busy and not self._checking.is_busy:
            dialog.notice.hide()
            if recordings:
                self.judge(recordings)
            else:
                dialog.show_zone()
                self._disk.run(begun_wishes, self._on_begun_found)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def judge(self, recordings: tuple[Path, ...]) -> None:
        """Find out what recordings are worth."""
        self._recordings = recordings
        self._dialog.show_work(Stage.CHECKING, translate("rtvc", "Listening to the recordings …"))
        self._dialog.progress.show_progress(translate("rtvc", "beginning"), 0.0)
        self._dialog.progress.show_preview("")
        self._checking.run(f"{WORK}:check", recordings)

    def close(self, limit: float) -> bool:
        """End what goes on; what is being made goes on at the next start."""
        ended = [part.close(limit) for part in (self._hearing, self._checking, self._making, self._disk)]
        return all(ended)

    def _connect(self) -> None:
        dialog, progress = self._dialog, self._dialog.progress
        dialog.zone.paths_chosen.connect(self.judge)
        dialog.form.other_recordings_asked.connect(dialog.show_zone)
        dialog.form.begin_asked.connect(self._begin)
        dialog.unfinished_asked.connect(self._resume_unfinished)
        dialog.left.connect(self._hearing.cancel)
        progress.pause_asked.connect(self._pause)
        progress.resume_asked.connect(self._resume)
        progress.discard_asked.connect(self._discard)
        progress.close_asked.connect(dialog.close)
        progress.listen_asked.connect(self._listen)
        for chore in (self._checking, self._making):
            chore.reached.connect(progress.show_progress)
        self._checking.done.connect(self._on_judged)
        self._checking.cancelled.connect(dialog.show_zone)
        self._checking.failed.connect(self._on_check_failed)
        self._making.told.connect(self._on_preview)
        self._making.done.connect(self._on_made)
        self._making.cancelled.connect(self._on_paused)
        self._making.failed.connect(self._on_making_failed)
        self._hearing.failed.connect(dialog.warn)

    def _begin(self, name: str, consent: str, minutes: float) -> None:
        self._wish = Wish(name, name, consent, absolute(self._recordings), minutes)
        self._first_loss = 0.0
        self._dialog.progress.show_preview("")
        self._resume()

    def _resume(self) -> None:
        if self._wish is not None:
            self._dialog.show_work(Stage.WORKING, translate("rtvc", "Making {title}").format(title=self._wish.title))
            self._dialog.progress.show_progress(translate("rtvc", "beginning"), 0.0)
            self._making.run(f"{WORK}:make", self._own, self._wish)

    def _resume_unfinished(self) -> None:
        self._wish, self._unfinished = self._unfinished, None
        self._first_loss = 0.0
        self._dialog.progress.show_preview("")
        self._resume()

    def _pause(self) -> None:
        for chore in (self._checking, self._making):
            chore.cancel()
        self._dialog.progress.show_progress(translate("rtvc", "stopping …"), 0.0)

    def _discard(self) -> None:
        if self._wish is not None:
            making = making_of(self._wish.name)
            self._disk.run(making.discard, lambda _: self._dialog.show_zone())
            self._wish = None

    def _listen(self) -> None:
        if self._hearing.is_busy:
            self._hearing.cancel()
        elif self._wish is not None:
            self._hearing.run("rtvc.errands.hearing:hear_file", making_of(self._wish.name).preview, self._output())

    def _on_begun_found(self, wishes: tuple[Wish, ...]) -> None:
        if wishes and not self._making.is_busy:
            self._unfinished = wishes[0]
            self._dialog.notice.say(
                translate("rtvc", "{title} is not finished yet.").format(title=wishes[0].title),
                translate("rtvc", "Go on with it"),
            )

    def _on_judged(self, judged: Judged) -> None:
        self._dialog.report.show_report(*judged)
        self._dialog.form.clear()
        self._dialog.show_form()

    def _on_check_failed(self, words: str) -> None:
        self._dialog.show_zone()
        self._dialog.warn(words)

    def _on_preview(self, message: tuple[str, str, float, float]) -> None:
        _, _, minutes, loss = message
        self._first_loss = self._first_loss or loss
        nearer = 100 * (1 - loss / self._first_loss) if self._first_loss else 0.0
        than = (
            translate("rtvc", ", {nearer:.0f} % nearer to the speaker than at first").format(nearer=nearer)
            if nearer >= 1
            else ""
        )
        self._dialog.progress.show_preview(
            translate("rtvc", "After {minutes:.0f} min it can be heard{than}.").format(minutes=minutes, than=than)
        )

    def _on_made(self, name: str) -> None:
        self._dialog.show_work(Stage.OVER, translate("rtvc", "{name} is a voice now.").format(name=name))
        self._dialog.progress.show_progress(translate("rtvc", "it is in the list, and chosen"), 1.0)
        self._dialog.progress.show_preview("")
        self._wish = None
        self.made.emit(name)

    def _on_paused(self) -> None:
        if self._wish is not None:
            self._dialog.show_work(Stage.PAUSED, translate("rtvc", "{title} waits").format(title=self._wish.title))
            self._dialog.progress.show_progress(
                translate("rtvc", "all that was learned is kept, also when the program ends"), 0.0
            )

    def _on_making_failed(self, words: str) -> None:
        if self._wish is not None and making_of(self._wish.name).is_begun:
            self._on_paused()
        else:
            self._dialog.show_form()
        self._dialog.warn(words)
