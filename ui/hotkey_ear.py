"""Keys that are heard beside the window, and handed over in its thread."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from rtvc.hotkeys.combination import Combination
from rtvc.hotkeys.listening import Listener, make_listener
from ui.background import Background

Make = Callable[[Mapping[str, Combination]], Listener]


class HotkeyEar(QObject):
    """Listens for one set of keys at a time.

    Signals: `opened(object)`, the actions whose keys another program has; `heard(str, bool)`, an action and whether
    its keys went down; `failed(str)`, why nothing is heard any more.
    """

    opened = Signal(object)
    heard = Signal(str, bool)
    failed = Signal(str)

    def __init__(self, make: Make = make_listener) -> None:
        super().__init__()
        self._make = make
        self._turn: _Turn | None = None
        self._background = Background("hotkeys")

    def listen(self, keys: Mapping[str, Combination]) -> None:
        """Listen for these keys and no others."""
        self.rest()
        if not keys:
            return
        turn = self._turn = _Turn()
        self._background.run(
            lambda: turn.run(lambda: self._make(keys), self), failed=lambda error: self.failed.emit(str(error))
        )

    def rest(self) -> None:
        """Listen for nothing; the keys are free for others soon."""
        if self._turn is not None:
            self._turn.end()
            self._turn = None

    def close(self, limit: float) -> bool:
        """Rest for ever; False where that takes longer than `limit` seconds."""
        self.rest()
        return self._background.close(limit)


class _Turn:
    """One listener, made and run in the background, ended from the window's thread."""

    def __init__(self) -> None:
        self._listener: Listener | None = None
        self._is_over = False

    def run(self, make: Callable[[], Listener], ear: HotkeyEar) -> None:
        listener = self._listener = make()
        if not self._is_over:
            listener.run(ear.opened.emit, ear.heard.emit)

    def end(self) -> None:
        self._is_over = True
        if self._listener is not None:
            self._listener.close()
