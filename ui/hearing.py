"""Joins the voices' play buttons to the bundled sentence."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from PySide6.QtCore import QObject

from rtvc.library import Voice
from rtvc.presets import StreamTimes
from ui.chore import Chore, MakeErrand
from ui.language import translate
from ui.notices import Notices
from ui.voice_list import VoiceList


class Heard(NamedTuple):
    """How a voice is to be heard: its controls, how it is streamed, and on which output."""

    values: Mapping[str, float]
    times: StreamTimes
    output: str | None


class Hearing(QObject):
    """Plays one voice at a time; asked for the same again, it stops.

    Signals: none.
    """

    def __init__(
        self,
        voices: VoiceList,
        notices: Notices,
        find: Callable[[str], Voice | None],
        heard_as: Callable[[Voice], Heard],
        make: MakeErrand,
    ) -> None:
        super().__init__()
        self._voices, self._notices, self._find, self._heard_as = voices, notices, find, heard_as
        self._name = ""
        self._is_preparing = False
        self._chore = Chore("hearing", make)
        self._chore.reached.connect(self._on_reached)
        self._chore.done.connect(lambda _: self._on_ended())
        self._chore.cancelled.connect(self._on_ended)
        self._chore.failed.connect(self._on_failed)
        voices.preview_asked.connect(self.hear)

    def hear(self, name: str) -> None:
        """Play a voice, or stop playing it."""
        voice = self._find(name)
        was_heard = name == self._name
        self.stop()
        if voice is None or was_heard:
            return
        self._name = name
        self._voices.show_heard(name)
        self._chore.run("rtvc.errands.hearing:hear_voice", voice, *self._heard_as(voice))

    def stop(self) -> None:
        """Play nothing any more."""
        self._name = ""
        self._voices.show_heard("")
        self._chore.cancel()

    def close(self, limit: float) -> bool:
        """End what goes on; False where that takes longer than `limit` seconds."""
        return self._chore.close(limit)

    def _on_reached(self, words: str, part: float) -> None:
        if words == "preparing":
            self._is_preparing = True
            self._notices.follow(translate("rtvc", "preparing to speak …"), part, self.stop)
        elif self._is_preparing:
            self._is_preparing = False
            self._notices.clear()

    def _on_ended(self) -> None:
        if self._is_preparing:
            self._is_preparing = False
            self._notices.clear()
        if not self._chore.is_busy:
            self._name = ""
            self._voices.show_heard("")

    def _on_failed(self, words: str) -> None:
        self._is_preparing = False
        self._on_ended()
        self._notices.warn(words)
