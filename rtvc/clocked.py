"""An output that plays to nobody, in real time."""

import threading
from collections.abc import Callable
from time import monotonic, sleep

import numpy as np

from rtvc.resample import Samples

FORGOTTEN = 0.5  # seconds behind the clock from which on it does not catch up


class ClockedOutput:
    """Asks for a block whenever one would have been played."""

    def __init__(self, on_block: Callable[[Samples, float, bool], None], rate: int, block: int) -> None:
        """`on_block(samples [n], now, missed)` fills a block of that many samples at `rate`."""
        self._on_block, self._period = on_block, block / rate
        self._samples: Samples = np.zeros(block, np.float32)
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="clocked output", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._stopping = True
        self._thread.join(1.0)

    def _run(self) -> None:
        due = monotonic()
        while not self._stopping:
            now = monotonic()
            if now - due > FORGOTTEN:
                due = now
            if now < due:
                sleep(due - now)
            self._on_block(self._samples, monotonic(), False)
            due += self._period
