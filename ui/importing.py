"""Joins the voice panel to imports: checkpoints, references, and the parts that imported voices share."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rtvc.own_voices import OwnVoices
from ui.chore import Chore, MakeErrand
from ui.file_choice import SOUNDS, VOICES, choose_files
from ui.language import translate
from ui.notices import Notices
from ui.voice_panel import VoicePanel

WORK = "rtvc.errands.voices"
FETCH = "rtvc voices fetch"
COMMANDS = ("; get it with", "; give it a recording", "; then:")
"""Where a sentence goes on with what to type; here there is a button for it."""


class Importing(QObject):
    """Brings voices in, in another process, one after the other.

    Signals: `imported(str)`, the name of a voice that is new or has changed.
    """

    imported = Signal(str)

    def __init__(self, panel: VoicePanel, own: OwnVoices, notices: Notices, make: MakeErrand) -> None:
        super().__init__()
        self._panel, self._own, self._notices = panel, own, notices
        self._chore = Chore("importing", make)
        self._chore.reached.connect(lambda words, part: notices.follow(f"{words} …", part, self._chore.cancel))
        self._chore.done.connect(self._on_done)
        self._chore.failed.connect(notices.warn)
        self._chore.cancelled.connect(notices.clear)
        panel.import_asked.connect(self._ask_for_voices)
        panel.references_asked.connect(self._ask_for_references)

    def import_files(self, files: tuple[Path, ...], references: tuple[Path, ...] = ()) -> None:
        """Make voices of checkpoints; with references where it is one."""
        for file in files:
            self._run(
                translate("rtvc", "looking at {file}").format(file=file.name),
                "import_file",
                file,
                references if len(files) == 1 else (),
            )

    def give_references(self, name: str, clips: tuple[Path, ...]) -> None:
        """Let a voice hear its speaker."""
        self._run(translate("rtvc", "{name} listens to its speaker").format(name=name), "give_references", name, clips)

    def close(self, limit: float) -> bool:
        """End what goes on; False where that takes longer than `limit` seconds."""
        return self._chore.close(limit)

    def _run(self, words: str, work: str, *arguments: object) -> None:
        self._notices.follow(f"{words} …", 0.0, self._chore.cancel)
        self._chore.run(f"{WORK}:{work}", self._own, *arguments)

    def _ask_for_voices(self) -> None:
        choose_files(
            self._panel, translate("rtvc", "Import GPT-SoVITS voices"), translate("rtvc", VOICES), self.import_files
        )

    def _ask_for_references(self, name: str) -> None:
        title = translate("rtvc", "Recordings of {name}'s speaker, 3 to 10 seconds each").format(name=name)
        choose_files(self._panel, title, translate("rtvc", SOUNDS), lambda clips: self.give_references(name, clips))

    def _on_done(self, told: tuple[str, tuple[str, ...], tuple[str, ...]]) -> None:
        name, doubts, needs = told
        self.imported.emit(name)
        if any(FETCH in need for need in needs):
            self._notices.warn(
                _plain(name, needs),
                translate("rtvc", "Get it"),
                lambda: self._run(translate("rtvc", "fetching"), "fetch_parts", name),
            )
        elif needs:
            self._notices.warn(
                _plain(name, needs), translate("rtvc", "Give one …"), lambda: self._ask_for_references(name)
            )
        elif doubts:
            self._notices.warn("; ".join(doubts))
        else:
            self._notices.say(translate("rtvc", "{name} is ready.").format(name=name))


def _plain(name: str, needs: tuple[str, ...]) -> str:
    """What is missing, without what to type."""
    told = []
    for need in needs:
        end = min((need.find(words) for words in COMMANDS if words in need), default=len(need))
        told.append(need[:end].removeprefix("it "))
    return translate("rtvc", "{name} {needs}.").format(name=name, needs=translate("rtvc", ", and ").join(told))
