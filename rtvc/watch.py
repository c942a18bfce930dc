"""A thread that keeps an eye on the sound server for the audio process."""

import threading
from collections.abc import Mapping

from rtvc.errors import DeviceError
from rtvc.pulse import Placement, PulseServer, View

PERIOD = 0.3  # seconds between two looks while nothing happens
RETRY = 0.1  # seconds between two attempts to reach a server
SLOWNESS = 16  # looks that an average of the waits goes back


class Watch:
    """Looks at the server whenever devices or streams come, go or move, and now and then in between.

    `view` is the newest look, None before the first. `waits` are the streams' waits by port in seconds, averaged,
    as a single look catches the server in the middle of a block.
    """

    def __init__(self, process: int) -> None:
        self._process = process
        self._stopping = threading.Event()
        self._counts: dict[str, int] = {}
        self.view: View | None = None
        self.waits: dict[str, float] = {}
        self._thread = threading.Thread(target=self._run, name="sound server watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End soon; a server that hangs is not waited for."""
        self._stopping.set()
        self._thread.join(2 * PERIOD)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._follow(PulseServer("rtvc watch"))
            except DeviceError:
                self.view = View()
                self._average({})
                self._stopping.wait(RETRY)

    def _follow(self, server: PulseServer) -> None:
        try:
            server.watch()
            while not self._stopping.is_set():
                view = server.look(self._process)
                self._average(view.placements)
                self.view = view
                server.wait(PERIOD)
        finally:
            server.close()

    def _average(self, placements: Mapping[str, Placement]) -> None:
        for port in set(self.waits) - set(placements):
            del self.waits[port], self._counts[port]
        for port, placement in placements.items():
            count = self._counts[port] = min(self._counts.get(port, 0) + 1, SLOWNESS)
            before = self.waits.get(port, 0.0)
            self.waits[port] = before + (placement.wait - before) / count
