"""What the notice bar says, and what its button does."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from ui.language import translate
from ui.notice_bar import NoticeBar


class Notices(QObject):
    """One notice at a time; the newest counts.

    Signals: none.
    """

    def __init__(self, bar: NoticeBar) -> None:
        super().__init__()
        self._bar = bar
        self._act: Callable[[], object] | None = None
        bar.action_asked.connect(self._on_action_asked)

    def say(self, words: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """Tell that something has happened, and offer to do something about it."""
        self._act = act
        self._bar.say(_sentence(words), action)

    def warn(self, words: str, action: str = "", act: Callable[[], object] | None = None) -> None:
        """Tell that something could not be done."""
        self._act = act
        self._bar.say(_sentence(words), action, mood="warning")

    def follow(self, words: str, part: float, cancel: Callable[[], None]) -> None:
        """Tell how far something is, and offer to end it."""
        self._act = cancel
        self._bar.say(_sentence(words), translate("rtvc", "Cancel"), part)

    def clear(self) -> None:
        """Say nothing any more."""
        self._act = None
        self._bar.hide()

    def _on_action_asked(self) -> None:
        act, self._act = self._act, None
        if act is not None:
            self._bar.hide()
            act()


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
