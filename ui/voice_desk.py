"""Joins the voice panel to the voices on disk: read, renamed, removed and brought back."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rtvc.library import Voice
from rtvc.own_voices import OwnVoices
from ui.background import Background
from ui.chore import MakeErrand
from ui.drops import sorted_drop
from ui.hearing import Heard, Hearing
from ui.importing import Importing
from ui.language import translate
from ui.notices import Notices
from ui.voice_facts import items_of
from ui.voice_list import VoiceItem
from ui.voice_panel import VoicePanel


class VoiceDesk(QObject):
    """Everything about voices that needs no session. `voices` are those that can be used, by name.

    Signals: `read`, when `voices` and the list are new; `renamed(str, str)`, before that; `leaving(str)`, a voice that
    is about to be removed; `making_wanted(object)`, recordings that were dropped to make a voice of.
    """

    read = Signal()
    renamed = Signal(str, str)
    leaving = Signal(str)
    making_wanted = Signal(object)

    def __init__(
        self,
        panel: VoicePanel,
        own: OwnVoices,
        heard_as: Callable[[Voice], Heard],
        delay_of: Callable[[Voice], float],
        make: MakeErrand,
    ) -> None:
        super().__init__()
        self.voices: dict[str, Voice] = {}
        self.library = own.library
        self._panel, self._own, self._delay_of = panel, own, delay_of
        self._disk = Background("voices")
        self.notices = Notices(panel.notice)
        self._importing = Importing(panel, own, self.notices, make)
        self._hearing = Hearing(panel.voices, self.notices, self._found, heard_as, make)
        self._importing.imported.connect(self.reload)
        panel.voices.rename_asked.connect(self._rename)
        panel.voices.remove_asked.connect(self._remove)

    def reload(self, chosen: str = "") -> None:
        """Read the voices anew, and choose one of them."""
        own, delay_of = self._own, self._delay_of
        self._disk.run(lambda: items_of(own, delay_of), lambda read: self._on_read(read, chosen))

    def take(self, paths: tuple[Path, ...], name: str) -> None:
        """Do what is meant by files that were dropped, onto a voice where `name` is not empty."""
        drop = sorted_drop(paths)
        voice = self._panel.voices.item(name)
        if drop.checkpoints:
            self._importing.import_files(drop.checkpoints, drop.recordings)
        elif drop.recordings and voice is not None and voice.takes_references:
            self._importing.give_references(name, drop.recordings)
        elif drop.recordings:
            self.making_wanted.emit(drop.recordings)
        elif drop.strange:
            self.notices.warn(
                translate("rtvc", "{file} is neither a GPT-SoVITS voice (.pth) nor a recording.").format(
                    file=drop.strange[0].name
                )
            )

    def close(self, limit: float) -> bool:
        """End what goes on; False where that takes longer than `limit` seconds."""
        ended = [part.close(limit) for part in (self._hearing, self._importing, self._disk)]
        return all(ended)

    def _found(self, name: str) -> Voice | None:
        return self.voices.get(name)

    def _on_read(self, read: tuple[tuple[Voice, ...], tuple[VoiceItem, ...]], chosen: str) -> None:
        voices, items = read
        self.voices = {voice.name: voice for voice in voices}
        self._panel.voices.show_voices(items)
        self.read.emit()
        if chosen:
            self._panel.voices.choose(chosen)

    def _rename(self, name: str, new: str) -> None:
        self._disk.run(lambda: self._own.rename(name, new), lambda voice: self._on_renamed(name, voice), self._fail)

    def _on_renamed(self, name: str, voice: Voice) -> None:
        self.renamed.emit(name, voice.name)
        self.reload()

    def _remove(self, name: str) -> None:
        self._hearing.stop()
        self.leaving.emit(name)
        self._disk.run(lambda: self._own.remove(name), lambda place: self._on_removed(name, place.name), self._fail)

    def _on_removed(self, name: str, kept_as: str) -> None:
        self.reload()
        self.notices.say(
            translate("rtvc", "{name} is removed.").format(name=name),
            translate("rtvc", "Undo"),
            lambda: self._restore(name, kept_as),
        )

    def _restore(self, name: str, kept_as: str) -> None:
        def bring_back() -> Voice:
            voice = self._own.restore(kept_as)
            return voice if kept_as == name else self._own.rename(kept_as, name)

        self._disk.run(bring_back, lambda voice: self.reload(voice.name), self._fail)

    def _fail(self, error: Exception) -> None:
        self.notices.warn(str(error))
