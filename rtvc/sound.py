"""All devices of a session, as the audio process sees them."""

import os
from functools import partial

from rtvc.intake import Intake
from rtvc.playout import Playout
from rtvc.port import BlockSide, Fault, Port
from rtvc.streams import OnBlock, SoundLibrary, Wish
from rtvc.watch import Watch

MOST_UNDER_WAY = 1.5  # blocks between the library and the server
RESTART_PAUSE = 2.0  # seconds between two restarts of the sound library


class Sound:
    """The ports of a session, the library that opens them, and the eye on the server.

    `has_server` tells whether a sound server named the devices; `block` is the devices' blocks in seconds.
    """

    def __init__(self, has_server: bool, block: float) -> None:
        """Start the sound library; DeviceError where it is missing."""
        self._library = SoundLibrary(has_server)
        self._has_server, self._block = has_server, block
        self._restarted = 0.0
        self._ports: dict[str, Port] = {}
        self._watch = Watch(os.getpid()) if has_server else None
        if self._watch is not None:
            self._watch.start()

    def add_input(self, device: str, rate: int, intake: Intake, playout: Playout) -> None:
        """Want a microphone; `playout` begins anew when it comes back."""
        opener = partial(self._library.open_input, self._wish("input", device, rate), intake.take)
        self._ports["input"] = Port("input", device, opener, intake, playout)

    def add_output(self, port: str, device: str, rate: int, on_block: OnBlock, side: BlockSide) -> None:
        """Want an output, whose blocks are filled by `on_block` on behalf of `side`."""
        opener = partial(self._library.open_output, self._wish(port, device, rate), on_block)
        self._ports[port] = Port(port, device, opener, side)

    def tick(self, now: float) -> None:
        """Look after every port."""
        view = self._watch.view if self._watch is not None else None
        if self._watch is not None and view is None:
            return
        for port in self._ports.values():
            port.tick(now, view)
        self._restart_library(now)

    def close(self) -> None:
        """Close every stream; HungError when one does not close."""
        if self._watch is not None:
            self._watch.stop()
        for port in self._ports.values():
            port.close()

    def flows(self, port: str) -> bool:
        """Whether samples pass there; a port that is not wanted is no hindrance."""
        return port not in self._ports or self._ports[port].is_flowing

    @property
    def is_misplaced(self) -> bool:
        """Whether the server has a stream where nothing must be heard of it."""
        return any(port.is_misplaced for name, port in self._ports.items() if name != "monitor")

    @property
    def faults(self) -> dict[str, Fault | None]:
        """What is wrong, by port."""
        return {name: port.fault for name, port in self._ports.items()}

    @property
    def input_wait(self) -> float:
        """Seconds from the sound to the end of a punctual block, as the server says, or else the library."""
        if "input" not in self._ports:
            return 0.0
        if self._watch is not None:
            return self._watch.waits.get("input", 0.0)
        return max(self._ports["input"].wait - self._block, 0.0)

    @property
    def output_wait(self) -> float:
        """Seconds from a block's callback to the sound of its first sample.

        The server tells what it holds, of any sample on average. The library tells what is under way to it too,
        a block more after a gap, but now and then nonsense: it counts where it goes together with the server's word.
        """
        if "output" not in self._ports:
            return 0.0
        told = self._ports["output"].wait
        if self._watch is None:
            return told
        view = self._watch.view
        placement = view.placements.get("output") if view is not None else None
        head_start = placement.head_start if placement is not None else 0.0
        held = self._watch.waits.get("output", told) - self._block / 2
        is_credible = abs(told - held) < MOST_UNDER_WAY * self._block
        return max((told if is_credible else held) - head_start, 0.0)

    def _wish(self, port: str, device: str, rate: int) -> Wish:
        return Wish(port, device, rate, round(self._block * rate))

    def _restart_library(self, now: float) -> None:
        """Let the library look for devices again where it refuses one, which it only can with all closed."""
        needed = [port for name, port in self._ports.items() if name != "monitor"]
        refused = any(port.fault is not None and port.fault.kind == "refused" for port in needed)
        kept = self._has_server and any(port.is_flowing for port in needed)
        if not refused or kept or now - self._restarted < RESTART_PAUSE:
            return
        self._restarted = now
        for port in self._ports.values():
            port.close()
        self._library.restart()
