"""Writes what is heard or played to a file, from a ring and at leisure."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rtvc.resample import Samples
    from rtvc.ring import Ring


class Tape:
    """The reading side of a ring that samples are copied to."""

    def __init__(self, path: Path, rate: int, ring: "Ring") -> None:
        """Create the file; AudioFileError where that cannot be."""
        import numpy as np  # late: a session that records nothing does without

        from rtvc.flac_recorder import new_recorder

        self._recorder = new_recorder(path, rate)
        self._ring = ring
        self._samples: Samples = np.zeros(rate, np.float32)

    @property
    def fault(self) -> str:
        """Why recording has stopped, empty while it goes on."""
        return self._recorder.fault

    def turn(self) -> None:
        """Write what has come."""
        while self._ring.fill:
            missing = self._ring.read_into(self._samples)
            self._recorder.write(self._samples[: len(self._samples) - missing])

    def close(self) -> None:
        """Finish the file."""
        self.turn()
        self._recorder.close()
