"""The rings of one run of a session, and the files that are written from them."""

from pathlib import Path

from rtvc.ring import Ring
from rtvc.tape import Tape

RING_SECONDS = 4.0


class RunRings:
    """Makes rings and tapes, and lets go of all of them together."""

    def __init__(self) -> None:
        self._rings: list[Ring] = []
        self._tapes: list[Tape] = []

    def ring(self, rate: int) -> Ring:
        """Return a new ring for samples at a rate in Hz."""
        self._rings.append(Ring.create(round(RING_SECONDS * rate)))
        return self._rings[-1]

    def recorded(self, path: Path | None, rate: int) -> str | None:
        """Return the name of a new ring whose samples go to a file, None for no file; AudioFileError where none can be.

        `turn` is to be called often enough for the ring not to be full.
        """
        if path is None:
            return None
        ring = self.ring(rate)
        self._tapes.append(Tape(path, rate, ring))
        return ring.name

    @property
    def fault(self) -> str:
        """Why a file is no longer written, empty while all are."""
        return next((tape.fault for tape in self._tapes if tape.fault), "")

    def turn(self) -> None:
        """Write what has come."""
        for tape in self._tapes:
            tape.turn()

    def close(self) -> None:
        """Finish the files and free the memory."""
        for tape in self._tapes:
            tape.close()
        for ring in self._rings:
            ring.close()
