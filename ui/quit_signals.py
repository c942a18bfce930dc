"""Ctrl-C and the end of a desktop session close the window as a click would."""

import contextlib
import signal
import socket

from PySide6.QtCore import QObject, QSocketNotifier, Signal

HEARD = (signal.SIGINT, signal.SIGTERM)


class QuitSignals(QObject):
    """Turns the operating system's wish that the program ends into a Qt signal, however idle the window is.

    Signals: `asked`.
    """

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        for number in HEARD:
            signal.signal(number, lambda *_: None)  # the wake-up is the message
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)

    def close(self) -> None:
        """Leave the signals to the system again."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for number in HEARD:
            signal.signal(number, signal.SIG_DFL)
        self._reader.close()
        self._writer.close()

    def _on_woken(self) -> None:
        with contextlib.suppress(BlockingIOError):
            heard = self._reader.recv(64)
            if any(number in heard for number in HEARD):
                self.asked.emit()
