"""Finds what keeps the window's thread so busy that it answers nobody."""

import contextlib
import sys
import threading
import time
import traceback

from PySide6.QtCore import QTimer

EVERY_MS = 5
LONGEST = 0.05  # seconds of processor time
LOOK_EVERY = 0.01


class LoopWatch:
    """Measures the processor time that the window's thread takes between two beats of a timer of 5 ms.

    No beat comes while a handler is at work, so a handler that takes long makes a long gap. It is counted in the
    thread's own time: a machine that is busy with something else lengthens nothing. What a test itself does in the
    same thread goes into `aside`. `longest` is the longest gap in seconds, `where` what was at work in it.
    """

    def __init__(self) -> None:
        self.longest, self.where = 0.0, ""
        self._thread = threading.get_ident()
        self._last = time.thread_time()
        self._seen = ""
        self._over = threading.Event()
        self._timer = QTimer()
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._beat)
        self._looker = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._last = time.thread_time()
        self._timer.start()
        self._looker.start()
        return self

    def __exit__(self, *_):
        self._timer.stop()
        self._over.set()
        self._looker.join()

    @contextlib.contextmanager
    def aside(self):
        """What is done in here is not the window's."""
        self._beat()
        try:
            yield
        finally:
            self._last, self._seen = time.thread_time(), ""

    def _beat(self):
        now = time.thread_time()
        if now - self._last > self.longest:
            self.longest, self.where = now - self._last, self._seen
        self._last, self._seen = now, ""

    def _look(self):
        clock = time.pthread_getcpuclockid(self._thread)
        while not self._over.wait(LOOK_EVERY):
            if time.clock_gettime(clock) - self._last > LONGEST / 2 and not self._seen:
                frame = sys._current_frames().get(self._thread)
                self._seen = "".join(traceback.format_stack(frame)[-8:])
